/**
 * Every paper in a model's terms, laid out so that a whole corpus is scored in milliseconds, and so
 * that a day's papers are added without laying out the others again.
 */
import { type FoldedPaper, type MeaningModel, termWeight } from './meaning.ts';

export type IndexedPaper = FoldedPaper & {
  /** The corpus's own number for the paper. */
  readonly number: number;
};

/** Which slots of a stretch hold each term, and how often. Term t stands at `starts[t]` to `starts[t + 1]`. */
export type Postings = {
  readonly fromSlot: number;
  readonly toSlot: number;
  readonly starts: Uint32Array;
  readonly slots: Uint32Array;
  readonly counts: Uint8Array;
};

/**
 * A paper's slot is its place in these columns. A paper folded anew gets a new slot; the old one
 * dies, and so does that of a hidden paper. Columns have room beyond `slots`: `appendPapers` writes
 * there and gives a new view of the same memory, so that a view once taken never changes.
 */
export type MeaningIndex = {
  readonly model: MeaningModel;
  readonly slots: number;
  readonly numbers: Int32Array;
  readonly alive: Uint8Array;
  /** By a paper's number its slot and 1; 0 where it has none. */
  readonly places: Int32Array;
  /** Slots below this were there when the model was made: what is measured on them stays. */
  readonly frozen: number;
  /** Grows whenever one of those dies or comes back: what was learned from them is then outdated. */
  readonly lessons: number;
  readonly starts: Uint32Array;
  readonly terms: Uint16Array;
  readonly counts: Uint8Array;
  /** Stretches of slots, one after the other. */
  readonly postings: readonly Postings[];
  readonly lengths: Float32Array;
  /** Euclidean lengths of the TF-IDF vectors. */
  readonly norms: Float32Array;
  readonly vectors: Int8Array;
  /** The first `coarseDims` components of each vector once more, side by side. */
  readonly coarse: Int8Array;
  /** A vector times its scale has length 1. */
  readonly scales: Float32Array;
};

/** Even, for the loop over them takes two at a time. */
export const coarseDims = 32;

/** A stretch of postings shorter than this is laid out anew with what is appended to it. */
const shortestStretch = 4_096;

/** An index of no papers. */
export const emptyIndex = (model: MeaningModel): MeaningIndex => ({
  model,
  slots: 0,
  numbers: new Int32Array(0),
  alive: new Uint8Array(0),
  places: new Int32Array(0),
  frozen: 0,
  lessons: 0,
  starts: new Uint32Array(1),
  terms: new Uint16Array(0),
  counts: new Uint8Array(0),
  postings: [],
  lengths: new Float32Array(0),
  norms: new Float32Array(0),
  vectors: new Int8Array(0),
  coarse: new Int8Array(0),
  scales: new Float32Array(0),
});

export const slotOf = (index: MeaningIndex, number: number): number | undefined => {
  const place = index.places[number] ?? 0;
  return place === 0 ? undefined : place - 1;
};

/**
 * A view that holds more papers, in the order they were folded. Append only to the newest view: an
 * older one's room is taken. Papers up to `frozenNumber` are the model's own.
 */
export const appendPapers = (
  index: MeaningIndex,
  papers: readonly IndexedPaper[],
  frozenNumber: number,
): MeaningIndex => {
  if (papers.length === 0) return index;
  const { dims } = index.model;
  const slots = index.slots + papers.length;
  const used = index.starts[index.slots] as number;
  const size = papers.reduce((sum, { terms }) => sum + terms.length, used);
  const grown = {
    ...index,
    slots,
    numbers: roomy(index.numbers, slots),
    starts: roomy(index.starts, slots + 1),
    terms: roomy(index.terms, size),
    counts: roomy(index.counts, size),
    lengths: roomy(index.lengths, slots),
    norms: roomy(index.norms, slots),
    vectors: roomy(index.vectors, slots * dims),
    coarse: roomy(index.coarse, slots * coarseDims),
    scales: roomy(index.scales, slots),
  };
  for (const [i, paper] of papers.entries()) writePaper(grown, index.slots + i, paper);
  measure(grown, index.slots);
  return {
    ...grown,
    ...place(index, papers),
    frozen: frozenOf(index, papers, frozenNumber),
    postings: posted(grown, index.postings),
  };
};

type Column = Int32Array | Uint32Array | Uint16Array | Uint8Array | Int8Array | Float32Array;

/** The column itself where it has room for `size`, else one with room for a quarter more. */
const roomy = <T extends Column>(column: T, size: number): T => {
  if (column.length >= size) return column;
  const larger = new (column.constructor as new (length: number) => T)(Math.ceil(size * 1.25));
  larger.set(column);
  return larger;
};

const writePaper = (index: MeaningIndex, slot: number, paper: IndexedPaper): void => {
  const start = index.starts[slot] as number;
  index.numbers[slot] = paper.number;
  index.starts[slot + 1] = start + paper.terms.length;
  index.terms.set(paper.terms, start);
  index.counts.set(paper.counts, start);
  index.vectors.set(paper.vector, slot * index.model.dims);
  index.coarse.set(paper.vector.subarray(0, coarseDims), slot * coarseDims);
};

const place = (
  { slots, alive, places, frozen, lessons: before }: MeaningIndex,
  papers: readonly IndexedPaper[],
): Pick<MeaningIndex, 'alive' | 'places' | 'lessons'> => {
  let lessons = before;
  const largest = papers.reduce((most, { number }) => Math.max(most, number), places.length - 1);
  const placed = new Int32Array(largest + 1);
  placed.set(places);
  const living = new Uint8Array(slots + papers.length).fill(1, slots);
  living.set(alive);
  for (const [i, { number }] of papers.entries()) {
    const old = (placed[number] as number) - 1;
    if (old >= 0) living[old] = 0;
    if (old >= 0 && old < frozen) lessons += 1;
    placed[number] = slots + i + 1;
  }
  return { alive: living, places: placed, lessons };
};

// A model's own papers were folded first, in the order of their numbers; one folded anew since
// breaks that order.
const frozenOf = (
  { frozen, slots, numbers }: MeaningIndex,
  papers: readonly IndexedPaper[],
  frozenNumber: number,
): number => {
  if (frozen < slots) return frozen;
  let last = slots === 0 ? -1 : (numbers[slots - 1] as number);
  const later = papers.findIndex(({ number }) => {
    if (number > frozenNumber || number <= last) return true;
    last = number;
    return false;
  });
  return slots + (later === -1 ? papers.length : later);
};

/** A view in which some papers are found, or not. */
export const withShown = (
  index: MeaningIndex,
  numbers: Iterable<number>,
  shown: boolean,
): MeaningIndex => {
  const alive = index.alive.slice();
  let { lessons } = index;
  for (const number of numbers) {
    const slot = slotOf(index, number);
    if (slot === undefined) continue;
    alive[slot] = shown ? 1 : 0;
    if (slot < index.frozen) lessons += 1;
  }
  return { ...index, alive, lessons };
};

const posted = (index: MeaningIndex, known: readonly Postings[]): readonly Postings[] => {
  const last = known.at(-1);
  const isShort = last !== undefined && last.toSlot - last.fromSlot < shortestStretch;
  const kept = isShort ? known.slice(0, -1) : known;
  return [...kept, invert(index, kept.at(-1)?.toSlot ?? 0)];
};

const invert = (
  { model, slots: toSlot, starts: papers, terms, counts: termCounts }: MeaningIndex,
  fromSlot: number,
): Postings => {
  const [from, to] = [papers[fromSlot] as number, papers[toSlot] as number];
  const starts = new Uint32Array(model.terms.length + 1);
  for (let i = from; i < to; i += 1) {
    const after = (terms[i] as number) + 1;
    starts[after] = (starts[after] as number) + 1;
  }
  for (let term = 0; term < model.terms.length; term += 1)
    starts[term + 1] = (starts[term + 1] as number) + (starts[term] as number);
  const next = starts.slice();
  const slots = new Uint32Array(to - from);
  const counts = new Uint8Array(to - from);
  for (let slot = fromSlot; slot < toSlot; slot += 1)
    for (let i = papers[slot] as number; i < (papers[slot + 1] as number); i += 1) {
      const term = terms[i] as number;
      const at = next[term] as number;
      next[term] = at + 1;
      slots[at] = slot;
      counts[at] = termCounts[i] as number;
    }
  return { fromSlot, toSlot, starts, slots, counts };
};

// Counts are small and few: the logarithms are looked up.
const logs = Float64Array.from({ length: 256 }, (_, count) => 1 + Math.log(Math.max(count, 1)));

const rarities = new WeakMap<MeaningModel, Float64Array>();

const rarityIn = (model: MeaningModel): Float64Array => {
  const known = rarities.get(model);
  if (known) return known;
  const made = Float64Array.from(model.frequencies, (frequency) =>
    termWeight(1, frequency, model.papers),
  );
  rarities.set(model, made);
  return made;
};

const measure = (index: MeaningIndex, fromSlot: number): void => {
  const { model, starts, terms, counts, vectors } = index;
  const rarity = rarityIn(model);
  for (let slot = fromSlot; slot < index.slots; slot += 1) {
    let length = 0;
    let square = 0;
    for (let i = starts[slot] as number; i < (starts[slot + 1] as number); i += 1) {
      const count = counts[i] as number;
      const weight = (logs[count] as number) * (rarity[terms[i] as number] as number);
      length += count;
      square += weight * weight;
    }
    index.lengths[slot] = length;
    index.norms[slot] = Math.sqrt(square) || 1;
    let norm = 0;
    for (let d = slot * model.dims; d < (slot + 1) * model.dims; d += 1)
      norm += (vectors[d] as number) * (vectors[d] as number);
    index.scales[slot] = norm === 0 ? 0 : 1 / Math.sqrt(norm);
  }
};
