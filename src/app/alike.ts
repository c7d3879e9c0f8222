/** Papers like one of the corpus. */
import type { Db } from '../db/open.ts';
import { findPaper } from '../db/papers.ts';
import { type Hit, searchIndex } from '../db/search.ts';
import { slotOf } from '../domain/meaning-index.ts';
import { answerLike, createScorer, profileOfPaper } from '../domain/relevance.ts';
import { likenessQuery } from '../domain/similar.ts';
import { byEmbeddings } from './by-embeddings.ts';
import { type Meaning, openMeaning } from './meaning.ts';
import { passesFor, rounded, toHits } from './meaning-ask.ts';

/** The numbers of the papers like one of them, which is not among them. */
export const likeHits = (
  db: Db,
  meaning: Meaning,
  id: string,
  limit: number,
  allowed: ReadonlySet<number> | undefined,
): readonly Hit[] => {
  const paper = findPaper(db, id);
  const slot = paper && slotOf(meaning.index, paper.number);
  if (!paper) return [];
  if (slot === undefined)
    return likeByWords(db, id, limit).filter((hit) => !allowed || allowed.has(hit.number));
  const passes = passesFor(meaning.index, allowed);
  return toHits(meaning.index, answerLike(meaning.index, slot, limit, passes));
};

export const likeByWords = (db: Db, id: string, limit: number): readonly Hit[] => {
  const paper = findPaper(db, id);
  const query = paper && likenessQuery(paper);
  if (!query) return [];
  const hits = searchIndex(db, query, limit + 1).filter((hit) => hit.number !== paper.number);
  return ofTheBest(hits.slice(0, limit));
};

/** Papers like one of the corpus, nearest first; the paper must be known. */
export const findAlike = (db: Db, id: string, limit: number): readonly Hit[] => {
  const meaning = openMeaning(db);
  const hits = meaning ? likeHits(db, meaning, id, limit, undefined) : likeByWords(db, id, limit);
  return byEmbeddings(db, hits, id);
};

// BM25 has no upper end: the best hit is the measure.
export const ofTheBest = (hits: readonly Hit[]): readonly Hit[] =>
  hits.map(({ number, score }) => ({ number, score: rounded(score / (hits[0]?.score || 1)) }));

/** How many papers count as alike while nothing but words can tell. */
export const alikeWithoutMeaning = 100;

/** The papers that belong to `like:`; the paper itself is one of them. */
export const likeMembers = (db: Db, id: string): ReadonlySet<number> => {
  const paper = findPaper(db, id);
  if (!paper) return new Set();
  const meaning = openMeaning(db);
  const slot = meaning && slotOf(meaning.index, paper.number);
  if (!meaning || slot === undefined)
    return new Set([
      paper.number,
      ...likeByWords(db, id, alikeWithoutMeaning).map((hit) => hit.number),
    ]);
  const { index } = meaning;
  const profile = profileOfPaper(index, slot);
  const scoreOf = createScorer(index, profile);
  const members = new Set([paper.number]);
  for (let other = 0; other < index.slots; other += 1)
    if (index.alive[other] === 1 && scoreOf(other) >= profile.threshold)
      members.add(index.numbers[other] as number);
  return members;
};
