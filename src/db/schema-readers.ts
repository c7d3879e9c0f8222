/** The tables of the readers: who they are, what they want, and whom nobody mails. */
import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Language } from '../domain/language.ts';
import type { ReactionKind } from '../domain/liking.ts';
import type { Status } from '../domain/subscription.ts';
import { papers, topics } from './schema.ts';

export const subscribers = sqliteTable(
  'subscribers',
  {
    id: integer().primaryKey(),
    /** 16 random bytes; all tokens of a reader are made from it, so a new key ends the old ones. */
    key: blob({ mode: 'buffer' }).notNull().unique(),
    email: text().notNull(),
    emailKey: text('email_key').notNull().unique(),
    status: text().$type<Status>().notNull(),
    frequency: text().notNull(),
    hour: integer().notNull(),
    timeZone: text('time_zone').notNull(),
    papers: integer().notNull(),
    language: text().$type<Language>().notNull().default('en'),
    /** Confirmed on the form and still without a first digest. */
    awaitsFirst: integer('awaits_first', { mode: 'boolean' }).notNull(),
    createdAt: integer('created_at').notNull(),
    confirmedAt: integer('confirmed_at'),
    unsubscribedAt: integer('unsubscribed_at'),
    /** The reader's calendar day on which a pause ends by itself; null when it lasts until resumed. */
    pausedUntil: text('paused_until'),
    /**
     * A day the reader has a digest for, the last one planned or found; empty before the first. Says
     * of no day that it has none: the digests do.
     */
    digestOn: text('digest_on').notNull().default(''),
  },
  (table) => [
    index('subscribers_by_status').on(table.status, table.timeZone),
    // Planning rules out groups of readers by it, each minute.
    index('subscribers_by_clock')
      .on(table.timeZone, table.frequency, table.digestOn, table.hour)
      .where(sql`${table.status} = 'active' and ${table.awaitsFirst} = 0`),
    index('subscribers_awaiting')
      .on(table.id)
      .where(sql`${table.status} = 'active' and ${table.awaitsFirst} = 1`),
    index('subscribers_paused_until')
      .on(table.pausedUntil)
      .where(sql`${table.status} = 'paused' and ${table.pausedUntil} is not null`),
  ],
);

export const subscriptions = sqliteTable(
  'subscriptions',
  {
    subscriberId: integer('subscriber_id')
      .notNull()
      .references(() => subscribers.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    topicId: integer('topic_id')
      .notNull()
      .references(() => topics.id),
  },
  (table) => [
    primaryKey({ columns: [table.subscriberId, table.topicId] }),
    index('subscriptions_by_topic').on(table.topicId),
  ],
);

/** What a reader never wants to see, in the query language: a word, phrase, author or category. */
export const mutes = sqliteTable(
  'mutes',
  {
    subscriberId: integer('subscriber_id')
      .notNull()
      .references(() => subscribers.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    term: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.subscriberId, table.position] })],
);

/** What a reader wanted more of, and what less. */
export const reactions = sqliteTable(
  'reactions',
  {
    subscriberId: integer('subscriber_id')
      .notNull()
      .references(() => subscribers.id, { onDelete: 'cascade' }),
    paperId: integer('paper_id')
      .notNull()
      .references(() => papers.id, { onDelete: 'cascade' }),
    kind: text().$type<ReactionKind>().notNull(),
    at: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.subscriberId, table.paperId] }),
    index('reactions_by_paper').on(table.paperId),
  ],
);

/** Addresses never mailed again. The hash stays when a reader asks to be erased; the address goes. */
export const suppressions = sqliteTable('suppressions', {
  emailHash: text('email_hash').primaryKey(),
  email: text(),
  reason: text().notNull(),
  detail: text().notNull(),
  since: integer().notNull(),
});
