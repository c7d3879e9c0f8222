/** What the last seven days were: the order of a review of the week. */
import { loadObserved } from '../db/histories.ts';
import type { Db } from '../db/open.ts';
import { liftScore, liftsOf } from '../domain/fairness.ts';
import { gainBetween } from '../domain/sparkline.ts';
import { type Scored, sumOf, windowMs } from '../domain/trend.ts';
import { byScore, once, type Placed, type Ranking } from './ranking.ts';

const weekMs = 7 * 86_400_000;

/**
 * A ranking turned to look back. A paper counts for the upvotes the week brought it and for those it
 * can still expect, so that what had its day on Tuesday stands beside what is rising now; having
 * stopped to rise is no fault here.
 */
export const rankWeek = (db: Db, ranking: Ranking): Ranking => {
  const until = ranking.rankedAt.getTime();
  const observed = loadObserved(db, until - windowMs, until);
  const gains = new Map<number, number>();
  const papers = ranking.papers
    .map((paper): Placed => {
      const streams = [...(observed.get(paper.id)?.streams.values() ?? [])];
      const gained = gainBetween(streams, paper.startedAt, until - weekMs, until);
      gains.set(paper.number, gained);
      return { ...paper, stalled: false, score: paper.score + gained };
    })
    .sort(byScore);
  const lifts = liftsOf(papers);
  const lifted = (scored: Scored, paper: Placed): Scored =>
    liftScore(scored, paper, lifts(paper.field));
  return {
    ...ranking,
    papers,
    byField: once(() =>
      papers
        .map((paper) => ({
          ...paper,
          score: lifted({ score: paper.score, parts: [] }, paper).score,
        }))
        .sort(byScore),
    ),
    explain: (paper, byField) => {
      const gained = gains.get(paper.number) ?? 0;
      const { parts } = ranking.explain(paper, false);
      const scored =
        gained > 0
          ? sumOf([{ name: 'week', gained: Math.round(gained), points: gained }, ...parts])
          : sumOf(parts);
      return byField ? lifted(scored, paper) : scored;
    },
  };
};
