/**
 * Services that share a database take turns: one is on duty and keeps the schedule, the others stand
 * by and serve pages. The duty is a lease in the database, renewed with every beat; who dies, stops
 * or stalls loses it to the next that asks.
 */
import { findDuty, leaveDuty, takeDuty } from '../db/duties.ts';
import type { Db } from '../db/open.ts';
import type { Log } from '../lib/log.ts';

const name = 'service';

/** Another takes over after at most a beat when it can see that the holder is gone. */
const usualBeatMs = 5_000;

/** After at most a lease and a beat when it cannot: the holder hangs, or was on another machine. */
const usualLeaseMs = 30_000;

export type DutyDeps = {
  readonly db: Db;
  readonly owner: string;
  readonly clock: () => Date;
  readonly isGone: (owner: string) => boolean;
  readonly log: Log;
  readonly beatMs?: number;
  readonly leaseMs?: number;
};

export type Work = { readonly stop: () => Promise<void> };

export type Duty = {
  readonly isOurs: () => boolean;
  /** Brings the work to its end, and only then lets another begin. */
  readonly stop: () => Promise<void>;
};

/** Begins the work whenever this process comes on duty, and stops it when the duty is lost. */
export const keepDuty = (deps: DutyDeps, begin: () => Work): Duty => {
  const { db, owner, clock, isGone, log, beatMs = usualBeatMs, leaseMs = usualLeaseMs } = deps;
  let work: Work | undefined;
  let ending: Promise<void> | undefined;
  let lastHolder = '';
  let stopped = false;
  const end = (): void => {
    // Another beat while the work is ending must not forget that it is.
    if (!work) return;
    ending = work.stop().finally(() => {
      ending = undefined;
    });
    work = undefined;
  };
  const beat = (): void => {
    const holder = takeDuty(db, { name, owner, now: clock(), leaseMs, isGone }).owner;
    if (holder !== lastHolder)
      log.info(
        { holder },
        holder === owner ? 'on duty' : 'standing by: another service is on duty',
      );
    lastHolder = holder;
    if (holder !== owner) end();
    else if (!work && !ending && !stopped) work = begin();
  };
  const safeBeat = (): void => {
    try {
      beat();
    } catch (error) {
      log.error({ err: error }, 'the duty could not be renewed');
    }
  };
  safeBeat();
  const timer = setInterval(safeBeat, beatMs);
  return {
    isOurs: () => work !== undefined,
    stop: async () => {
      stopped = true;
      // The lease is kept while mails in flight come to their end.
      await (work?.stop() ?? ending);
      clearInterval(timer);
      try {
        leaveDuty(db, name, owner);
      } catch (error) {
        // All work has ended well: the next takes over when it sees this one gone, or the lease over.
        log.warn({ err: error }, 'the duty could not be given up, and ends by itself');
      }
    },
  };
};

/** Which service is on duty, if any is. */
export const whoIsOnDuty = (db: Db, now: Date): string | undefined => {
  const holder = findDuty(db, name);
  return holder && holder.until > now ? holder.owner : undefined;
};
