/** What the ledger of mails holds, counted. */
import type { DeliveryState } from '../domain/delivery.ts';
import { leased } from './deliveries.ts';
import { type Db, statement } from './open.ts';
import { createRowCount } from './row-count.ts';

/** Whether at least so many mails may be claimed now. */
export const areManyDue = (db: Db, now: Date, least: number): boolean =>
  statement(
    db,
    `select count(*) from (select 1 from deliveries
       where state in ('planned', 'deferred') and next_attempt_at <= ? limit ?)`,
  )
    .pluck()
    .get(now.getTime(), least) === least;

/**
 * The id from which on mails were planned at a time (milliseconds since 1970) or later. The ledger holds
 * more than a year and no index of its times, which every mail would pay for. But rows are added as they
 * are planned: halving finds where a time begins. Commands may plan for another moment, which the
 * caller's spare days allow for.
 */
export const firstPlannedAt = (db: Db, time: number): number => {
  const ends = statement(db, 'select min(id), max(id) from deliveries').raw().get() as [
    number | null,
    number | null,
  ];
  let [low, high] = [ends[0] ?? 0, (ends[1] ?? 0) + 1];
  const plannedAt = statement(db, 'select planned_at from deliveries where id >= ? order by id');
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const at = plannedAt.pluck().get(middle) as number | undefined;
    if (at !== undefined && at < time) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * A digest leaves within a day of being planned, or never. A notice that waited longer is not counted,
 * nor is what was planned by a clock that was days behind.
 */
const longestLifeMs = 2 * 24 * 60 * 60_000;

/** How many mails in some of the last states have been there since an instant. */
export const countSettledSince = (
  db: Db,
  states: readonly ('sent' | 'unknown')[],
  since: Date,
): number =>
  statement(
    db,
    `select count(*) from deliveries where id >= @first and settled_at >= @since
       and state in (select value from json_each(@states))`,
  )
    .pluck()
    .get({
      first: firstPlannedAt(db, since.getTime() - longestLifeMs),
      since: since.getTime(),
      states: JSON.stringify(states),
    }) as number;

type Counts = { readonly [state in DeliveryState]?: number };
type StateCount = { readonly state: DeliveryState; readonly count: number };

const toCounts = (rows: readonly StateCount[]): Counts =>
  Object.fromEntries(rows.map(({ state, count }) => [state, count]));

/** States other than sent, each pair by the index that holds no other rows. */
const unsent = [`state in ('planned', 'deferred')`, leased, `state in ('failed', 'unknown')`];

/**
 * Counts mails by state without reading the whole ledger: those that were sent are what is left of all.
 * What was let go counts as sent for up to an hour.
 */
export const createDeliveryCount = (db: Db): ((now: Date) => Counts) => {
  const countAll = createRowCount(db, 'deliveries');
  const counting = unsent.map(
    (states) => `select state, count(*) as count from deliveries where ${states} group by state`,
  );
  return (now) => {
    const rows = statement(db, counting.join(' union all ')).all() as StateCount[];
    const others = rows.reduce((sum, { count }) => sum + count, 0);
    return { ...toCounts(rows), sent: Math.max(0, countAll(now) - others) };
  };
};

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
export const countDigestsSince = (db: Db, mark: LedgerMark): Counts =>
  toCounts(
    statement(
      db,
      `select state, count(*) as count from deliveries
       where kind = 'digest' and (id > ? or id in (select value from json_each(?)))
       group by state`,
    ).all(mark.after, JSON.stringify(mark.waiting)) as StateCount[],
  );
