/**
 * The tables of the corpus: papers, signals, topics. Instants are integers, milliseconds since 1970 UTC; days
 * are `YYYY-MM-DD` text. Tables are made STRICT, and the full-text index is added, by hand in the
 * migrations, since drizzle-kit knows neither. The other tables stand in the `schema-…` files beside.
 */
import { sql } from 'drizzle-orm';
import {
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import type { SignalKind } from '../domain/signal.ts';
import type { TopicKind } from '../domain/topic.ts';

export const papers = sqliteTable(
  'papers',
  {
    id: integer().primaryKey(),
    /** The id people use: an arXiv id, or `title:` and a slug. */
    key: text().notNull().unique(),
    /** By which a paper known by title is found again once its arXiv id is told. */
    titleSlug: text('title_slug').notNull(),
    title: text().notNull(),
    abstract: text().notNull(),
    publishedAt: integer('published_at'),
    listedOn: text('listed_on'),
    featuredOn: text('featured_on'),
    comment: text(),
    codeUrl: text('code_url'),
    summary: text(),
    summaryBy: text('summary_by'),
    /** A JSON list of texts; null when no source gave any. */
    keywords: text(),
    organization: text(),
    /** The newest arXiv version told of. */
    version: integer(),
    /** `arxiv` once arXiv itself gave title, authors and abstract; null before. */
    textBy: text('text_by'),
    /** When we learnt that the paper was withdrawn or deleted. */
    withdrawnAt: integer('withdrawn_at'),
    /** From when the paper counts as known: its listing, else its feature, else its submission. */
    visibleFrom: integer('visible_from').notNull(),
    /** 0 when no source gave any date and `visible_from` is only when we first saw it. */
    dated: integer({ mode: 'boolean' }).notNull(),
    firstSeenAt: integer('first_seen_at').notNull(),
    /** Who first told of it. */
    origin: text().notNull(),
    /** A hidden paper is in no list, feed or search: a sample made needless by a live source. */
    hidden: integer({ mode: 'boolean' }).notNull().default(false),
  },
  (table) => [
    index('papers_by_title').on(table.titleSlug),
    // Looked up after every commit; without it each look reads the whole table.
    index('papers_hidden').on(table.id).where(sql`hidden = 1`),
    // Covers what ranking asks of every paper, so that no abstract is read on the way.
    index('papers_by_visible_from').on(
      table.visibleFrom,
      table.hidden,
      table.dated,
      table.featuredOn,
      table.key,
    ),
  ],
);

export const paperAuthors = sqliteTable(
  'paper_authors',
  {
    paperId: integer('paper_id')
      .notNull()
      .references(() => papers.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    name: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.paperId, table.position] })],
);

export const paperCategories = sqliteTable(
  'paper_categories',
  {
    paperId: integer('paper_id')
      .notNull()
      .references(() => papers.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    category: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.paperId, table.position] }),
    index('paper_categories_by_category').on(table.category, table.paperId),
  ],
);

/** Append-only. `paper_key` is no foreign key: signals of a paper not known yet are kept. */
export const signals = sqliteTable(
  'signals',
  {
    id: integer().primaryKey(),
    paperKey: text('paper_key').notNull(),
    source: text().notNull(),
    kind: text().$type<SignalKind>().notNull(),
    observedAt: integer('observed_at').notNull(),
    value: real().notNull(),
    listedOn: text('listed_on'),
  },
  (table) => [
    uniqueIndex('signals_once').on(table.paperKey, table.source, table.kind, table.observedAt),
    index('signals_by_time').on(table.observedAt),
  ],
);

export const topics = sqliteTable('topics', {
  id: integer().primaryKey(),
  slug: text().notNull().unique(),
  name: text().notNull(),
  description: text().notNull(),
  group: text().notNull(),
  kind: text().$type<TopicKind>().notNull(),
  query: text().notNull(),
});
