/** The tables of what was published: editions, and the digests chosen from them. */
import {
  blob,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import type { EditionKind } from '../domain/edition.ts';
import type { Part } from '../domain/trend.ts';
import { papers, topics } from './schema.ts';
import { subscribers } from './schema-readers.ts';

/** Immutable once published. */
export const editions = sqliteTable('editions', {
  id: integer().primaryKey(),
  /** `day`: what is trending; `week`: what the last seven days were. */
  kind: text().$type<EditionKind>().notNull().default('day'),
  asOf: integer('as_of').notNull(),
  /** The moment ranked for: `as_of`, or the newest fact of a corpus gone stale. */
  rankedAt: integer('ranked_at').notNull(),
  publishedAt: integer('published_at').notNull(),
  /** Papers first visible in the day before `as_of`: how many were read for the reader. */
  papersRead: integer('papers_read').notNull(),
});

/** A topic's list in an edition; a list may be empty, which its absence would not tell. */
export const editionTopics = sqliteTable(
  'edition_topics',
  {
    editionId: integer('edition_id')
      .notNull()
      .references(() => editions.id, { onDelete: 'cascade' }),
    topicId: integer('topic_id')
      .notNull()
      .references(() => topics.id),
  },
  (table) => [primaryKey({ columns: [table.editionId, table.topicId] })],
);

export const editionEntries = sqliteTable(
  'edition_entries',
  {
    editionId: integer('edition_id')
      .notNull()
      .references(() => editions.id, { onDelete: 'cascade' }),
    topicId: integer('topic_id')
      .notNull()
      .references(() => topics.id),
    rank: integer().notNull(),
    paperId: integer('paper_id')
      .notNull()
      .references(() => papers.id),
    score: real().notNull(),
    parts: text({ mode: 'json' }).$type<readonly Part[]>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.editionId, table.topicId, table.rank] }),
    index('edition_entries_by_paper').on(table.paperId),
  ],
);

/** One a reader and day at most; a day on which there was nothing to say has a digest of no papers. */
export const digests = sqliteTable(
  'digests',
  {
    id: integer().primaryKey(),
    /** 16 random bytes, from which the address of the mail's web version is made. */
    key: blob({ mode: 'buffer' }).notNull().unique(),
    subscriberId: integer('subscriber_id')
      .notNull()
      .references(() => subscribers.id, { onDelete: 'cascade' }),
    editionId: integer('edition_id')
      .notNull()
      .references(() => editions.id),
    day: text().notNull(),
    plannedAt: integer('planned_at').notNull(),
    /**
     * JSON lists, one place a paper in the order of the mail: its number, that of the topic that
     * brought it, and that of the liked paper that moved it up, or null; no list where nothing did.
     * In the row itself, since what a reader has seen is read for everybody, every day.
     */
    papers: text().notNull().default('[]'),
    topics: text().notNull().default('[]'),
    likes: text(),
  },
  (table) => [uniqueIndex('digests_once_a_day').on(table.subscriberId, table.day)],
);

/** Up to which edition a WebSub hub was told of a topic's feeds, and when it is tried again. */
export const hubNotices = sqliteTable('hub_notices', {
  topicId: integer('topic_id')
    .primaryKey()
    .references(() => topics.id, { onDelete: 'cascade' }),
  /** 0 before the first notice. */
  editionId: integer('edition_id').notNull(),
  /** Failures in a row. */
  attempts: integer().notNull(),
  retryAt: integer('retry_at').notNull(),
});
