/** A day's edition as everybody may see it. */
import { type Edition, listEntries, newestEdition, topicsOfEdition } from '../db/editions.ts';
import type { Db } from '../db/open.ts';
import { listCatalogue } from '../db/topics.ts';
import type { Day } from '../domain/paper.ts';
import type { RankedPaper } from '../domain/trend.ts';
import { type TopicRow, withCount } from './catalogue.ts';
import { withPapers } from './trending.ts';

export type EditionView = {
  readonly date: Day;
  readonly publishedAt: Date;
  readonly lists: readonly { readonly topic: TopicRow; readonly papers: readonly RankedPaper[] }[];
};

const shownPapers = 10;
const dayMs = 86_400_000;

/** The last edition of a UTC day. Readers' own queries are theirs and are left out. */
export const findEditionOn = (db: Db, date: Day): EditionView | undefined => {
  const edition = lastEditionOf(db, date);
  if (!edition) return undefined;
  const covered = topicsOfEdition(db, edition.id);
  const lists = listCatalogue(db)
    .filter((topic) => covered.has(topic.id))
    .map((topic) => ({
      topic: withCount(db, topic),
      papers: firstOfList(db, edition.id, topic.id),
    }))
    .filter(({ papers }) => papers.length > 0);
  return { date, publishedAt: edition.publishedAt, lists };
};

/** What led in a topic in the last edition of a UTC day; empty when there is none. */
export const listLedOn = (db: Db, date: Day, topicId: number): readonly RankedPaper[] => {
  const edition = lastEditionOf(db, date);
  return edition ? firstOfList(db, edition.id, topicId) : [];
};

const lastEditionOf = (db: Db, date: Day): Edition | undefined => {
  const from = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(from) ? undefined : newestEdition(db, from, from + dayMs - 1);
};

const firstOfList = (db: Db, editionId: number, topicId: number): readonly RankedPaper[] =>
  withPapers(
    db,
    listEntries(db, editionId, topicId)
      .slice(0, shownPapers)
      .map(({ paper, score, parts }) => ({ number: paper, score, parts })),
  );
