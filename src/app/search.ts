import type { Db } from '../db/open.ts';
import { findPaper, listPapers } from '../db/papers.ts';
import type { Paper } from '../domain/paper.ts';
import { parseQuery, type QueryFault } from '../domain/query.ts';
import { findAlike } from './alike.ts';
import { type Hints, hintsFor } from './hints.ts';
import { findRelevant } from './relevance.ts';

export type SearchHit = { readonly rank: number; readonly paper: Paper; readonly score: number };

export type SearchOutcome =
  | { readonly kind: 'ok'; readonly papers: readonly SearchHit[]; readonly hints: Hints }
  | { readonly kind: 'bad-query'; readonly fault: QueryFault };

/** Papers by relevance alone, best first. */
export const searchPapers = (db: Db, text: string, limit: number): SearchOutcome => {
  const parsed = parseQuery(text);
  if (parsed.kind === 'fault') return { kind: 'bad-query', fault: parsed.fault };
  const hits = findRelevant(db, parsed.query, limit);
  return {
    kind: 'ok',
    papers: toHits(db, hits),
    hints: hintsFor(db, text, parsed.query, hits.length),
  };
};

/** Papers like one of the corpus, nearest first; `undefined` when that one is not known. */
export const similarPapers = (
  db: Db,
  id: string,
  limit: number,
): readonly SearchHit[] | undefined => {
  const paper = findPaper(db, id);
  if (!paper) return undefined;
  return toHits(db, findAlike(db, id, limit));
};

const toHits = (
  db: Db,
  hits: readonly { readonly number: number; readonly score: number }[],
): readonly SearchHit[] =>
  listPapers(
    db,
    hits.map((hit) => hit.number),
  ).map((paper, index) => ({
    rank: index + 1,
    paper,
    score: hits[index]?.score ?? 0,
  }));
