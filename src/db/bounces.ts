/** What came back, a row a reader, day and verdict: the same report read twice changes nothing. */
import type { BounceVerdict } from '../domain/bounce-message.ts';
import type { Day } from '../domain/paper.ts';
import { type Db, statement } from './open.ts';

export type NewBounce = {
  readonly subscriberId: number;
  readonly day: Day;
  readonly verdict: BounceVerdict;
  readonly status: string;
  readonly reason: string;
  readonly at: Date;
};

/** False when that day's verdict is known already. */
export const insertBounce = (db: Db, bounce: NewBounce): boolean =>
  statement(
    db,
    `insert into bounces (subscriber_id, day, verdict, status, reason, at)
     values (@subscriberId, @day, @verdict, @status, @reason, @at) on conflict do nothing`,
  ).run({ ...bounce, at: bounce.at.getTime() }).changes > 0;

/** UTC days with a soft bounce since `from`. */
export const listSoftBounceDays = (db: Db, subscriberId: number, from: Day): readonly Day[] =>
  statement(
    db,
    `select day from bounces where subscriber_id = ? and verdict = 'soft' and day >= ? order by day`,
  )
    .pluck()
    .all(subscriberId, from) as Day[];

/** UTC days since `from` on which a mail to this reader was accepted on its way. */
export const listSentDays = (db: Db, subscriberId: number, from: Day): readonly Day[] =>
  statement(
    db,
    `select distinct date(settled_at / 1000, 'unixepoch') from deliveries
      where subscriber_id = ? and state = 'sent' and settled_at >= ?`,
  )
    .pluck()
    .all(subscriberId, Date.parse(from)) as Day[];

export type BounceCounts = Readonly<Partial<Record<BounceVerdict, number>>>;

/** How many bounces of each verdict are on record. */
export const countBounces = (db: Db): BounceCounts =>
  Object.fromEntries(
    (
      statement(db, 'select verdict, count(*) as n from bounces group by verdict').all() as {
        verdict: BounceVerdict;
        n: number;
      }[]
    ).map(({ verdict, n }) => [verdict, n]),
  );

/** Forgets what came back, so that an address let in again starts anew. */
export const deleteBounces = (db: Db, subscriberId: number): void => {
  statement(db, 'delete from bounces where subscriber_id = ?').run(subscriberId);
};
