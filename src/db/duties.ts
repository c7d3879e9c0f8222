/** Who does what only one process at a time shall do. */
import { type Db, inTransaction, statement } from './open.ts';

export type Holder = { readonly owner: string; readonly since: Date; readonly until: Date };

/** Who holds a duty now, or held it last. */
export const findDuty = (db: Db, name: string): Holder | undefined => {
  const row = statement(db, 'select owner, since, until from duties where name = ?').get(name) as
    | { owner: string; since: number; until: number }
    | undefined;
  return row && { owner: row.owner, since: new Date(row.since), until: new Date(row.until) };
};

export type DutyClaim = {
  readonly name: string;
  readonly owner: string;
  readonly now: Date;
  readonly leaseMs: number;
  /** Whether a process is known to have ended. */
  readonly isGone: (owner: string) => boolean;
};

/**
 * Takes a duty, or keeps it; gives whoever holds it then. It is free when nobody has it, when its
 * lease is over, and when its holder is known to be gone. A lease that ends later than any could
 * was written before the clock was put back, and is over as well: its holder, if it lives, notices
 * at its next breath.
 */
export const takeDuty = (db: Db, claim: DutyClaim): Holder =>
  // IMMEDIATE: two that look at once must not both find it free.
  inTransaction(db, () => {
    const { name, owner, now, leaseMs, isGone } = claim;
    const until = new Date(now.getTime() + leaseMs);
    const held = findDuty(db, name);
    const isHeld = held && held.until > now && held.until <= until && !isGone(held.owner);
    if (isHeld && held.owner !== owner) return held;
    const since = isHeld ? held.since : now;
    statement(
      db,
      'insert or replace into duties (name, owner, since, until) values (?, ?, ?, ?)',
    ).run(...[name, owner, since.getTime(), until.getTime()]);
    return { owner, since, until };
  });

/** Gives a duty up, so that another need not wait for the lease. */
export const leaveDuty = (db: Db, name: string, owner: string): void => {
  statement(db, 'delete from duties where name = ? and owner = ?').run(name, owner);
};
