/** What a topic brought in the last seven days: for who is about to subscribe to it. */
import type { Db } from '../db/open.ts';
import { listNumbersListed } from '../db/papers.ts';
import type { QueryFault } from '../domain/query.ts';
import type { RankedPaper } from '../domain/trend.ts';
import { membershipOf } from './membership.ts';
import type { Ranking } from './ranking.ts';
import { resolveScope, type Scope } from './scope.ts';
import { withPapers } from './trending.ts';

export type TopicWeek =
  | {
      readonly kind: 'ok';
      readonly name: string;
      /** The week ends here: the moment ranked for. */
      readonly until: Date;
      /** Papers of the topic that became known in that week. */
      readonly papers: number;
      /** The best of them, as a digest would rank them. */
      readonly best: readonly RankedPaper[];
    }
  | { readonly kind: 'unknown-topic'; readonly slug: string }
  | { readonly kind: 'bad-query'; readonly fault: QueryFault };

const weekMs = 7 * 86_400_000;

/** A topic's or a query's week up to the ranking's moment, with its best `limit` papers. */
export const previewWeek = (db: Db, ranking: Ranking, scope: Scope, limit: number): TopicWeek => {
  const resolved = resolveScope(db, scope);
  if (resolved.kind !== 'ok') return resolved;
  const until = ranking.rankedAt.getTime();
  const ofTheWeek = listNumbersListed(db, until - weekMs, until);
  const members = resolved.query && membershipOf(db, resolved.query);
  const week = new Set(ofTheWeek.filter((number) => !members || members.has(number)));
  const best = ranking.papers.filter((paper) => week.has(paper.number)).slice(0, limit);
  return {
    kind: 'ok',
    name: resolved.name,
    until: ranking.rankedAt,
    papers: week.size,
    best: withPapers(
      db,
      best.map((paper) => ({ ...paper, ...ranking.explain(paper, members !== undefined) })),
    ),
  };
};
