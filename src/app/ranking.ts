/** The whole corpus ranked at one moment, once, and each topic's list picked from it. */
import { loadEvidence, newestFact, type PaperEvidence } from '../db/evidence.ts';
import { type Db, statement } from '../db/open.ts';
import type { Query } from '../domain/query.ts';
import { rankingMoment, type Scored, scorePaper } from '../domain/trend.ts';
import { membershipOf } from './membership.ts';

export type RankedNumber = Scored & { readonly number: number; readonly id: string };

export type Ranking = {
  readonly asOf: Date;
  /** The moment ranked for: `asOf`, or the newest fact of a corpus gone stale. */
  readonly rankedAt: Date;
  /** Best first. */
  readonly papers: readonly RankedNumber[];
};

/** Ranks every paper that could trend at `asOf`, by what was known then. */
export const rankCorpus = (db: Db, asOf: Date): Ranking => {
  const rankedAt = rankingMoment(asOf.getTime(), newestFact(db, asOf.getTime()));
  const papers = loadEvidence(db, asOf.getTime(), rankedAt)
    .map((evidence) => ({ evidence, scored: scorePaper(evidence, rankedAt) }))
    .sort(byScore)
    .map(({ evidence, scored }) => ({ ...scored, number: evidence.number, id: evidence.id }));
  return { asOf, rankedAt: new Date(rankedAt), papers };
};

type Candidate = { readonly evidence: PaperEvidence; readonly scored: Scored };

// Equal scores: the younger first; then by id, so that the order is the same on every machine.
const byScore = (a: Candidate, b: Candidate): number =>
  b.scored.score - a.scored.score ||
  (b.evidence.startedAt ?? 0) - (a.evidence.startedAt ?? 0) ||
  (a.evidence.id < b.evidence.id ? -1 : 1);

/** The best `limit` papers of a topic; without a query, of the whole corpus. */
export const selectTopic = (
  db: Db,
  ranking: Ranking,
  query: Query | undefined,
  limit: number,
): readonly RankedNumber[] => {
  if (!query) return ranking.papers.slice(0, limit);
  const members = membershipOf(db, query);
  const chosen: RankedNumber[] = [];
  for (const paper of ranking.papers) {
    if (chosen.length >= limit) break;
    if (members.has(paper.number)) chosen.push(paper);
  }
  return chosen;
};

const minuteMs = 60_000;

/**
 * Rankings for pages and feeds, which ask far more often than anything changes: the moment is
 * rounded down to the minute, and a ranking is kept until the minute or the corpus changes.
 */
export const createRankings = (db: Db): ((now: Date) => Ranking) => {
  let known: { key: string; ranking: Ranking } | undefined;
  return (now) => {
    const asOf = Math.floor(now.getTime() / minuteMs) * minuteMs;
    const key = `${asOf} ${corpusVersion(db)}`;
    if (known?.key !== key) known = { key, ranking: rankCorpus(db, new Date(asOf)) };
    return known.ranking;
  };
};

/** Changes whenever papers or signals are added or papers hidden. */
export const corpusVersion = (db: Db): string =>
  statement(
    db,
    `select coalesce((select max(id) from papers), 0) || '.' ||
       coalesce((select max(id) from signals), 0) || '.' ||
       (select count(*) from papers where hidden = 1)`,
  )
    .pluck()
    .get() as string;
