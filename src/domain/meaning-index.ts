/** Every paper in a model's terms, laid out so that a whole corpus is scored in milliseconds. */
import { type FoldedPaper, type MeaningModel, termWeight } from './meaning.ts';

export type IndexedPaper = FoldedPaper & {
  /** The corpus's own number for the paper. */
  readonly number: number;
};

/**
 * A paper's slot is its place in these columns. A paper folded anew gets a new slot; the old one
 * dies, and so does that of a hidden paper.
 */
export type MeaningIndex = {
  readonly model: MeaningModel;
  readonly slots: number;
  readonly numbers: Int32Array;
  readonly alive: Uint8Array;
  readonly slotOf: ReadonlyMap<number, number>;
  /** Slots below this were there when the model was made: what is measured on them stays. */
  readonly frozen: number;
  readonly starts: Uint32Array;
  readonly terms: Uint16Array;
  readonly counts: Uint8Array;
  readonly postStarts: Uint32Array;
  readonly postSlots: Uint32Array;
  readonly postCounts: Uint8Array;
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
const coarseDims = 32;
// Products of a byte and this stay far below 2³¹ when summed.
const wholeScale = 4_096;

/** Lays out papers, in the order they were folded. `hidden` holds numbers never to be found. */
export const layOut = (
  model: MeaningModel,
  papers: readonly IndexedPaper[],
  frozenNumber: number,
  hidden: ReadonlySet<number>,
): MeaningIndex => {
  const slots = papers.length;
  const starts = new Uint32Array(slots + 1);
  for (const [slot, paper] of papers.entries())
    starts[slot + 1] = (starts[slot] as number) + paper.terms.length;
  const size = starts[slots] as number;
  const terms = new Uint16Array(size);
  const counts = new Uint8Array(size);
  const vectors = new Int8Array(slots * model.dims);
  const coarse = new Int8Array(slots * coarseDims);
  const slotOf = new Map<number, number>();
  let frozen = 0;
  for (const [slot, paper] of papers.entries()) {
    terms.set(paper.terms, starts[slot]);
    counts.set(paper.counts, starts[slot]);
    vectors.set(paper.vector, slot * model.dims);
    coarse.set(paper.vector.subarray(0, coarseDims), slot * coarseDims);
    slotOf.set(paper.number, slot);
    if (paper.number <= frozenNumber && frozen === slot) frozen += 1;
  }
  const numbers = Int32Array.from(papers, (paper) => paper.number);
  const alive = Uint8Array.from(papers, ({ number }, slot) =>
    slotOf.get(number) === slot && !hidden.has(number) ? 1 : 0,
  );
  return {
    model,
    slots,
    numbers,
    alive,
    slotOf,
    frozen,
    starts,
    terms,
    counts,
    ...invert(model, starts, terms, counts),
    ...measure(model, starts, terms, counts),
    vectors,
    coarse,
    scales: scalesOf(vectors, slots, model.dims),
  };
};

const invert = (
  model: MeaningModel,
  starts: Uint32Array,
  terms: Uint16Array,
  counts: Uint8Array,
): Pick<MeaningIndex, 'postStarts' | 'postSlots' | 'postCounts'> => {
  const postStarts = new Uint32Array(model.terms.length + 1);
  for (const term of terms) postStarts[term + 1] = (postStarts[term + 1] as number) + 1;
  for (let term = 0; term < model.terms.length; term += 1)
    postStarts[term + 1] = (postStarts[term + 1] as number) + (postStarts[term] as number);
  const next = postStarts.slice();
  const postSlots = new Uint32Array(terms.length);
  const postCounts = new Uint8Array(terms.length);
  for (let slot = 0; slot + 1 < starts.length; slot += 1)
    for (let i = starts[slot] as number; i < (starts[slot + 1] as number); i += 1) {
      const term = terms[i] as number;
      const at = next[term] as number;
      next[term] = at + 1;
      postSlots[at] = slot;
      postCounts[at] = counts[i] as number;
    }
  return { postStarts, postSlots, postCounts };
};

const measure = (
  model: MeaningModel,
  starts: Uint32Array,
  terms: Uint16Array,
  counts: Uint8Array,
): Pick<MeaningIndex, 'lengths' | 'norms'> => {
  const slots = starts.length - 1;
  const lengths = new Float32Array(slots);
  const norms = new Float32Array(slots);
  // Counts are small and few: the logarithms are looked up.
  const logs = Float64Array.from({ length: 256 }, (_, count) => 1 + Math.log(Math.max(count, 1)));
  const rarity = Float64Array.from(model.frequencies, (frequency) =>
    termWeight(1, frequency, model.papers),
  );
  for (let slot = 0; slot < slots; slot += 1) {
    let length = 0;
    let square = 0;
    for (let i = starts[slot] as number; i < (starts[slot + 1] as number); i += 1) {
      const count = counts[i] as number;
      const weight = (logs[count] as number) * (rarity[terms[i] as number] as number);
      length += count;
      square += weight * weight;
    }
    lengths[slot] = length;
    norms[slot] = Math.sqrt(square) || 1;
  }
  return { lengths, norms };
};

const scalesOf = (vectors: Int8Array, slots: number, dims: number): Float32Array => {
  const scales = new Float32Array(slots);
  for (let slot = 0; slot < slots; slot += 1) {
    let square = 0;
    for (let d = slot * dims; d < (slot + 1) * dims; d += 1)
      square += (vectors[d] as number) * (vectors[d] as number);
    scales[slot] = square === 0 ? 0 : 1 / Math.sqrt(square);
  }
  return scales;
};

/** TF-IDF weights of one slot's terms, of length 1. */
export const termsOfSlot = (index: MeaningIndex, slot: number): ReadonlyMap<number, number> => {
  const { model, starts, terms, counts, norms } = index;
  const weights = new Map<number, number>();
  for (let i = starts[slot] as number; i < (starts[slot + 1] as number); i += 1) {
    const term = terms[i] as number;
    const frequency = model.frequencies[term] as number;
    const weight = termWeight(counts[i] as number, frequency, model.papers);
    weights.set(term, weight / (norms[slot] as number));
  }
  return weights;
};

/** Mean direction of some slots, of length 1 (or nothing but zeros). */
export const meanVector = (index: MeaningIndex, slots: readonly number[]): Float32Array => {
  const { dims } = index.model;
  const mean = new Float32Array(dims);
  for (const slot of slots)
    for (let d = 0; d < dims; d += 1)
      mean[d] =
        (mean[d] as number) +
        (index.vectors[slot * dims + d] as number) * (index.scales[slot] as number);
  const norm = Math.sqrt(mean.reduce((sum, value) => sum + value * value, 0)) || 1;
  return mean.map((value) => value / norm);
};

/** Cosine of a slot's vector with a direction of length 1. */
export const cosineAt = (index: MeaningIndex, slot: number, direction: Float32Array): number => {
  const { dims } = index.model;
  const base = slot * dims;
  const { vectors } = index;
  let sum = 0;
  for (let d = 0; d < dims; d += 1) sum += (vectors[base + d] as number) * (direction[d] as number);
  return sum * (index.scales[slot] as number);
};

/**
 * Roughly the cosine of every slot with a direction, along the strongest components only and in
 * whole numbers: a third of the memory to walk through, and no conversions on the way.
 */
export const coarseCosines = (index: MeaningIndex, direction: Float32Array): Float32Array => {
  const { coarse, scales } = index;
  const cosines = new Float32Array(index.slots);
  const whole = Int32Array.from(direction.subarray(0, coarseDims), (value) =>
    Math.round(value * wholeScale),
  );
  for (let slot = 0; slot < index.slots; slot += 1) {
    const base = slot * coarseDims;
    let even = 0;
    let odd = 0;
    // A small model's missing components are zeros in `coarse`.
    for (let d = 0; d < whole.length; d += 2) {
      even = (even + Math.imul(coarse[base + d] as number, whole[d] as number)) | 0;
      odd = (odd + Math.imul(coarse[base + d + 1] as number, whole[d + 1] as number)) | 0;
    }
    cosines[slot] = ((even + odd) * (scales[slot] as number)) / wholeScale;
  }
  return cosines;
};
