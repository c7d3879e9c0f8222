/** The outbox and what stands around it: attempts, bounces, who is on duty, which ways are shut. */
import { sql } from 'drizzle-orm';
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import type { BounceVerdict } from '../domain/bounce-message.ts';
import type { DeliveryKind, DeliveryState } from '../domain/delivery.ts';
import { digests } from './schema-editions.ts';
import { subscribers } from './schema-readers.ts';

/** The outbox. `key` makes a mail unique: a second plan for the same key changes nothing. */
export const deliveries = sqliteTable(
  'deliveries',
  {
    id: integer().primaryKey(),
    key: text().notNull().unique(),
    kind: text().$type<DeliveryKind>().notNull(),
    subscriberId: integer('subscriber_id')
      .notNull()
      .references(() => subscribers.id, { onDelete: 'cascade' }),
    digestId: integer('digest_id')
      .unique()
      .references(() => digests.id, { onDelete: 'cascade' }),
    state: text().$type<DeliveryState>().notNull(),
    attempts: integer().notNull().default(0),
    plannedAt: integer('planned_at').notNull(),
    nextAttemptAt: integer('next_attempt_at').notNull(),
    leaseOwner: text('lease_owner'),
    leaseUntil: integer('lease_until'),
    settledAt: integer('settled_at'),
    reason: text(),
    /** What a notice is about, as JSON, where the reader's row does not tell. */
    note: text(),
  },
  (table) => [
    // Notices, then digests, each in the order of their time: a claim takes the head of it.
    index('deliveries_by_turn')
      .on(sql`(${table.kind} = 'digest')`, table.nextAttemptAt)
      .where(sql`${table.state} in ('planned', 'deferred')`),
    index('deliveries_leased')
      .on(table.leaseUntil)
      .where(sql`${table.state} in ('claimed', 'data-sent')`),
    index('deliveries_by_subscriber').on(table.subscriberId, table.plannedAt),
    // Whose papers were not seen: few, and asked about every digest a reader ever had.
    index('deliveries_unseen')
      .on(table.digestId)
      .where(sql`${table.state} in ('failed', 'unknown')`),
  ],
);

/** What came back from a reader's mail server, a day and verdict once. */
export const bounces = sqliteTable(
  'bounces',
  {
    id: integer().primaryKey(),
    subscriberId: integer('subscriber_id')
      .notNull()
      .references(() => subscribers.id, { onDelete: 'cascade' }),
    day: text().notNull(),
    verdict: text().$type<BounceVerdict>().notNull(),
    /** Enhanced status code, or empty. */
    status: text().notNull(),
    reason: text().notNull(),
    at: integer().notNull(),
  },
  (table) => [uniqueIndex('bounces_once_a_day').on(table.subscriberId, table.verdict, table.day)],
);

/**
 * Append-only: attempts after which a mail had to wait. How the last one ended stands in the outbox
 * itself, so a mail that goes out at once, as nearly all do, costs no row here.
 */
export const deliveryAttempts = sqliteTable(
  'delivery_attempts',
  {
    deliveryId: integer('delivery_id')
      .notNull()
      .references(() => deliveries.id, { onDelete: 'cascade' }),
    attempt: integer().notNull(),
    at: integer().notNull(),
    reason: text().notNull(),
    retryAt: integer('retry_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.deliveryId, table.attempt] }),
    index('delivery_attempts_by_time').on(table.at),
  ],
);

/** Who does what only one process may do; a lease, so that a dead holder is followed by another. */
export const duties = sqliteTable('duties', {
  name: text().primaryKey(),
  owner: text().notNull(),
  since: integer().notNull(),
  until: integer().notNull(),
});

/** Ways for mail that are shut for a while: the mail server itself, or a domain behind it. */
export const shutWays = sqliteTable('shut_ways', {
  /** `server`, or a domain. */
  way: text().primaryKey(),
  /** How often in a row it was shut. */
  times: integer().notNull(),
  until: integer().notNull(),
  reason: text().notNull(),
  since: integer().notNull(),
});

/** Weekly mails to the operator that are, or may be, on their way: one a week at most. */
export const operatorMails = sqliteTable('operator_mails', {
  /** The Monday (UTC) it is sent on or after. */
  week: text().primaryKey(),
  sentAt: integer('sent_at').notNull(),
});
