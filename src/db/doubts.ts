/** Mails whose sender is gone after the data went out, where something can still be found out. */
import { type Db, statement } from './open.ts';

export type Doubt = { readonly id: number; readonly key: string };

/** Those whose lease is over at an instant. */
export const listDoubts = (db: Db, now: Date): readonly Doubt[] =>
  statement(
    db,
    `select id, key from deliveries where state = 'data-sent' and lease_until <= ? order by id`,
  ).all(now.getTime()) as Doubt[];

/** The mail is out after all; false when somebody else has settled it meanwhile. */
export const settleFoundSent = (db: Db, id: number, reason: string, now: Date): boolean =>
  statement(
    db,
    `update deliveries set state = 'sent', reason = ?, settled_at = ?, lease_owner = null,
       lease_until = null where id = ? and state = 'data-sent' and lease_until <= ?`,
  ).run(reason, now.getTime(), id, now.getTime()).changes > 0;

/** The mail is not out: it counts as claimed by one whose lease is over, and is claimed anew. */
export const takeBackDataSent = (db: Db, id: number, now: Date): boolean =>
  statement(
    db,
    `update deliveries set state = 'claimed'
     where id = ? and state = 'data-sent' and lease_until <= ?`,
  ).run(id, now.getTime()).changes > 0;
