/**
 * How well papers answer what was asked, from 0 to 1. The words' own score (BM25) says which papers
 * surely do; what those have in common (their telling terms and their mean direction) finds the
 * others. Sources: S. Robertson, H. Zaragoza, "The probabilistic relevance framework" (2009);
 * J. Rocchio, "Relevance feedback in information retrieval" (1971). The constants were found on
 * labelled topics, see docs/decisions/040.
 */
import { termWeight } from './meaning.ts';
import type { MeaningIndex } from './meaning-index.ts';
import { coarseCosines, cosineAt, meanVector, termsOfSlot } from './meaning-look.ts';
import { type Asked, best, termScores, wordScores } from './scores.ts';
import { type Share, type Tuning, tuning } from './tuning.ts';

/** What belongs to a question, fixed by the papers the model was made from. */
export type Profile = {
  readonly asked: Asked;
  readonly share: Share;
  /** Telling terms with their weights. */
  readonly terms: ReadonlyMap<number, number>;
  readonly direction: Float32Array;
  /** What counts as full marks in each share. */
  readonly full: Share;
  /** A paper with this score or more belongs. */
  readonly threshold: number;
};

export type ScoredSlot = { readonly slot: number; readonly score: number };

// So many get a closer look, chosen by their words and the strongest directions.
const looked = 1_000;

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
  learn(index, asked, tuning)?.profile;

type Lesson = {
  readonly profile: Profile;
  /** The words' own score of every slot. */
  readonly words: Float32Array;
  /** A first look at every slot. */
  readonly rough: Float32Array;
};

const learn = (index: MeaningIndex, asked: Asked, tuned: Tuning): Lesson | undefined => {
  const words = wordScores(index, asked);
  const alive = (slot: number): boolean => index.alive[slot] === 1;
  const own = (slot: number): boolean => slot < index.frozen && alive(slot);
  // What is new to the corpus has only new papers to learn from.
  const known = best(words, tuned.firstHits, own);
  const teaches = known.length > 0 ? own : alive;
  const first = known.length > 0 ? known : best(words, tuned.firstHits, alive);
  if (first.length === 0) return undefined;
  const taught = profileOf(index, asked, first, words, tuned);
  const rough = roughScores(index, taught, words);
  const near = best(rough, looked, teaches);
  const round = settled(index, taught, near, words);
  const second = rank(index, round, near, words, tuned.secondHits).map(({ slot }) => slot);
  const taughtAgain = profileOf(index, asked, second, words, tuned);
  return { profile: settled(index, taughtAgain, near, words), words, rough };
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
  tuned: Tuning = tuning,
): Answer | undefined => {
  const lesson = learn(index, asked, tuned);
  if (!lesson) return undefined;
  const { profile, words, rough } = lesson;
  const alive = (slot: number): boolean => index.alive[slot] === 1;
  const allowed = passes ? (slot: number) => alive(slot) && passes(slot) : alive;
  if (passes && best(words, 1, allowed).length === 0) return undefined;
  const near = best(rough, Math.max(looked, limit), allowed);
  return { profile, ranked: rank(index, profile, near, words, limit) };
};

const profileOf = (
  index: MeaningIndex,
  asked: Asked,
  hits: readonly number[],
  words: Float32Array,
  tuned: Tuning,
): Profile => ({
  asked,
  share: tuned.words,
  terms: tellingTerms(index, hits, tuned.tellingTerms),
  direction: meanVector(index, hits),
  full: {
    words: hits.reduce((top, slot) => Math.max(top, words[slot] as number), 1e-9),
    terms: 1,
    direction: 1,
  },
  threshold: tuned.wordThreshold,
});

const tellingTerms = (
  index: MeaningIndex,
  slots: readonly number[],
  most: number,
): ReadonlyMap<number, number> => {
  const sums = new Map<number, number>();
  for (const slot of slots)
    for (const [term, weight] of termsOfSlot(index, slot))
      sums.set(term, (sums.get(term) ?? 0) + weight / slots.length);
  return new Map([...sums].sort((x, y) => y[1] - x[1] || x[0] - y[0]).slice(0, most));
};

// A look at every paper along the strongest directions; the best of them get a closer one.
const roughScores = (
  index: MeaningIndex,
  { share, full, terms, direction }: Profile,
  words: Float32Array | undefined,
): Float32Array => {
  // For words, their own score stands in: the terms of thirty papers are long to walk through.
  const rough = words ? new Float32Array(index.slots) : termScores(index, strongest(terms));
  const coarse = coarseCosines(index, direction);
  const perWord = share.words / full.words;
  for (let slot = 0; slot < index.slots; slot += 1)
    rough[slot] =
      perWord * (words?.[slot] ?? 0) +
      share.terms * (rough[slot] as number) +
      share.direction * Math.max(0, coarse[slot] as number);
  return rough;
};

/** Frequent terms have long lists and say little: a first look does without them. */
const termsOfFirstLook = 32;

const strongest = (terms: ReadonlyMap<number, number>): ReadonlyMap<number, number> =>
  new Map([...terms].sort((x, y) => y[1] - x[1]).slice(0, termsOfFirstLook));

/** The profile with full marks set to what the best of these slots have. */
const settled = (
  index: MeaningIndex,
  profile: Profile,
  slots: readonly number[],
  words: Float32Array,
): Profile => {
  const { terms, directions } = measureParts(index, profile, slots);
  const full = { ...profile.full, terms: 1e-9, direction: 1e-9 };
  for (const [i, slot] of slots.entries()) {
    full.terms = Math.max(full.terms, terms[i] as number);
    full.direction = Math.max(full.direction, directions[i] as number);
    full.words = Math.max(full.words, words[slot] as number);
  }
  return { ...profile, full };
};

type Measured = { readonly terms: Float64Array; readonly directions: Float64Array };

const measureParts = (
  index: MeaningIndex,
  profile: Profile,
  slots: readonly number[],
): Measured => {
  const dense = denseWeights(index, profile.terms);
  return {
    terms: Float64Array.from(slots, (slot) => cosineOfTerms(index, slot, dense)),
    directions: Float64Array.from(slots, (slot) =>
      Math.max(0, cosineAt(index, slot, profile.direction)),
    ),
  };
};

const rank = (
  index: MeaningIndex,
  profile: Profile,
  slots: readonly number[],
  words: Float32Array,
  limit: number,
): readonly ScoredSlot[] =>
  order(profile, slots, measureParts(index, profile, slots), words, limit);

const order = (
  profile: Profile,
  slots: readonly number[],
  { terms, directions }: Measured,
  words: Float32Array,
  limit: number,
): readonly ScoredSlot[] => {
  const scores = Float64Array.from(slots, (slot, i) =>
    mixed(profile, words[slot] as number, terms[i] as number, directions[i] as number),
  );
  // Sorting numbers is cheap, sorting all slots by them is not.
  const floor = scores.slice().sort()[Math.max(0, scores.length - limit)] ?? 0;
  return slots
    .map((slot, i) => ({ slot, score: scores[i] as number }))
    .filter(({ score }) => score >= floor)
    .sort((x, y) => y.score - x.score || x.slot - y.slot)
    .slice(0, limit);
};

const mixed = ({ share, full }: Profile, words: number, terms: number, direction: number): number =>
  share.words * Math.min(1, words / full.words) +
  share.terms * Math.min(1, terms / full.terms) +
  share.direction * Math.min(1, direction / full.direction);

const denseWeights = (index: MeaningIndex, weights: ReadonlyMap<number, number>): Float32Array => {
  const dense = new Float32Array(index.model.terms.length);
  for (const [term, weight] of weights)
    dense[term] =
      weight * termWeight(1, index.model.frequencies[term] as number, index.model.papers);
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
export const profileOfPaper = (
  index: MeaningIndex,
  slot: number,
  tuned: Tuning = tuning,
): Profile => ({
  asked: { terms: [], rare: [] },
  share: tuned.like,
  terms: termsOfSlot(index, slot),
  direction: meanVector(index, [slot]),
  full: { words: 1, terms: 1, direction: 1 },
  threshold: tuned.likeThreshold,
});

/** The papers most like one of them, best first, without itself. */
export const answerLike = (
  index: MeaningIndex,
  slot: number,
  limit: number,
  passes: (slot: number) => boolean,
  tuned: Tuning = tuning,
): Answer => {
  const profile = profileOfPaper(index, slot, tuned);
  const none = new Float32Array(index.slots);
  const others = (other: number): boolean =>
    other !== slot && index.alive[other] === 1 && passes(other);
  const near = best(roughScores(index, profile, undefined), Math.max(looked, limit), others);
  return { profile, ranked: rank(index, profile, near, none, limit) };
};

/** Scores single slots against a profile: for asking of one paper after another whether it belongs. */
export const createScorer = (index: MeaningIndex, profile: Profile): ((slot: number) => number) => {
  const dense = denseWeights(index, profile.terms);
  const words = profile.share.words === 0 ? undefined : wordScores(index, profile.asked);
  return (slot) =>
    mixed(
      profile,
      words?.[slot] ?? 0,
      cosineOfTerms(index, slot, dense),
      Math.max(0, cosineAt(index, slot, profile.direction)),
    );
};
