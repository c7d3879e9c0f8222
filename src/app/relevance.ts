/** Answering a query: exact parts by the full-text index, plain words and likenesses by meaning. */
import type { Db } from '../db/open.ts';
import { countMembers, type Hit, listByNames, searchIndex } from '../db/search.ts';
import { asksForLike, type Query, wantedTexts } from '../domain/query.ts';
import { type Answer, answerWords } from '../domain/relevance.ts';
import { wordsOf } from '../domain/terms.ts';
import { alikeWithoutMeaning, likeByWords, likeHits, ofTheBest } from './alike.ts';
import { byEmbeddings } from './by-embeddings.ts';
import { selectExactly } from './exact.ts';
import { type Meaning, openMeaning } from './meaning.ts';
import { askedOf, passesFor, planOf, rounded, toHits } from './meaning-ask.ts';

/** Papers by relevance, best first; scores from 0 to 1. */
export const findRelevant = (db: Db, query: Query, limit: number): readonly Hit[] =>
  byEmbeddings(db, findLocally(db, query, limit));

const findLocally = (db: Db, query: Query, limit: number): readonly Hit[] => {
  const meaning = openMeaning(db);
  if (!meaning) return searchWithoutMeaning(db, query, limit);
  const plan = planOf(query);
  const allowed = selectExactly(db, plan.filters);
  if (plan.like !== undefined) return likeHits(db, meaning, plan.like, limit, allowed);
  const texts = plan.words.length > 0 ? plan.words : wantedTexts(query);
  // "2024", "to use": nothing the model has an opinion on.
  if (texts.length > 0 && texts.every((text) => wordsOf(text).length === 0))
    return searchWithoutMeaning(db, query, limit);
  const answer = answerFor(db, meaning, texts, limit, allowed);
  const hits = answer ? toHits(meaning.index, answer) : [];
  if (plan.words.length === 0) return withRest(hits, allowed, limit);
  return withNamesakes(db, plan.words, hits, allowed, limit);
};

const answerFor = (
  db: Db,
  meaning: Meaning,
  texts: readonly string[],
  limit: number,
  allowed: ReadonlySet<number> | undefined,
): Answer | undefined => {
  const asked = askedOf(db, meaning, texts);
  const passes = allowed && passesFor(meaning.index, allowed);
  return asked && answerWords(meaning.index, asked, limit, passes);
};

// What the exact parts select but no word ranks (categories and authors alone, or papers too new
// to be folded in) follows, the newest first.
const withRest = (
  hits: readonly Hit[],
  allowed: ReadonlySet<number> | undefined,
  limit: number,
): readonly Hit[] => {
  if (!allowed || hits.length >= limit) return hits;
  const ranked = new Set(hits.map((hit) => hit.number));
  const rest = [...allowed].filter((number) => !ranked.has(number)).sort((a, b) => b - a);
  const score = hits.length === 0 ? 1 : 0;
  return [...hits, ...rest.map((number) => ({ number, score }))].slice(0, limit);
};

const mostNameWords = 4;

// Who searches for "bengio" means the author. Where more papers hold the words in their text than
// in their authors' names, the text is meant, and the namesakes come after what fits well.
const withNamesakes = (
  db: Db,
  words: readonly string[],
  hits: readonly Hit[],
  allowed: ReadonlySet<number> | undefined,
  limit: number,
): readonly Hit[] => {
  if (words.length > mostNameWords) return hits;
  const named = listByNames(db, words).filter((number) => !allowed || allowed.has(number));
  if (named.length === 0) return hits;
  const least = countHolders(db, words) < named.length ? 0.9 : 0.6;
  const scores = new Map(hits.map((hit) => [hit.number, hit.score]));
  for (const number of named)
    scores.set(number, rounded(least + (1 - least) * (scores.get(number) ?? 0)));
  return [...scores]
    .map(([number, score]) => ({ number, score }))
    .sort((a, b) => b.score - a.score || a.number - b.number)
    .slice(0, limit);
};

const countHolders = (db: Db, words: readonly string[]): number =>
  countMembers(db, { kind: 'all', of: words.map((text) => ({ kind: 'word', text })) });

const searchWithoutMeaning = (db: Db, query: Query, limit: number): readonly Hit[] => {
  const plan = planOf(query);
  if (!asksForLike(query)) return ofTheBest(searchIndex(db, query, limit));
  const allowed = selectExactly(db, plan.filters);
  const hits = plan.like === undefined ? [] : likeByWords(db, plan.like, alikeWithoutMeaning);
  const passing = hits.filter((hit) => !allowed || allowed.has(hit.number));
  return withRest(passing, plan.like === undefined ? allowed : undefined, limit);
};
