/** What came and went by day (UTC): readers, papers, mails, bounces. */

import type { BounceVerdict } from '../domain/bounce-message.ts';
import type { DeliveryState } from '../domain/delivery.ts';
import type { Day } from '../domain/paper.ts';
import { firstPlannedAt } from './delivery-counts.ts';
import { type Db, statement } from './open.ts';

const dayMs = 86_400_000;

export type Growth = {
  /** How many there were at the beginning. */
  readonly before: number;
  /** How many came, less those who left, on each day that brought any. */
  readonly changes: ReadonlyMap<Day, number>;
};

/** Readers who confirmed (or came by a list) and have not left. Who was erased is in no number. */
export const readerGrowth = (db: Db, from: Date): Growth =>
  growthOf(
    db,
    `select coalesce(confirmed_at, created_at) as at, 1 as n from subscribers
      where status <> 'unconfirmed'
     union all
     select coalesce(unsubscribed_at, created_at), -1 from subscribers
      where status = 'unsubscribed'`,
    from,
  );

/** Papers by when they became known: listed, featured or submitted. */
export const paperGrowth = (db: Db, from: Date): Growth =>
  growthOf(db, 'select visible_from as at, 1 as n from papers where hidden = 0', from);

const growthOf = (db: Db, changes: string, from: Date): Growth => {
  const rows = statement(
    db,
    `select case when at < @from then '' else date(at / 1000, 'unixepoch') end as day, sum(n)
     from (${changes}) group by 1`,
  )
    .raw()
    .all({ from: from.getTime() }) as [Day, number][];
  const byDay = new Map(rows);
  const before = byDay.get('') ?? 0;
  byDay.delete('');
  return { before, changes: byDay };
};

/** Mails by the day they were planned, and by state. */
export const countMailsByDay = (
  db: Db,
  from: Date,
): readonly { readonly day: Day; readonly state: DeliveryState; readonly count: number }[] =>
  statement(
    db,
    `select date(planned_at / 1000, 'unixepoch') as day, state, count(*) as count from deliveries
     where id >= @first and planned_at >= @from group by 1, 2`,
  ).all({ first: firstPlannedAt(db, from.getTime() - 2 * dayMs), from: from.getTime() }) as {
    day: Day;
    state: DeliveryState;
    count: number;
  }[];

export const countBouncesByDay = (
  db: Db,
  from: Date,
): readonly { readonly day: Day; readonly verdict: BounceVerdict; readonly count: number }[] =>
  statement(
    db,
    `select date(at / 1000, 'unixepoch') as day, verdict, count(*) as count from bounces
     where at >= ? group by 1, 2`,
  ).all(from.getTime()) as { day: Day; verdict: BounceVerdict; count: number }[];
