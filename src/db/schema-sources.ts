/** The tables of the sources: what each last did, and what it said of its days. */
import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { BatchVerdict } from '../domain/batch.ts';

/** What each source last did; a source that fails keeps its last success. */
export const sourceStates = sqliteTable('source_states', {
  source: text().primaryKey(),
  attemptedAt: integer('attempted_at').notNull(),
  succeededAt: integer('succeeded_at'),
  error: text(),
  /** Failures in a row. */
  failures: integer().notNull().default(0),
  /** The earliest time the service asks again of itself. */
  nextAt: integer('next_at'),
  /** Until when the source itself asked to be left alone (`Retry-After`, a rate limit's reset). */
  askedToWaitUntil: integer('asked_to_wait_until'),
  /** The process reading the source now. */
  owner: text(),
  leasedUntil: integer('leased_until'),
});

/** What a source keeps from one run to the next: where a backfill stands, a resumption token. */
export const sourceNotes = sqliteTable(
  'source_notes',
  {
    source: text().notNull(),
    key: text().notNull(),
    value: text().notNull(),
    notedAt: integer('noted_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.source, table.key] })],
);

/** Append-only: a source's day is judged again and again, and each change of verdict is a row. */
export const sourceBatches = sqliteTable(
  'source_batches',
  {
    id: integer().primaryKey(),
    source: text().notNull(),
    /** The day the verdict is about: Eastern for arXiv, UTC for the others. */
    day: text().notNull(),
    verdict: text().$type<BatchVerdict>().notNull(),
    papers: integer().notNull(),
    /** Those that were not in the batch before. */
    fresh: integer().notNull(),
    detail: text().notNull(),
    judgedAt: integer('judged_at').notNull(),
  },
  (table) => [index('source_batches_by_time').on(table.source, table.judgedAt)],
);

/** How often a service was asked on a day (UTC), and when last: the ledger of our politeness. */
export const sourceRequests = sqliteTable(
  'source_requests',
  {
    service: text().notNull(),
    day: text().notNull(),
    requests: integer().notNull(),
    lastAt: integer('last_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.service, table.day] })],
);

/** Answers with a validator, so that an unchanged one need not be sent again (RFC 9111 §4.3). */
export const httpAnswers = sqliteTable('http_answers', {
  url: text().primaryKey(),
  etag: text(),
  lastModified: text('last_modified'),
  /** Deflated. */
  body: blob({ mode: 'buffer' }).notNull(),
  usedAt: integer('used_at').notNull(),
});
