/** A week or a month in one list: what its editions had on their front pages. */
import { listDatesBetween, listFrontPages } from '../db/editions.ts';
import type { Db } from '../db/open.ts';
import { listPapers } from '../db/papers.ts';
import { findTopic } from '../db/topics.ts';
import type { Day, Paper } from '../domain/paper.ts';
import type { Period } from '../domain/period.ts';
import { everything } from '../domain/topic.ts';

export type PeriodView = {
  readonly days: readonly Day[];
  readonly papers: readonly {
    readonly paper: Paper;
    /** On how many days it was on the front page. */
    readonly days: number;
    /** Its best place there. */
    readonly best: number;
  }[];
};

const shownPapers = 30;

/**
 * The papers of a period's front pages. Each day a paper stands there it earns the more points the
 * higher it stands: ten for the first place, one for the tenth. Equal points: the better best place.
 */
export const viewPeriod = (db: Db, period: Period): PeriodView | undefined => {
  const all = findTopic(db, everything.slug);
  const days = listDatesBetween(db, period.from, period.to);
  if (!all || days.length === 0) return undefined;
  const rows = listFrontPages(db, all.id, period.from, period.to).slice(0, shownPapers);
  const papers = listPapers(
    db,
    rows.map(({ paper }) => paper),
  );
  const byNumber = new Map(papers.map((paper) => [paper.number, paper]));
  return {
    days,
    papers: rows.flatMap(({ paper: number, days: on, best }) => {
      const paper = byNumber.get(number);
      return paper ? [{ paper, days: on, best }] : [];
    }),
  };
};
