/** Why a paper is in a list, or why it is not. */
import { type Db, statement } from '../db/open.ts';
import { findPaper, type StoredPaper, visibleFrom } from '../db/papers.ts';
import { reasonOf } from '../domain/list.ts';
import type { QueryFault } from '../domain/query.ts';
import type { RankedPaper } from '../domain/trend.ts';
import { membershipOf } from './membership.ts';
import { type Placed, pickTopic, type Ranking } from './ranking.ts';
import { resolveScope, type Scope } from './scope.ts';
import { rankedOf } from './trending.ts';

export type Explanation =
  | { readonly kind: 'listed'; readonly name: string; readonly ranked: RankedPaper }
  | {
      readonly kind: 'not-listed';
      readonly name: string;
      readonly paper: StoredPaper;
      /** In plain words, the one that decides. */
      readonly reason: string;
      /** Its score, where it has one. */
      readonly ranked?: Omit<RankedPaper, 'rank'>;
    }
  | { readonly kind: 'unknown-paper'; readonly id: string }
  | { readonly kind: 'unknown-topic'; readonly slug: string }
  | { readonly kind: 'bad-query'; readonly text: string; readonly fault: QueryFault };

/** Explains a paper's place, or its absence, in the first `limit` of a scope. */
export const explainPaper = (
  db: Db,
  ranking: Ranking,
  scope: Scope,
  id: string,
  limit: number,
): Explanation => {
  const resolved = resolveScope(db, scope);
  if (resolved.kind !== 'ok') return resolved;
  const { name, query } = resolved;
  const paper = findPaper(db, id);
  if (!paper || isLater(db, paper, ranking.asOf)) return { kind: 'unknown-paper', id };
  const place = ranking.papers.find(({ number }) => number === paper.number);
  if (!place)
    return { kind: 'not-listed', name, paper, reason: 'its attention began more than 30 days ago' };
  const byField = query !== undefined;
  const scored = rankedOf(paper, ranking.explain(place, byField));
  const absent = (reason: string): Explanation => ({
    kind: 'not-listed',
    name,
    paper,
    reason,
    ranked: scored,
  });
  if (query && !membershipOf(db, query).has(paper.number))
    return absent(`it is not in the topic: it does not match "${name}"`);
  const { chosen, leftOut } = pickTopic(db, ranking, query, ranking.papers.length);
  const rule = leftOut.find((left) => left.paper.number === paper.number);
  if (rule) return absent(reasonOf(rule));
  const rank = chosen.findIndex(({ number }) => number === paper.number) + 1;
  if (rank <= limit) return { kind: 'listed', name, ranked: { rank, ...scored } };
  return absent(belowPhrase(rank, scored.score, chosen[limit - 1], limit));
};

// Known at all, but not at the moment asked for.
const isLater = (db: Db, paper: StoredPaper, asOf: Date): boolean => {
  const from =
    visibleFrom(paper) ??
    (statement(db, 'select visible_from from papers where id = ?')
      .pluck()
      .get(paper.number) as number);
  return from > asOf.getTime();
};

const belowPhrase = (
  rank: number,
  score: number,
  last: Placed | undefined,
  limit: number,
): string =>
  `it is number ${rank.toLocaleString('en')}; number ${limit} has ${(last?.score ?? 0).toFixed(2)} points to its ${score.toFixed(2)}`;
