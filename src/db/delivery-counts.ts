/** What the ledger of mails holds, counted. */
import type { DeliveryState } from '../domain/delivery.ts';
import { leased } from './deliveries.ts';
import { type Db, statement } from './open.ts';

/** Whether at least so many mails may be claimed now. */
export const areManyDue = (db: Db, now: Date, least: number): boolean =>
  statement(
    db,
    `select count(*) from (select 1 from deliveries
       where state in ('planned', 'deferred') and next_attempt_at <= ? limit ?)`,
  )
    .pluck()
    .get(now.getTime(), least) === least;

/** How many mails have left, or may have, since an instant. */
export const countSentSince = (db: Db, since: Date): number =>
  statement(
    db,
    `select count(*) from deliveries where state in ('sent', 'unknown') and settled_at >= ?`,
  )
    .pluck()
    .get(since.getTime()) as number;

/** How many mails stand in each state. */
export const countDeliveries = (db: Db): { readonly [state in DeliveryState]?: number } =>
  Object.fromEntries(
    (
      statement(db, 'select state, count(*) as count from deliveries group by state').all() as {
        state: DeliveryState;
        count: number;
      }[]
    ).map(({ state, count }) => [state, count]),
  );

/** When the first of the digests that wait was planned, in milliseconds. */
export const waitingDigestsSince = (db: Db): number | undefined =>
  (statement(
    db,
    `select min(planned_at) from deliveries
     where state in ('planned', 'deferred') and kind = 'digest'`,
  )
    .pluck()
    .get() as number | null) ?? undefined;

/** What senders hold at the moment: how many mails, and until when at the longest, in milliseconds. */
export const mailsHeld = (db: Db): { readonly count: number; readonly until: number } =>
  statement(
    db,
    `select count(*) as count, coalesce(max(lease_until), 0) as until
     from deliveries where ${leased}`,
  ).get() as { count: number; until: number };

/** When the next waiting mail may be tried, in milliseconds. */
export const nextAttemptAt = (db: Db): number | undefined =>
  (statement(
    db,
    `select min(at) from (${[0, 1]
      .map(
        (digests) => `select min(next_attempt_at) as at from deliveries
          where state in ('planned', 'deferred') and (kind = 'digest') = ${digests}`,
      )
      .join(' union all ')})`,
  )
    .pluck()
    .get() as number | null) ?? undefined;

/** A place in the ledger, to count from. */
export type LedgerMark = { readonly after: number; readonly waiting: readonly number[] };

/** Marks the ledger's end, and which digests were still waiting before it. */
export const markLedger = (db: Db): LedgerMark => ({
  after: statement(db, 'select coalesce(max(id), 0) from deliveries').pluck().get() as number,
  waiting: statement(
    db,
    `select id from deliveries where kind = 'digest' and state in ('planned', 'deferred')
     union all select id from deliveries where kind = 'digest' and ${leased}`,
  )
    .pluck()
    .all() as number[],
});

/** How the digests planned or still waiting since a mark stand now. */
export const countDigestsSince = (
  db: Db,
  mark: LedgerMark,
): { readonly [state in DeliveryState]?: number } =>
  Object.fromEntries(
    (
      statement(
        db,
        `select state, count(*) as count from deliveries
         where kind = 'digest' and (id > ? or id in (select value from json_each(?)))
         group by state`,
      ).all(mark.after, JSON.stringify(mark.waiting)) as { state: DeliveryState; count: number }[]
    ).map(({ state, count }) => [state, count]),
  );
