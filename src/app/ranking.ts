/** The whole corpus ranked at one moment, once, and each topic's list picked from it. */
import { loadEvidence, newestFact, type PaperEvidence } from '../db/evidence.ts';
import { findSketch } from '../db/models.ts';
import { type Db, statement } from '../db/open.ts';
import { dailyPace, hasStalled } from '../domain/attention.ts';
import { liftScore, liftsOf } from '../domain/fairness.ts';
import { type ListRuled, type PickedList, pickList } from '../domain/list.ts';
import type { Query } from '../domain/query.ts';
import { createStanding } from '../domain/standing.ts';
import {
  type Evidence,
  rankingMoment,
  type Scored,
  scoreOnly,
  scorePaper,
  type Yardstick,
} from '../domain/trend.ts';
import { membershipOf } from './membership.ts';
import { foreseenOf, type Learning, modelAtHand, modelInForce } from './models.ts';

/** A paper's place without the words for it. */
export type Placed = ListRuled & {
  readonly number: number;
  readonly score: number;
  readonly startedAt: number | undefined;
  readonly field: string | undefined;
  readonly upvotes: number;
  readonly noticed: boolean;
  readonly chance: number;
};

export type RankedNumber = Placed & Scored;

export type Ranking = {
  readonly asOf: Date;
  /** The moment ranked for: `asOf`, or the newest fact of a corpus gone stale. */
  readonly rankedAt: Date;
  /** Best first. */
  readonly papers: readonly Placed[];
  /** Best first by what is unusual in each paper's own field: the order of a topic's list. */
  readonly byField: () => readonly Placed[];
  /** The parts of a paper's score, as one of everything or measured by its own field. */
  readonly explain: (paper: Placed, byField: boolean) => Scored;
};

/** Ranks every paper that could trend at `asOf`, by what was known then. */
export const rankCorpus = (db: Db, asOf: Date, learning: Learning = 'learned'): Ranking => {
  const rankedAt = rankingMoment(asOf.getTime(), newestFact(db, asOf.getTime()));
  const loaded = loadEvidence(db, asOf.getTime(), rankedAt);
  const { cut, growth } = learning === 'learned' ? modelInForce(db, asOf) : modelAtHand(db, asOf);
  const numbers = loaded.map(({ number }) => number);
  const foreseen = foreseenOf(db, cut, numbers, learning);
  const yardstick: Yardstick = {
    growth,
    standing: createStanding(loaded.flatMap((paper) => paceOf(paper, rankedAt))),
  };
  const evidence = new Map<number, Evidence>();
  const papers = loaded.map((paper): Placed => {
    const known: Evidence = { ...paper, ...(foreseen.get(paper.number) ?? unforeseen) };
    evidence.set(paper.number, known);
    return place(db, cut, paper, known, scoreOnly(known, rankedAt, yardstick));
  });
  papers.sort(byScore);
  const lifts = once(() => liftsOf(papers));
  return {
    asOf,
    rankedAt: new Date(rankedAt),
    papers,
    byField: once(() =>
      papers
        .map((paper) => {
          const plain = { score: paper.score, parts: [] };
          return { ...paper, score: liftScore(plain, paper, lifts()(paper.field)).score };
        })
        .sort(byScore),
    ),
    explain: (paper, byField) => {
      const scored = scorePaper(evidence.get(paper.number) as Evidence, rankedAt, yardstick);
      return byField ? liftScore(scored, paper, lifts()(paper.field)) : scored;
    },
  };
};

const unforeseen = { chance: 0, outlook: 1 };

const place = (
  db: Db,
  cut: number,
  { number, id, field, startedAt, attention, noticed }: PaperEvidence,
  { chance }: Evidence,
  score: number,
): Placed => ({
  number,
  id,
  score,
  field,
  startedAt,
  noticed,
  chance,
  upvotes: attention.upvotes?.total ?? 0,
  stalled: hasStalled(attention, startedAt),
  sketch: once(() => findSketch(db, cut, number)),
});

const hourMs = 3_600_000;

const paceOf = (paper: PaperEvidence, now: number): readonly { age: number; pace: number }[] => {
  const { startedAt, attention } = paper;
  if (startedAt === undefined || !attention.upvotes) return [];
  return [{ age: (now - startedAt) / hourMs, pace: dailyPace(attention.upvotes, startedAt) }];
};

/** Made when first asked for. */
export const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

// Equal scores: the younger first; then by id, so that the order is the same on every machine.
export const byScore = (a: Placed, b: Placed): number =>
  b.score - a.score || (b.startedAt ?? 0) - (a.startedAt ?? 0) || (a.id < b.id ? -1 : 1);

/** The best `limit` papers of a topic, and what a rule of the list left out. */
export const pickTopic = (
  db: Db,
  ranking: Ranking,
  query: Query | undefined,
  limit: number,
): PickedList<Placed> => {
  if (!query) return pickList(ranking.papers, () => true, limit);
  const members = membershipOf(db, query);
  return pickList(ranking.byField(), (paper) => members.has(paper.number), limit);
};

/** The best `limit` papers of a topic; without a query, of the whole corpus. */
export const selectTopic = (
  db: Db,
  ranking: Ranking,
  query: Query | undefined,
  limit: number,
): readonly RankedNumber[] =>
  pickTopic(db, ranking, query, limit).chosen.map((paper) => ({
    ...paper,
    ...ranking.explain(paper, query !== undefined),
  }));

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
    if (known?.key !== key) known = { key, ranking: rankCorpus(db, new Date(asOf), 'at-hand') };
    return known.ranking;
  };
};

/** Changes with the corpus and with each edition: with all that everybody is shown. */
export const contentVersion = (db: Db): string =>
  `${corpusVersion(db)}.${statement(db, 'select coalesce(max(id), 0) from editions').pluck().get()}`;

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
