import type { Db } from '../db/open.ts';
import { findPaper, listPapers } from '../db/papers.ts';
import { searchIndex } from '../db/search.ts';
import type { Paper } from '../domain/paper.ts';
import { parseQuery, type QueryFault } from '../domain/query.ts';
import { likenessQuery } from '../domain/similar.ts';

export type SearchHit = { readonly rank: number; readonly paper: Paper; readonly score: number };

export type SearchOutcome =
  | { readonly kind: 'ok'; readonly papers: readonly SearchHit[] }
  | { readonly kind: 'bad-query'; readonly fault: QueryFault };

/** Papers by relevance alone, best first. */
export const searchPapers = (db: Db, text: string, limit: number): SearchOutcome => {
  const parsed = parseQuery(text);
  if (parsed.kind === 'fault') return { kind: 'bad-query', fault: parsed.fault };
  return { kind: 'ok', papers: toHits(db, searchIndex(db, parsed.query, limit)) };
};

/** Papers like one of the corpus, nearest first; `undefined` when that one is not known. */
export const similarPapers = (
  db: Db,
  id: string,
  limit: number,
): readonly SearchHit[] | undefined => {
  const paper = findPaper(db, id);
  if (!paper) return undefined;
  const query = likenessQuery(paper);
  if (!query) return [];
  const hits = searchIndex(db, query, limit + 1).filter((hit) => hit.number !== paper.number);
  return toHits(db, hits.slice(0, limit));
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
