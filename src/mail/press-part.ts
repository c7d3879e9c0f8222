/** One part of a mail, HTML or text, printed: blocks joined in a frame, their holes filled. */
import { remembered } from '../lib/remembered.ts';
import { type Form, fillHole } from './press-form.ts';
import { encodePiece } from './quoted-printable.ts';
import type { Brief } from './render.ts';

/** What stands around the papers. */
export type Frame = { readonly before: Form; readonly after: Form };
/**
 * How a paper looks where it stands: templates may set the first and the last apart, and a heading
 * may stand above one.
 */
export type Place = 'only' | 'first' | 'middle' | 'last';
export type Places = Readonly<Record<Place | `headed ${Place}`, Form>>;
/** A paper as it stands in every mail of its edition. */
export type Block = Brief & {
  /** The name of the topic that brought it. */
  readonly topic: string;
  readonly html: Places;
  readonly text: Places;
};

/** A block in one mail, with the heading above it where a group begins. */
export type Placed = { readonly block: Block; readonly heading?: string | undefined };

/** The part's encoded text, and how many bytes it is when decoded. */
export const printPart = (
  frame: Frame,
  papers: readonly Placed[],
  part: 'html' | 'text',
  values: Readonly<Record<string, string>>,
): { readonly encoded: string; readonly bytes: number } => {
  let encoded = '';
  let bytes = 0;
  // Some stand in every block.
  const filledOnce = new Map<string, string>();
  const textOf = (name: string): string => values[name] ?? '';
  const put = (form: Form, rank: number, heading = ''): void => {
    bytes += form.bytes;
    for (const piece of form.pieces) {
      const filled =
        typeof piece === 'string'
          ? piece
          : 'wrap' in piece || piece.name === 'heading'
            ? fillHole(piece, part, (name) => (name === 'heading' ? heading : textOf(name)))
            : (ranks[rank]?.[piece.name] ??
              remembered(filledOnce, 100, piece.name, () => fillHole(piece, part, textOf)));
      if (filled !== piece) bytes += filled.length;
      encoded += filled;
    }
  };
  put(frame.before, 0);
  for (const [index, { block, heading }] of papers.entries()) {
    const place = placeOf(index, papers.length);
    const where = heading ? (`headed ${place}` as const) : place;
    put(block[part][where], index + 1, heading);
  }
  put(frame.after, 0);
  return { encoded, bytes };
};

const placeOf = (index: number, count: number): Place => {
  if (count === 1) return 'only';
  if (index === 0) return 'first';
  return index === count - 1 ? 'last' : 'middle';
};

// Under the names of their holes: in the HTML, and in the text, where it is padded.
const ranks: readonly Readonly<Record<string, string>>[] = Array.from(
  { length: 101 },
  (_, rank) => ({
    rank: encodePiece(String(rank)),
    '': encodePiece(String(rank).padStart(2)),
  }),
);
