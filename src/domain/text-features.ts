/**
 * A paper as a list of numbers: words of title and abstract weighted by TF-IDF, categories, words of
 * the authors' comment, links named in the text, and the authors' record. Words are hashed
 * (Weinberger et al., Feature hashing, ICML 2009), so that no vocabulary has to be kept.
 *
 * Only what is in the paper itself at listing time may enter. `codeUrl` must not: sources that
 * feature papers are the ones that tell it, so it would give away who will be featured.
 */

export type Describable = {
  readonly title: string;
  readonly abstract: string;
  readonly authors: readonly string[];
  readonly categories: readonly string[];
  readonly comment?: string;
};

/** A sparse vector. */
export type Features = { readonly index: Uint32Array; readonly value: Float32Array };

const bits = 17;
/** Hashed features come first, then the numbers of the authors' record. */
export const hashedSize = 1 << bits;
export const recordSize = 6;
export const featureSize = hashedSize + recordSize;

/* How much facts weigh beside the words, whose vector has length 1. */
const factWeight = 0.2;
const recordWeight = 0.3;

/** FNV-1a, its high bits mixed in: 32 bits. */
export const hash32 = (text: string): number => {
  let hash = 2166136261;
  for (let i = 0; i < text.length; i += 1) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 16777619);
  }
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 12)) >>> 0;
};

const bucket = (text: string): number => hash32(text) >>> (32 - bits);

const stopWords = new Set(
  `a an and are as at be but by can for from has have in into is it its not of on or our such than
   that the their these they this to via was we were which with`.split(/\s+/),
);

export const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !stopWords.has(word));

const wordBuckets = (paper: Describable): Map<number, number> => {
  const counts = new Map<number, number>();
  const add = (token: string) => {
    const at = bucket(token);
    counts.set(at, (counts.get(at) ?? 0) + 1);
  };
  const title = wordsOf(paper.title);
  title.forEach((word, i) => {
    add(`title ${word}`);
    if (i > 0) add(`title ${title[i - 1]} ${word}`);
  });
  for (const word of new Set([...title, ...wordsOf(paper.abstract)])) add(`word ${word}`);
  return counts;
};

const authorBands = [1, 2, 4, 7, 12, 20];

const factsOf = (paper: Describable): readonly string[] => {
  const text = `${paper.abstract} ${paper.comment ?? ''}`;
  const facts = paper.categories.map((code, i) => `${i === 0 ? 'primary' : 'category'} ${code}`);
  for (const word of new Set(wordsOf(paper.comment ?? '')))
    if (!/^\d+$/.test(word)) facts.push(`comment ${word}`);
  if (!paper.comment) facts.push('no comment');
  const links = [
    ['code', /git(?:hub|lab)\.com/i],
    ['model', /huggingface\.co/i],
    ['page', /github\.io/i],
    ['link', /https?:\/\//i],
  ] as const;
  for (const [name, pattern] of links) if (pattern.test(text)) facts.push(`link ${name}`);
  // "Name: what it does" is how methods that want to be known are titled.
  if (/^[^:]{2,30}:/.test(paper.title)) facts.push('named');
  const band = authorBands.find((most) => paper.authors.length <= most) ?? 'many';
  return [...facts, `authors ${band}`];
};

/**
 * Words and facts hashed once; the weights that depend on the corpus are given later. Plain arrays,
 * since a corpus has millions of words.
 */
export type Hashed = {
  readonly words: Uint32Array;
  /** How often each occurs. */
  readonly counts: Uint8Array;
  readonly facts: Uint32Array;
};

export const hashPaper = (paper: Describable): Hashed => {
  const words = wordBuckets(paper);
  return {
    words: Uint32Array.from(words.keys()),
    counts: Uint8Array.from(words.values(), (count) => Math.min(count, 255)),
    facts: Uint32Array.from(factsOf(paper), bucket),
  };
};

/** In how many papers each hashed word occurs. */
export const countDocuments = (papers: readonly Hashed[]): Float32Array => {
  const counts = new Float32Array(hashedSize);
  for (const { words } of papers) for (const at of words) counts[at] = (counts[at] ?? 0) + 1;
  return counts;
};

/** Joins words (by TF-IDF, length 1), facts and record to one vector. */
export const toFeatures = (
  { words, counts, facts }: Hashed,
  inverse: Float32Array,
  record: readonly number[],
): Features => {
  const size = words.length + facts.length + recordSize;
  const index = new Uint32Array(size);
  const value = new Float32Array(size);
  let at = 0;
  let squares = 0;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? 0;
    const weight = (1 + Math.log(counts[at] ?? 1)) * (inverse[word] ?? 0);
    squares += weight * weight;
    index[at] = word;
    value[at] = weight;
  }
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let i = 0; i < at; i += 1) value[i] = (value[i] ?? 0) * scale;
  for (const fact of facts) {
    index[at] = fact;
    value[at++] = factWeight;
  }
  record.forEach((number, i) => {
    index[at] = hashedSize + i;
    value[at++] = recordWeight * number;
  });
  return { index, value };
};
