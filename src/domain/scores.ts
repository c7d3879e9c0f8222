/** Scores of every paper at once, and the best of them. */
import { termWeight } from './meaning.ts';
import type { MeaningIndex } from './meaning-index.ts';

/** A word the model does not know, with the slots of the papers that hold it. */
export type RareWord = { readonly slots: readonly number[] };

export type Asked = {
  /** Numbers of the words' terms. */
  readonly terms: readonly number[];
  readonly rare: readonly RareWord[];
};

// BM25's usual constants.
const k1 = 1.2;
const b = 0.75;

/** BM25 of every slot; nothing where no word occurs. */
export const wordScores = (index: MeaningIndex, { terms, rare }: Asked): Float32Array => {
  const scores = new Float32Array(index.slots);
  const { model, postings, lengths } = index;
  for (const term of terms) {
    const rarity = rarityOf(model.papers, model.frequencies[term] as number);
    for (const { starts, slots, counts } of postings)
      for (let i = starts[term] as number; i < (starts[term + 1] as number); i += 1) {
        const slot = slots[i] as number;
        const count = counts[i] as number;
        const damp = k1 * (1 - b + (b * (lengths[slot] as number)) / model.averageLength);
        scores[slot] = (scores[slot] as number) + (rarity * count * (k1 + 1)) / (count + damp);
      }
  }
  for (const { slots } of rare) {
    const rarity = rarityOf(model.papers, slots.filter((slot) => slot < index.frozen).length);
    for (const slot of slots) scores[slot] = (scores[slot] as number) + rarity;
  }
  return scores;
};

const rarityOf = (papers: number, frequency: number): number =>
  Math.log(1 + Math.max(papers - frequency + 0.5, 0) / (frequency + 0.5));

export const termScores = (
  index: MeaningIndex,
  weights: ReadonlyMap<number, number>,
): Float32Array => {
  const scores = new Float32Array(index.slots);
  const { model, postings, norms } = index;
  for (const [term, weight] of weights) {
    const frequency = model.frequencies[term] as number;
    const byCount = Float32Array.from(
      { length: 256 },
      (_, count) => weight * termWeight(Math.max(count, 1), frequency, model.papers),
    );
    for (const { starts, slots, counts } of postings)
      for (let i = starts[term] as number; i < (starts[term + 1] as number); i += 1) {
        const slot = slots[i] as number;
        scores[slot] = (scores[slot] as number) + (byCount[counts[i] as number] as number);
      }
  }
  for (let slot = 0; slot < index.slots; slot += 1)
    scores[slot] = (scores[slot] as number) / (norms[slot] as number);
  return scores;
};

/** The best `limit` slots of those that pass, best first; equal scores keep the older first. */
export const best = (
  scores: Float32Array,
  limit: number,
  passes?: (slot: number) => boolean,
): readonly number[] => {
  const floor = floorOf(scores, limit, passes);
  const slots: number[] = [];
  for (let slot = 0; slot < scores.length; slot += 1)
    if (
      (scores[slot] as number) > 0 &&
      (scores[slot] as number) >= floor &&
      (!passes || passes(slot))
    )
      slots.push(slot);
  return slots
    .sort((x, y) => (scores[y] as number) - (scores[x] as number) || x - y)
    .slice(0, limit);
};

const bins = 4_096;

// A score that at least `limit` slots reach, from a histogram: sorting all would take longer than
// scoring them.
const floorOf = (
  scores: Float32Array,
  limit: number,
  passes?: (slot: number) => boolean,
): number => {
  let top = 0;
  for (let slot = 0; slot < scores.length; slot += 1) top = Math.max(top, scores[slot] as number);
  if (top === 0) return 0;
  const counts = new Uint32Array(bins + 1);
  for (let slot = 0; slot < scores.length; slot += 1) {
    const score = scores[slot] as number;
    if (score <= 0 || (passes && !passes(slot))) continue;
    const bin = Math.floor((score / top) * bins);
    counts[bin] = (counts[bin] as number) + 1;
  }
  let reached = 0;
  for (let bin = bins; bin > 0; bin -= 1) {
    reached += counts[bin] as number;
    if (reached >= limit) return ((bin - 1) / bins) * top;
  }
  return 0;
};
