/**
 * What the corpus teaches about words: which there are, how rare each is, and in which directions
 * they are used alike. A model is frozen once made: papers that come later are folded into it, so
 * that what a paper means does not change with tomorrow's papers.
 */
import { findDirections, type SparseRows } from './latent.ts';
import { stem } from './stem.ts';
import { wordsOf } from './terms.ts';

export type MeaningModel = {
  /** Stems, the most frequent first; a term's number is its place. At most 65,536. */
  readonly terms: readonly string[];
  /** How the term is mostly written, for suggestions. */
  readonly surfaces: readonly string[];
  /** In how many papers each term occurs. */
  readonly frequencies: Uint32Array;
  /** Papers the model was made from. */
  readonly papers: number;
  /** Mean of the papers' lengths, in counted terms. */
  readonly averageLength: number;
  readonly dims: number;
  /** `dims` numbers for each term. */
  readonly basis: Float32Array;
};

/** A paper in the terms of a model. */
export type FoldedPaper = {
  /** Numbers of its terms, each once. */
  readonly terms: Uint16Array;
  /** How often each occurs; a word of the title counts `titleWeight` times. */
  readonly counts: Uint8Array;
  /** Its latent vector, the largest component at ±127; only the direction tells. */
  readonly vector: Int8Array;
};

export type PaperText = { readonly title: string; readonly abstract: string };

// docs/decisions/040: on the labelled topics 160 directions find as much as 200, 128 a little less.
const mostDims = 160;
const titleWeight = 3;
const mostTerms = 30_000;
/** More papers teach nothing more about words, and take longer. */
const mostRows = 20_000;
/** In a large corpus a word in fewer papers than this is too rare to learn from. */
const rarestOfMany = 5;
const iterations = 3;

/** Fewer papers than this have no structure to find. */
export const fewestPapers = 30;

type Counted = { readonly ids: Uint32Array; readonly counts: Uint8Array };

export type Learned = {
  readonly model: MeaningModel;
  /** The papers it was made from, folded, in the order they were added. */
  readonly folded: () => Iterable<FoldedPaper>;
};

/** Collects papers one by one, then makes the model of them. */
export type Collector = {
  readonly add: (paper: PaperText) => void;
  /** `undefined` when there are too few papers. */
  readonly finish: (onProgress?: (done: number, of: number) => void) => Learned | undefined;
};

export const collectMeaning = (): Collector => {
  const numbers = new Map<string, number>();
  const byWord = new Map<string, number>();
  const surfaces: { word: string }[] = [];
  const frequencies: number[] = [];
  const papers: Counted[] = [];
  const numberOf = (word: string): number => {
    const known = byWord.get(word);
    if (known !== undefined) return known;
    const root = stem(word);
    const number = numbers.get(root) ?? numbers.size;
    if (number === numbers.size) {
      numbers.set(root, number);
      frequencies.push(0);
      surfaces.push({ word });
    }
    byWord.set(word, number);
    return number;
  };
  return {
    add: (paper) => {
      const counts = countWords(paper, numberOf);
      for (const id of counts.keys()) frequencies[id] = (frequencies[id] ?? 0) + 1;
      papers.push({
        ids: Uint32Array.from(counts.keys()),
        counts: Uint8Array.from(counts.values(), (count) => Math.min(count, 255)),
      });
    },
    finish: (onProgress) => {
      if (papers.length < fewestPapers) return undefined;
      for (const [word, id] of byWord) preferPlain(surfaces, id, word);
      return makeModel({ stems: [...numbers.keys()], surfaces, frequencies, papers }, onProgress);
    },
  };
};

// The shortest spelling of a stem is the one a reader would type.
const preferPlain = (surfaces: { word: string }[], id: number, word: string): void => {
  const known = surfaces[id];
  if (known && word.length < known.word.length) known.word = word;
};

const countWords = (
  { title, abstract }: PaperText,
  numberOf: (word: string) => number | undefined,
): Map<number, number> => {
  const counts = new Map<number, number>();
  const add = (text: string, weight: number): void => {
    for (const word of wordsOf(text)) {
      const id = numberOf(word);
      if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + weight);
    }
  };
  add(title, titleWeight);
  add(abstract, 1);
  return counts;
};

type Collected = {
  readonly stems: readonly string[];
  readonly surfaces: readonly { readonly word: string }[];
  readonly frequencies: readonly number[];
  readonly papers: readonly Counted[];
};

const makeModel = (
  { stems, surfaces, frequencies, papers }: Collected,
  onProgress?: (done: number, of: number) => void,
): Learned => {
  const rarest = papers.length > mostRows ? rarestOfMany : 2;
  const chosen = stems
    .map((_, id) => id)
    .filter((id) => (frequencies[id] ?? 0) >= rarest)
    .sort((a, b) => (frequencies[b] ?? 0) - (frequencies[a] ?? 0))
    .slice(0, mostTerms);
  const places = new Int32Array(stems.length).fill(-1);
  for (const [place, id] of chosen.entries()) places[id] = place;
  const kept = Uint32Array.from(chosen, (id) => frequencies[id] ?? 0);
  const rows = sampledRows(papers, places, kept);
  const dims = Math.max(2, Math.min(mostDims, Math.floor(papers.length / 4), chosen.length));
  const basis = findDirections(rows, {
    columns: chosen.length,
    dims,
    iterations,
    ...(onProgress && { onProgress }),
  });
  const total = papers.reduce((sum, { counts }) => sum + sumOf(counts), 0);
  const model = {
    terms: chosen.map((id) => stems[id] ?? ''),
    surfaces: chosen.map((id) => surfaces[id]?.word ?? ''),
    frequencies: kept,
    papers: papers.length,
    averageLength: total / papers.length,
    dims,
    basis,
  };
  return { model, folded: () => foldCounted(model, papers, places) };
};

function* foldCounted(
  model: MeaningModel,
  papers: readonly Counted[],
  places: Int32Array,
): Generator<FoldedPaper> {
  for (const { ids, counts } of papers) {
    const kept = [...ids.keys()].filter((i) => (places[ids[i] as number] as number) >= 0);
    const terms = Uint16Array.from(kept, (i) => places[ids[i] as number] as number);
    const keptCounts = Uint8Array.from(kept, (i) => counts[i] as number);
    yield { terms, counts: keptCounts, vector: project(model, terms, keptCounts) };
  }
}

const sumOf = (counts: Uint8Array): number => counts.reduce((sum, count) => sum + count, 0);

const sampledRows = (
  papers: readonly Counted[],
  places: Int32Array,
  frequencies: Uint32Array,
): SparseRows => {
  const step = Math.max(1, papers.length / mostRows);
  const columns: number[] = [];
  const values: number[] = [];
  const starts = [0];
  for (let at = 0; at < papers.length; at += step) {
    const { ids, counts } = papers[Math.floor(at)] as Counted;
    const from = columns.length;
    let square = 0;
    for (const [i, id] of ids.entries()) {
      const place = places[id] as number;
      if (place < 0) continue;
      const value = termWeight(counts[i] as number, frequencies[place] as number, papers.length);
      columns.push(place);
      values.push(value);
      square += value * value;
    }
    const norm = Math.sqrt(square) || 1;
    for (let i = from; i < values.length; i += 1) values[i] = (values[i] as number) / norm;
    starts.push(columns.length);
  }
  return {
    starts: Uint32Array.from(starts),
    columns: Uint16Array.from(columns),
    values: Float32Array.from(values),
  };
};

/** TF-IDF with the logarithm of the count: a word said ten times is not ten times the topic. */
export const termWeight = (count: number, frequency: number, papers: number): number =>
  (1 + Math.log(count)) * Math.log((papers + 1) / Math.max(frequency, 1));

/** Puts papers into a model's terms. Keep the folder: it remembers the words it has seen. */
export const createFolder = (model: MeaningModel): ((paper: PaperText) => FoldedPaper) => {
  const places = new Map(model.terms.map((term, place) => [term, place]));
  const byWord = new Map<string, number | undefined>();
  const numberOf = (word: string): number | undefined => {
    if (byWord.has(word)) return byWord.get(word);
    const place = places.get(stem(word));
    byWord.set(word, place);
    return place;
  };
  return (paper) => {
    const counted = countWords(paper, numberOf);
    const terms = Uint16Array.from(counted.keys());
    const counts = Uint8Array.from(counted.values(), (count) => Math.min(count, 255));
    return { terms, counts, vector: project(model, terms, counts) };
  };
};

const project = (model: MeaningModel, terms: Uint16Array, counts: Uint8Array): Int8Array => {
  const { dims, basis, frequencies, papers } = model;
  const sum = new Float64Array(dims);
  for (let i = 0; i < terms.length; i += 1) {
    const term = terms[i] as number;
    const weight = termWeight(counts[i] as number, frequencies[term] as number, papers);
    const base = term * dims;
    for (let d = 0; d < dims; d += 1)
      sum[d] = (sum[d] as number) + weight * (basis[base + d] as number);
  }
  return toBytes(sum);
};

/** A direction in bytes: the largest component becomes ±127. */
export const toBytes = (vector: ArrayLike<number>): Int8Array => {
  let largest = 0;
  for (let d = 0; d < vector.length; d += 1)
    largest = Math.max(largest, Math.abs(vector[d] as number));
  return Int8Array.from(vector, (value) =>
    largest === 0 ? 0 : Math.round((value / largest) * 127),
  );
};
