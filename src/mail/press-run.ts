/**
 * A form made ready to be copied. Links of one kind are all of one length, as are ranks of one digit:
 * where they go is a gap, written over once the whole run has been copied.
 */
import type { Form, Hole } from './press-form.ts';

/** What stands in gaps: a paper's place as it is and two columns wide, and the reader's links. */
export const gapNames = [
  ...(['rank', '', 'links.manage', 'links.unsubscribe'] as const),
  ...(['links.web', 'links.feed', 'links.react'] as const),
] as const;

/**
 * Encoded text for each of `gapNames`. As bytes: a link stands in a mail three times for each paper, and
 * to copy bytes takes a quarter of the time that writing a string does.
 */
export type GapTexts = readonly Buffer[];

/** Where nothing stands. */
export const noBytes = Buffer.alloc(0);

/**
 * Encoded text with gaps: in turns, the offset of one and the index of its name. A list of numbers, since
 * what lies apart in memory is fetched apart, and a day's blocks are more than a core keeps near.
 */
export type Run = { readonly bytes: Buffer; readonly gaps: readonly number[] };

/** A run, and after it holes, whose filling may be of any length, with other runs between them. */
export type SetForm = Run & {
  /** Empty in most papers, and in no frame. */
  readonly others: readonly (Run | Hole)[];
  /** How wide the gaps are, as `widthsOf` tells. */
  readonly widths: number;
  /** Bytes of the decoded text, the gaps included. */
  readonly size: number;
};

// A large number is memory of its own, and each of a mail's blocks is asked for its widths.
const numbered = new Map<number, number>();
const mostNumbered = 1_000;
let lastNumber = 0;

/** Of five such lengths one number can be made. */
const tooLong = 1_500;

/** The same small number for links of the same lengths; one of its own where a link is very long. */
export const widthsOf = (texts: GapTexts): number => {
  let lengths = 0;
  for (let at = 2; at < texts.length; at += 1) {
    const length = texts[at]?.length ?? 0;
    lengths = length < tooLong ? lengths * tooLong + length : Number.NaN;
  }
  const known = numbered.get(lengths);
  if (known !== undefined) return known;
  // Never a number again that was let go: forms set for it may still be there.
  lastNumber += 1;
  if (numbered.size >= mostNumbered) numbered.clear();
  if (!Number.isNaN(lengths)) numbered.set(lengths, lastNumber);
  return lastNumber;
};

/** The form with gaps as wide as the texts; `digits` are those of the rank, 0 outside of papers. */
export const setForm = (form: Form, digits: number, texts: GapTexts, widths: number): SetForm => {
  const known = form.set[digits];
  if (known?.widths === widths) return known;
  const made = gapped(form, texts, widths);
  form.set[digits] = made;
  return made;
};

const gapped = ({ pieces, bytes: size }: Form, texts: GapTexts, widths: number): SetForm => {
  const runs: (Run | Hole)[] = [];
  let run = emptyRun();
  let inGaps = 0;
  const endRun = (): void => {
    if (run.length > 0) runs.push({ bytes: Buffer.concat(run.parts), gaps: run.gaps });
    run = emptyRun();
  };
  const add = (part: Buffer): void => {
    run.parts.push(part);
    run.length += part.length;
  };
  for (const piece of pieces) {
    const name = 'name' in piece ? gapNames.indexOf(piece.name as (typeof gapNames)[number]) : -1;
    if (piece instanceof Uint8Array) add(piece);
    else if (name < 0) {
      endRun();
      runs.push(piece);
    } else {
      run.gaps.push(run.length, name);
      const text = texts[name] ?? noBytes;
      inGaps += text.length;
      add(text);
    }
  }
  endRun();
  const [first, ...rest] = runs;
  const { bytes, gaps } = first && 'gaps' in first ? first : { bytes: noBytes, gaps: [] };
  const others = first && 'gaps' in first ? rest : runs;
  return { bytes, gaps, others, widths, size: size + inGaps };
};

const emptyRun = () => ({
  parts: [] as Buffer[],
  gaps: [] as number[],
  length: 0,
});
