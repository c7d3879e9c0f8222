/** One part of a mail, HTML or text, printed: blocks joined in a frame, their holes filled. */
import type { Galley } from './galley.ts';
import { type Form, fillHole } from './press-form.ts';
import { type GapTexts, noBytes, type Run, type SetForm, setForm, widthsOf } from './press-run.ts';
import { encodePiece, toBytes } from './quoted-printable.ts';
import type { Brief } from './render.ts';

/** What stands around the papers. */
export type Frame = { readonly before: Form; readonly after: Form };
/**
 * How a paper looks where it stands: templates may set the first and the last apart, a heading may
 * stand above one, and below its topic's name a paper says less of it.
 */
export type Place = 'only' | 'first' | 'middle' | 'last';
export type Places = {
  /** The form in a place, set when it is first asked for. */
  readonly form: (place: Place, isHeaded: boolean, isNamed: boolean) => Form;
  /** What was printed last in each of `placeSlots`: the shortest way to it. */
  readonly printed: (SetForm | undefined)[];
};
/** A paper as it stands in every mail of its edition. */
export type Block = Brief & {
  /** The name of the topic that brought it. */
  readonly topic: string;
  readonly html: Places;
  readonly text: Places;
};

/** A block in one mail, with the heading above it where a group begins. */
export type Placed = {
  readonly block: Block;
  readonly heading?: string | undefined;
  /** Whether it stands below its topic's name. */
  readonly named?: boolean | undefined;
};

/** What goes into the holes of one mail, by name, and into its gaps. */
export type Values = {
  readonly holes: Readonly<Record<string, string>>;
  readonly gaps: { readonly html: GapTexts; readonly text: GapTexts };
};

/** Puts a part into the galley; returns how many bytes it is when decoded, or a few more. */
export const printPart = (
  galley: Galley,
  frame: Frame,
  papers: readonly Placed[],
  part: 'html' | 'text',
  { holes, gaps }: Values,
): number => {
  // A paper's place is put before the links.
  const texts = gaps[part].slice();
  const fill: Fill = { part, holes, texts, widths: widthsOf(texts) };
  let bytes = put(galley, setForm(frame.before, 0, texts, fill.widths), fill, '');
  let rank = 0;
  for (const { block, heading = '', named = false } of papers) {
    const place = placeOf(rank, papers.length);
    rank += 1;
    const ranked = ranks[rank] ?? rankTexts(rank);
    texts[0] = ranked[0];
    texts[1] = ranked[1];
    const digits = rank < 10 ? 1 : 2;
    const set = formIn(block[part], place, heading !== '', named, digits, fill);
    bytes += put(galley, set, fill, heading);
  }
  return bytes + put(galley, setForm(frame.after, 0, texts, fill.widths), fill, '');
};

const formIn = (
  { printed, form }: Places,
  place: Place,
  isHeaded: boolean,
  isNamed: boolean,
  digits: number,
  { texts, widths }: Fill,
): SetForm => {
  const slot = slotOf(place, isHeaded, isNamed, digits);
  const known = printed[slot];
  if (known?.widths === widths) return known;
  const made = setForm(form(place, isHeaded, isNamed), digits, texts, widths);
  printed[slot] = made;
  return made;
};

/** Below `placeSlots`. */
const slotOf = (place: Place, isHeaded: boolean, isNamed: boolean, digits: number): number =>
  (placeNumber[place] << 3) | (isHeaded ? 4 : 0) | (isNamed ? 2 : 0) | (digits - 1);
const placeNumber: Readonly<Record<Place, number>> = { only: 0, first: 1, middle: 2, last: 3 };

/** How many places there are, by the digits of the rank, too. */
export const placeSlots = 32;

type Fill = {
  readonly part: 'html' | 'text';
  readonly holes: Readonly<Record<string, string>>;
  readonly texts: GapTexts;
  readonly widths: number;
};

const put = (galley: Galley, set: SetForm, fill: Fill, heading: string): number => {
  putRun(galley, set, fill.texts);
  return set.others.length === 0 ? set.size : set.size + putOthers(galley, set, fill, heading);
};

/** Returns how many bytes fill the holes. */
const putOthers = (
  galley: Galley,
  { others }: SetForm,
  { part, holes, texts }: Fill,
  heading: string,
): number => {
  const textOf = (name: string): string => (name === 'heading' ? heading : (holes[name] ?? ''));
  let bytes = 0;
  for (const run of others) {
    if ('gaps' in run) putRun(galley, run, texts);
    else {
      const filled = fillHole(run, part, textOf);
      galley.put(filled);
      bytes += filled.length;
    }
  }
  return bytes;
};

const putRun = (galley: Galley, { bytes, gaps }: Run, texts: GapTexts): void => {
  const from = galley.put(bytes);
  for (let gap = 0; gap < gaps.length; gap += 2)
    galley.putOver(texts[gaps[gap + 1] ?? 0] ?? noBytes, from + (gaps[gap] ?? 0));
};

/** A rank as it is, and two columns wide. */
const rankTexts = (rank: number): readonly [Buffer, Buffer] => [
  toBytes(encodePiece(String(rank))),
  toBytes(encodePiece(String(rank).padStart(2))),
];
/** Of the ranks that are asked for, thirty at most. */
const ranks = Array.from({ length: 40 }, (_, rank) => rankTexts(rank));

const placeOf = (index: number, count: number): Place => {
  if (count === 1) return 'only';
  if (index === 0) return 'first';
  return index === count - 1 ? 'last' : 'middle';
};
