/** Replaying the ledger: how well each ranker foresaw the attention of the days after. */
import { listPastPapers, loadHistories } from '../db/histories.ts';
import type { Db } from '../db/open.ts';
import {
  type Candidate,
  isScorable,
  listCandidates,
  listMoments,
  prepare,
  scoreMoment,
  topOf,
} from '../domain/backtest.ts';
import { makeRankers, type RankerName } from '../domain/rankers.ts';
import { createOutlooks, type Learned, learn } from './learn.ts';

/** What human curators picked for a span of days. */
export type WeeklyPick = {
  readonly periodStart: string;
  readonly periodEnd: string;
  readonly arxivId: string;
};

export type BacktestRow = {
  readonly ranker: RankerName;
  readonly ndcg10: number;
  readonly overlap10: number;
  /** Days with at least one scored moment. */
  readonly days: number;
  readonly moments: number;
  /** Of the week's picks among the candidates, the share in the top ten; with picks only. */
  readonly recall?: number;
};

export type Backtest = {
  readonly rows: readonly BacktestRow[];
  readonly learned: Learned;
};

export type BacktestRequest = {
  readonly from: Date;
  readonly to: Date;
  readonly rankers: readonly RankerName[];
  readonly picks?: readonly WeeklyPick[];
  readonly progress: (done: number, total: number) => void;
};

const dayMs = 86_400_000;
const truthMs = 14 * dayMs;

/** Scores rankers on every moment of the span. Ours learns from what lies before it, only. */
export const backtest = (db: Db, request: BacktestRequest): Backtest => {
  const { from, to, progress } = request;
  const learned = learn(db, from);
  const until = to.getTime() + dayMs + truthMs;
  const outlookOf = createOutlooks(listPastPapers(db, until), learned.foresight);
  const prepared = prepare(loadHistories(db, until));
  const moments = listMoments(from, to);
  const scored: (readonly Candidate[])[] = [];
  moments.forEach((now, i) => {
    const candidates = listCandidates(prepared, now, outlookOf);
    if (isScorable(candidates)) scored.push(candidates);
    progress(i + 1, moments.length);
  });
  const rankers = makeRankers(learned.growth);
  const rows = request.rankers.map((ranker) =>
    scoreRanker(ranker, rankers[ranker], scored, request.picks),
  );
  return { rows, learned };
};

const scoreRanker = (
  ranker: RankerName,
  score: (candidate: Candidate) => number,
  scored: readonly (readonly Candidate[])[],
  picks: readonly WeeklyPick[] | undefined,
): BacktestRow => {
  const scores = scored.map((candidates) => scoreMoment(candidates, score));
  const mean = (of: (score: (typeof scores)[number]) => number): number =>
    scores.length === 0
      ? 0
      : Math.round((scores.reduce((sum, one) => sum + of(one), 0) / scores.length) * 1e4) / 1e4;
  return {
    ranker,
    ndcg10: mean(({ ndcg10 }) => ndcg10),
    overlap10: mean(({ overlap10 }) => overlap10),
    days: new Set(scored.map((candidates) => Math.floor((candidates[0]?.now ?? 0) / dayMs))).size,
    moments: scores.length,
    ...(picks && { recall: recallOf(picks, scored, score) }),
  };
};

/*
 * Curators pick for a week that is over, so each moment of that week is asked: was the pick, where
 * it was a candidate, in the top ten? The share over all moments and picks.
 */
const recallOf = (
  picks: readonly WeeklyPick[],
  scored: readonly (readonly Candidate[])[],
  score: (candidate: Candidate) => number,
): number => {
  let [asked, found] = [0, 0];
  for (const candidates of scored) {
    const now = candidates[0]?.now ?? 0;
    const picked = picks.filter(
      ({ periodStart, periodEnd }) =>
        now >= Date.parse(periodStart) && now < Date.parse(periodEnd) + dayMs,
    );
    const known = new Set(candidates.map(({ id }) => id));
    const possible = picked.filter(({ arxivId }) => known.has(arxivId));
    if (possible.length === 0) continue;
    const top = new Set(topOf(candidates, score));
    asked += possible.length;
    found += possible.filter(({ arxivId }) => top.has(arxivId)).length;
  }
  return asked === 0 ? 0 : Math.round((found / asked) * 1e4) / 1e4;
};
