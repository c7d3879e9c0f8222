/**
 * How well papers answer what was asked, from 0 to 1. The words' own score (BM25) says which papers
 * surely do; what those have in common (their telling terms and their mean direction) finds the
 * others. Sources: S. Robertson, H. Zaragoza, "The probabilistic relevance framework" (2009);
 * J. Rocchio, "Relevance feedback in information retrieval" (1971). The constants were found on
 * labelled topics, see docs/decisions/040.
 */
import { termWeight } from './meaning.ts';
import { cosineAt, type MeaningIndex, meanVector, termsOfSlot } from './meaning-index.ts';

/** A word the model does not know, with the slots of the papers that hold it. */
export type RareWord = { readonly slots: readonly number[] };

export type Asked = {
  /** Numbers of the words' terms. */
  readonly terms: readonly number[];
  readonly rare: readonly RareWord[];
};

/** What belongs to a question, fixed by the papers the model was made from. */
export type Profile = {
  readonly asked: Asked;
  readonly share: { readonly words: number; readonly terms: number; readonly direction: number };
  /** Telling terms with their weights. */
  readonly terms: ReadonlyMap<number, number>;
  readonly direction: Float32Array;
  /** What counts as full marks in each share. */
  readonly full: { readonly words: number; readonly terms: number; readonly direction: number };
  /** A paper with this score or more belongs. */
  readonly threshold: number;
};

export type ScoredSlot = { readonly slot: number; readonly score: number };

const wordShare = { words: 0.3, terms: 0.2, direction: 0.5 } as const;
const likeShare = { words: 0, terms: 0.5, direction: 0.5 } as const;
/** First hits whose mean is asked next, in the first round and in the second. */
const firstHits = 30;
const secondHits = 20;
const mostTellingTerms = 100;
// The strongest directions alone say which papers are worth a closer look.
const coarseDims = 48;
const looked = 4_000;
const wordThreshold = 0.5;
const likeThreshold = 0.4;

// BM25's usual constants.
const k1 = 1.2;
const b = 0.75;

/** BM25 of every slot; nothing where no word occurs. */
const wordScores = (index: MeaningIndex, { terms, rare }: Asked): Float32Array => {
  const scores = new Float32Array(index.slots);
  const { model, postStarts, postSlots, postCounts, lengths } = index;
  for (const term of terms) {
    const rarity = rarityOf(model.papers, model.frequencies[term] as number);
    for (let i = postStarts[term] as number; i < (postStarts[term + 1] as number); i += 1) {
      const slot = postSlots[i] as number;
      const count = postCounts[i] as number;
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

const termScores = (index: MeaningIndex, weights: ReadonlyMap<number, number>): Float32Array => {
  const scores = new Float32Array(index.slots);
  const { model, postStarts, postSlots, postCounts, norms } = index;
  for (const [term, weight] of weights) {
    const frequency = model.frequencies[term] as number;
    const byCount = Float32Array.from(
      { length: 256 },
      (_, count) => weight * termWeight(Math.max(count, 1), frequency, model.papers),
    );
    for (let i = postStarts[term] as number; i < (postStarts[term + 1] as number); i += 1) {
      const slot = postSlots[i] as number;
      scores[slot] = (scores[slot] as number) + (byCount[postCounts[i] as number] as number);
    }
  }
  for (let slot = 0; slot < index.slots; slot += 1)
    scores[slot] = (scores[slot] as number) / (norms[slot] as number);
  return scores;
};

/** The best `limit` slots of those that pass, best first; equal scores keep the older first. */
const best = (
  scores: Float32Array,
  limit: number,
  passes: (slot: number) => boolean,
): readonly number[] => {
  const floor = floorOf(scores, limit, passes);
  const slots: number[] = [];
  for (let slot = 0; slot < scores.length; slot += 1)
    if ((scores[slot] as number) > 0 && (scores[slot] as number) >= floor && passes(slot))
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
  passes: (slot: number) => boolean,
): number => {
  let top = 0;
  for (let slot = 0; slot < scores.length; slot += 1) top = Math.max(top, scores[slot] as number);
  if (top === 0) return 0;
  const counts = new Uint32Array(bins + 1);
  for (let slot = 0; slot < scores.length; slot += 1) {
    const score = scores[slot] as number;
    if (score <= 0 || !passes(slot)) continue;
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

export type Answer = {
  readonly profile: Profile;
  /** Best first; only papers that pass the filter. */
  readonly ranked: readonly ScoredSlot[];
};

/**
 * What a question of words means, learned from the papers the model was made from and from nothing
 * that came later or else was asked. `undefined` when no paper holds any of the words.
 */
export const profileOfWords = (index: MeaningIndex, asked: Asked): Profile | undefined =>
  learn(index, asked, looked)?.profile;

type Lesson = {
  readonly profile: Profile;
  readonly words: Float32Array;
  /** Slots worth a closer look, whoever filters them later. */
  readonly near: readonly number[];
};

const learn = (index: MeaningIndex, asked: Asked, width: number): Lesson | undefined => {
  const words = wordScores(index, asked);
  const alive = (slot: number): boolean => index.alive[slot] === 1;
  const teaches = (slot: number): boolean => slot < index.frozen && alive(slot);
  // What is new to the corpus has only new papers to learn from.
  const known = best(words, firstHits, teaches);
  const first = known.length > 0 ? known : best(words, firstHits, alive);
  if (first.length === 0) return undefined;
  const taught = profileOf(index, asked, first, words);
  const near = nearest(index, taught, words, alive, width);
  const round = scoreSlots(index, taught, near, words);
  const second = round.ranked.filter(({ slot }) => teaches(slot)).slice(0, secondHits);
  if (second.length === 0) return { profile: round.profile, words, near };
  const slots = second.map(({ slot }) => slot);
  const { profile } = scoreSlots(index, profileOf(index, asked, slots, words), near, words);
  return { profile, words, near };
};

/**
 * Answers words: the best `limit` slots that pass. `undefined` when no paper that passes holds any
 * of the words.
 */
export const answerWords = (
  index: MeaningIndex,
  asked: Asked,
  limit: number,
  passes: ((slot: number) => boolean) | undefined,
): Answer | undefined => {
  const lesson = learn(index, asked, Math.max(looked, limit));
  if (!lesson) return undefined;
  const { profile, words, near } = lesson;
  const alive = (slot: number): boolean => index.alive[slot] === 1;
  const allowed = passes && ((slot: number) => alive(slot) && passes(slot));
  if (allowed && best(words, 1, allowed).length === 0) return undefined;
  const slots = allowed
    ? nearest(index, profile, words, allowed, Math.max(looked, limit))
    : near;
  return { profile, ranked: rank(index, profile, slots, words).slice(0, limit) };
};

const profileOf = (
  index: MeaningIndex,
  asked: Asked,
  hits: readonly number[],
  words: Float32Array,
): Profile => ({
  asked,
  share: wordShare,
  terms: tellingTerms(index, hits),
  direction: meanVector(index, hits),
  full: {
    words: hits.reduce((top, slot) => Math.max(top, words[slot] as number), 1e-9),
    terms: 1,
    direction: 1,
  },
  threshold: wordThreshold,
});

const tellingTerms = (
  index: MeaningIndex,
  slots: readonly number[],
): ReadonlyMap<number, number> => {
  const sums = new Map<number, number>();
  for (const slot of slots)
    for (const [term, weight] of termsOfSlot(index, slot))
      sums.set(term, (sums.get(term) ?? 0) + weight / slots.length);
  return new Map([...sums].sort((x, y) => y[1] - x[1] || x[0] - y[0]).slice(0, mostTellingTerms));
};

// A look at every paper along the strongest directions; the best of them get a closer one.
const nearest = (
  index: MeaningIndex,
  profile: Profile,
  words: Float32Array,
  passes: (slot: number) => boolean,
  limit: number,
): readonly number[] => {
  const { share, full, direction } = profile;
  const dims = Math.min(coarseDims, index.model.dims);
  const rough = termScores(index, profile.terms);
  for (let slot = 0; slot < index.slots; slot += 1)
    rough[slot] =
      (share.words * (words[slot] as number)) / full.words +
      share.terms * (rough[slot] as number) +
      share.direction * Math.max(0, cosineAt(index, slot, direction, dims));
  return best(rough, limit, passes);
};

type Parts = { readonly slot: number; readonly terms: number; readonly direction: number };

const measureParts = (
  index: MeaningIndex,
  profile: Profile,
  slots: readonly number[],
): readonly Parts[] => {
  const dense = denseWeights(index, profile.terms);
  return slots.map((slot) => {
    const [terms, direction] = partsOf(index, slot, profile, dense);
    return { slot, terms, direction };
  });
};

/** Scores slots exactly, and sets what full marks are: the best of the model's own papers. */
const scoreSlots = (
  index: MeaningIndex,
  profile: Profile,
  slots: readonly number[],
  words: Float32Array,
): Answer => {
  const parts = measureParts(index, profile, slots);
  const full = { ...profile.full, terms: 1e-9, direction: 1e-9 };
  for (const { slot, terms, direction } of parts) {
    if (slot >= index.frozen && index.frozen > 0) continue;
    full.terms = Math.max(full.terms, terms);
    full.direction = Math.max(full.direction, direction);
    full.words = Math.max(full.words, words[slot] as number);
  }
  const settled = { ...profile, full };
  return { profile: settled, ranked: order(settled, parts, words) };
};

const rank = (
  index: MeaningIndex,
  profile: Profile,
  slots: readonly number[],
  words: Float32Array,
): readonly ScoredSlot[] => order(profile, measureParts(index, profile, slots), words);

const order = (
  profile: Profile,
  parts: readonly Parts[],
  words: Float32Array,
): readonly ScoredSlot[] =>
  parts
    .map(({ slot, terms, direction }) => ({
      slot,
      score: mixed(profile, words[slot] as number, terms, direction),
    }))
    .sort((x, y) => y.score - x.score || x.slot - y.slot);

const mixed = (
  { share, full }: Profile,
  words: number,
  terms: number,
  direction: number,
): number =>
  share.words * Math.min(1, words / full.words) +
  share.terms * Math.min(1, terms / full.terms) +
  share.direction * Math.min(1, direction / full.direction);

const denseWeights = (
  index: MeaningIndex,
  weights: ReadonlyMap<number, number>,
): Float32Array => {
  const dense = new Float32Array(index.model.terms.length);
  for (const [term, weight] of weights)
    dense[term] = weight * termWeight(1, index.model.frequencies[term] as number, index.model.papers);
  return dense;
};

const logs = Float64Array.from({ length: 256 }, (_, count) => 1 + Math.log(Math.max(count, 1)));

const cosineOfTerms = (index: MeaningIndex, slot: number, dense: Float32Array): number => {
  const { starts, terms, counts, norms } = index;
  let sum = 0;
  for (let i = starts[slot] as number; i < (starts[slot + 1] as number); i += 1) {
    const weight = dense[terms[i] as number] as number;
    if (weight !== 0) sum += weight * (logs[counts[i] as number] as number);
  }
  return sum / (norms[slot] as number);
};

/** A paper as a question: its own terms and direction. */
export const profileOfPaper = (index: MeaningIndex, slot: number): Profile => ({
  asked: { terms: [], rare: [] },
  share: likeShare,
  terms: termsOfSlot(index, slot),
  direction: meanVector(index, [slot]),
  full: { words: 1, terms: 1, direction: 1 },
  threshold: likeThreshold,
});

/** The papers most like one of them, best first, without itself. */
export const answerLike = (
  index: MeaningIndex,
  slot: number,
  limit: number,
  passes: (slot: number) => boolean,
): Answer => {
  const profile = profileOfPaper(index, slot);
  const none = new Float32Array(index.slots);
  const others = (other: number): boolean =>
    other !== slot && index.alive[other] === 1 && passes(other);
  const near = nearest(index, profile, none, others, Math.max(looked, limit));
  const ranked = rank(index, profile, near, none);
  return { profile, ranked: ranked.slice(0, limit) };
};

const partsOf = (
  index: MeaningIndex,
  slot: number,
  profile: Profile,
  dense: Float32Array,
): [terms: number, direction: number] => [
  cosineOfTerms(index, slot, dense),
  Math.max(0, cosineAt(index, slot, profile.direction, index.model.dims)),
];

/** Scores single slots against a profile: for asking of one paper after another whether it belongs. */
export const createScorer = (
  index: MeaningIndex,
  profile: Profile,
): ((slot: number) => number) => {
  const dense = denseWeights(index, profile.terms);
  const words = profile.share.words === 0 ? undefined : wordScores(index, profile.asked);
  return (slot) => mixed(profile, words?.[slot] ?? 0, ...partsOf(index, slot, profile, dense));
};
