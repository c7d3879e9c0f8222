/** Looking at papers of an index: their terms, their directions, and how near these are. */
import { termWeight } from './meaning.ts';
import { coarseDims, type MeaningIndex } from './meaning-index.ts';

// Products of a byte and this stay far below 2³¹ when summed.
const wholeScale = 4_096;

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
