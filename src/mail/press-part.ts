/** One part of a mail, HTML or text, printed: blocks joined in a frame, their holes filled. */
import { type Form, fillHole, type Hole, withRank } from './press-form.ts';
import type { Brief } from './render.ts';

/** What stands around the papers. */
export type Frame = { readonly before: Form; readonly after: Form };
/**
 * How a paper looks where it stands: templates may set the first and the last apart, and a heading
 * may stand above one.
 */
export type Place = 'only' | 'first' | 'middle' | 'last';
export type Places = (place: Place, isHeaded: boolean) => Form;
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
): Printed => {
  const printed: Printed = { encoded: '', bytes: 0 };
  // Some stand in every block.
  const fill: Fill = { part, values, once: new Map() };
  put(printed, frame.before, fill, '');
  for (const [index, { block, heading }] of papers.entries()) {
    const place = placeOf(index, papers.length);
    const form = block[part](place, Boolean(heading));
    put(printed, withRank(form, index + 1), fill, heading ?? '');
  }
  put(printed, frame.after, fill, '');
  return printed;
};

type Printed = { encoded: string; bytes: number };
type Fill = {
  readonly part: 'html' | 'text';
  readonly values: Readonly<Record<string, string>>;
  /** What has been filled already, of the holes that are the same all over the mail. */
  readonly once: Map<string, string>;
};

const put = (printed: Printed, form: Form, fill: Fill, heading: string): void => {
  printed.bytes += form.bytes;
  for (const piece of form.pieces) {
    if (typeof piece === 'string') printed.encoded += piece;
    else {
      const filled = fillOne(piece, fill, heading);
      printed.bytes += filled.length;
      printed.encoded += filled;
    }
  }
};

const fillOne = (hole: Hole, { part, values, once }: Fill, heading: string): string => {
  if ('wrap' in hole || hole.name === 'heading')
    return fillHole(hole, part, (name) => (name === 'heading' ? heading : (values[name] ?? '')));
  const known = once.get(hole.name);
  if (known !== undefined) return known;
  const filled = fillHole(hole, part, (name) => values[name] ?? '');
  once.set(hole.name, filled);
  return filled;
};

const placeOf = (index: number, count: number): Place => {
  if (count === 1) return 'only';
  if (index === 0) return 'first';
  return index === count - 1 ? 'last' : 'middle';
};
