/** Help for a query that finds little: a word probably misspelt, a part that leaves nothing over. */
import type { Db } from '../db/open.ts';
import { listHolders } from '../db/search.ts';
import type { MeaningModel } from '../domain/meaning.ts';
import { partsOf, type Query, renderQuery, wantedTexts } from '../domain/query.ts';
import { type KnownWord, suggestWord } from '../domain/spelling.ts';
import { stem } from '../domain/stem.ts';
import { wordsOf } from '../domain/terms.ts';
import { type Meaning, openMeaning } from './meaning.ts';
import { membershipOf } from './membership.ts';

/** A query that would find papers, and how many. */
export type Alternative = { readonly query: string; readonly papers: number };

export type Hints = {
  /** The query with its unknown words as they are usually spelt. */
  readonly didYouMean?: string;
  /** The query without one of its parts, the most telling first. */
  readonly wouldMatch: readonly Alternative[];
};

/** Unknown words looked up; a query of fifty unknown words is no slip of the pen. */
const mostUnknown = 5;
const mostAlternatives = 4;
/** Taking a part away costs a search each. */
const mostParts = 12;

/** Hints for a query; `found` is how many papers it has found. */
export const hintsFor = (db: Db, text: string, query: Query, found: number): Hints => {
  const didYouMean = respelt(db, openMeaning(db), text, query);
  return {
    ...(didYouMean !== undefined && { didYouMean }),
    wouldMatch: found > 0 ? [] : alternatives(db, query),
  };
};

const respelt = (
  db: Db,
  meaning: Meaning | undefined,
  text: string,
  query: Query,
): string | undefined => {
  if (!meaning) return undefined;
  const { model } = meaning.index;
  const unknown = [...new Set(wantedTexts(query).flatMap(wordsOf))]
    .filter((word) => meaning.termOf(word) === undefined && listHolders(db, word).length === 0)
    .slice(0, mostUnknown);
  let spelt = text;
  for (const word of unknown) {
    const meant = nearestTo(model, word);
    if (meant !== undefined) spelt = spelt.replace(new RegExp(word, 'gi'), meant);
  }
  return spelt === text ? undefined : spelt;
};

// Usual spellings first; then stems, for an ending hides how near two words are.
const nearestTo = (model: MeaningModel, word: string): string | undefined => {
  const known = (words: readonly string[]): readonly KnownWord[] =>
    words.map((spelling, i) => ({ word: spelling, frequency: model.frequencies[i] ?? 0 }));
  const direct = suggestWord(word, known(model.surfaces));
  if (direct !== undefined) return direct;
  const root = suggestWord(stem(word), known(model.terms));
  return root === undefined ? undefined : model.surfaces[model.terms.indexOf(root)];
};

const alternatives = (db: Db, query: Query): readonly Alternative[] => {
  const parts = partsOf(query);
  if (parts.length < 2 || parts.length > mostParts) return [];
  return parts
    .map((_, left) => parts.filter((_, i) => i !== left))
    .filter((rest) => rest.some((part) => part.kind !== 'not'))
    .map((rest): Query => (rest.length === 1 && rest[0] ? rest[0] : { kind: 'all', of: rest }))
    .map((rest) => ({ query: renderQuery(rest), papers: membershipOf(db, rest).count() }))
    .filter(({ papers }) => papers > 0)
    .sort((a, b) => a.papers - b.papers)
    .slice(0, mostAlternatives);
};
