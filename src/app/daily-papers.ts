/** The papers of a day as curators featured them, for clients of Hugging Face's daily papers. */
import type { Db } from '../db/open.ts';
import { listFeatured, listFeaturedOn } from '../db/paper-lists.ts';
import { listPapers } from '../db/papers.ts';
import { listSignals } from '../db/signals.ts';
import { findTopic } from '../db/topics.ts';
import { arxivIdOf, type Day, type Paper } from '../domain/paper.ts';
import type { Signal } from '../domain/signal.ts';
import { everything } from '../domain/topic.ts';
import { listLedOn } from './edition-view.ts';
import type { Ranking } from './ranking.ts';
import { listTrending } from './trending.ts';

export type DailyPaper = {
  readonly paper: Paper;
  readonly upvotes: number;
  readonly comments: number;
  readonly githubStars?: number;
};

export type DailyAsk = {
  /** Without it, the newest of all days. */
  readonly date?: Day;
  readonly order: 'newest' | 'trending';
  readonly limit: number;
  /** From 0. */
  readonly page: number;
};

export type DailyPage = {
  readonly papers: readonly DailyPaper[];
  /** Whether a further page holds more. */
  readonly more: boolean;
};

/**
 * A page of daily papers. A day's are those featured on it, the most noticed first; where no source
 * features papers, those that led its edition.
 */
export const listDailyPapers = (
  db: Db,
  ranking: () => Ranking,
  { date, order, limit, page }: DailyAsk,
  now: Date,
): DailyPage => {
  const [from, to] = [page * limit, (page + 1) * limit];
  // One more than asked for tells whether there are more.
  const papers =
    date === undefined
      ? newestOrTrending(db, ranking, order, to + 1)
      : ofDay(db, date, now).map(({ paper }) => paper);
  const known = papers.filter((paper) => arxivIdOf(paper) !== undefined);
  return {
    papers: known.slice(from, to).map((paper) => counted(db, paper, now)),
    more: known.length > to,
  };
};

const ofDay = (db: Db, date: Day, now: Date): readonly DailyPaper[] => {
  const featured = listPapers(db, listFeaturedOn(db, date));
  const all = findTopic(db, everything.slug);
  const papers =
    featured.length > 0 || !all ? featured : listLedOn(db, date, all.id).map((led) => led.paper);
  const rows = papers.map((paper) => counted(db, paper, now));
  return featured.length > 0 ? rows.sort((a, b) => b.upvotes - a.upvotes) : rows;
};

const newestOrTrending = (
  db: Db,
  ranking: () => Ranking,
  order: DailyAsk['order'],
  most: number,
): readonly Paper[] => {
  const newest = order === 'newest' ? listPapers(db, listFeatured(db, most)) : [];
  if (newest.length > 0) return newest;
  const listing = listTrending(db, ranking(), {}, most);
  return listing.kind === 'ok' ? listing.papers.map(({ paper }) => paper) : [];
};

const counted = (db: Db, paper: Paper, now: Date): DailyPaper => {
  const signals = listSignals(db, paper.id, now);
  // The oldest stands first, and totals never fall.
  const last = (source: string, kind: Signal['kind']): number | undefined =>
    signals.findLast((signal) => signal.source === source && signal.kind === kind)?.value;
  const stars = last('github', 'github-stars');
  return {
    paper,
    upvotes: last('huggingface', 'upvotes') ?? 0,
    comments: last('huggingface', 'comments') ?? 0,
    ...(stars !== undefined && { githubStars: stars }),
  };
};
