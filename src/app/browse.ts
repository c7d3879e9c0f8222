/** Looking through the corpus: a query, a category and a span of days, in one of three orders. */
import type { Db } from '../db/open.ts';
import { listNewest } from '../db/papers.ts';
import type { Day, Paper } from '../domain/paper.ts';
import { parseQuery, type Query, type QueryFault } from '../domain/query.ts';
import type { Part, ToldPart } from '../domain/trend.ts';
import { type Hints, hintsFor } from './hints.ts';
import { membershipOf } from './membership.ts';
import { pickTopic, type Ranking } from './ranking.ts';
import { findRelevant } from './relevance.ts';
import { withPapers } from './trending.ts';

export type Order = 'relevance' | 'trending' | 'newest';

export type Browsed = {
  /** Empty means everything. */
  readonly text: string;
  readonly category?: string | undefined;
  /** The first and last day on which a paper may have become known. */
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
  readonly order: Order;
  readonly offset: number;
  readonly limit: number;
};

export type BrowseOutcome =
  | {
      readonly kind: 'ok';
      readonly papers: readonly { readonly paper: Paper; readonly parts?: readonly ToldPart[] }[];
      /** How many there are; nobody pages further than `mostFound`. */
      readonly total: number;
      readonly hints: Hints | undefined;
    }
  | { readonly kind: 'bad-query'; readonly fault: QueryFault };

/** As far as lists go. */
export const mostFound = 1_000;

export const browsePapers = (db: Db, ranking: Ranking, asked: Browsed): BrowseOutcome => {
  const parsed = asked.text === '' ? undefined : parseQuery(asked.text);
  if (parsed?.kind === 'fault') return { kind: 'bad-query', fault: parsed.fault };
  const query = narrowed(parsed?.query, asked.category);
  const found = inOrder(db, ranking, query, asked);
  const shown = found.slice(asked.offset, asked.offset + asked.limit);
  return {
    kind: 'ok',
    total: found.length,
    papers: withPapers(db, shown).map(({ paper, parts }) => ({
      paper,
      ...(parts.length > 0 && { parts }),
    })),
    hints: parsed && hintsFor(db, asked.text, parsed.query, found.length),
  };
};

const narrowed = (query: Query | undefined, category: string | undefined): Query | undefined => {
  if (category === undefined) return query;
  const within: Query = { kind: 'category', code: category };
  if (query === undefined) return within;
  return { kind: 'all', of: [...(query.kind === 'all' ? query.of : [query]), within] };
};

type Found = { readonly number: number; readonly score: number; readonly parts: readonly Part[] };

const inOrder = (
  db: Db,
  ranking: Ranking,
  query: Query | undefined,
  asked: Browsed,
): readonly Found[] => {
  const listed = newestFirst(db, asked);
  if (asked.order === 'trending') {
    const { chosen } = pickTopic(db, ranking, query, mostFound);
    const span = dated(asked) ? new Set(listed) : undefined;
    return chosen
      .filter(({ number }) => !span || span.has(number))
      .map((paper) => ({ ...paper, ...ranking.explain(paper, query !== undefined) }));
  }
  if (asked.order === 'relevance' && query) {
    const span = dated(asked) ? new Set(listed) : undefined;
    const hits = findRelevant(db, query, mostFound).filter(
      ({ number }) => !span || span.has(number),
    );
    return hits.map((hit) => ({ ...hit, parts: [] }));
  }
  const members = query && membershipOf(db, query);
  const found: Found[] = [];
  for (const number of listed) {
    if (found.length >= mostFound) break;
    if (!members || members.has(number)) found.push({ number, score: 0, parts: [] });
  }
  return found;
};

const dated = ({ from, to }: Browsed): boolean => from !== undefined || to !== undefined;

const dayMs = 86_400_000;

const newestFirst = (db: Db, { from, to }: Browsed): readonly number[] =>
  listNewest(
    db,
    from === undefined ? Number.MIN_SAFE_INTEGER : Date.parse(`${from}T00:00:00Z`),
    to === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(`${to}T00:00:00Z`) + dayMs - 1,
  );
