/** Tables around the outbox: what became of earlier attempts, who is on duty, which ways are shut. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { deliveries } from './schema.ts';

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
