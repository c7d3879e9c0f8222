/**
 * The ledger's pen: what the senders in flight want written is written together, in one durable
 * commit. A commit costs the same for one row as for fifty, and a sender must wait for its own
 * before the final dot.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { type Commits, openCommits } from '../db/commits.ts';
import {
  type Lease,
  markDataSent,
  type Postponement,
  postponeDelivery,
  settleDelivery,
} from '../db/deliveries.ts';
import { type Db, isBusy } from '../db/open.ts';
import { findById } from '../db/subscribers.ts';
import { suppress } from '../db/suppressions.ts';
import { leaseFrom, type Settlement } from '../domain/delivery.ts';
import { type Claim, claimOrders } from './orders.ts';

/** The lease on a delivery ran out and somebody else may hold it now. */
export class LeaseLost extends Error {}

export type Ledger = {
  /**
   * Claims up to `limit` mails whose time has come. Seen by everybody at once, and durable with the
   * first `data-sent` after it: a claim lost in a power cut is a mail that was not sent.
   */
  readonly claim: (lease: Lease, limit: number) => readonly Claim[];
  /** Resolves once `data-sent` is durable; rejects with `LeaseLost`, and then no dot may follow. */
  readonly dataSent: (id: number) => Promise<void>;
  /** Gives a claimed mail back until later; resolves once that is durable. */
  readonly postpone: (id: number, postponement: Postponement) => Promise<void>;
  /** Enters how an attempt ended. Whoever lost the lease writes nothing. */
  readonly settle: (
    delivery: { readonly id: number; readonly subscriberId: number },
    settlement: Settlement,
  ) => void;
  /** Resolves when all that was entered is durable; rejects when some of it could not be written. */
  readonly close: () => Promise<void>;
};

type Entry = {
  readonly write: () => boolean;
  readonly done: (written: boolean) => void;
  readonly failed: (error: unknown) => void;
};

export const openLedger = (db: Db, owner: string, clock: () => Date): Ledger => {
  const commits = openCommits(db);
  const pen = openPen(commits);
  let fault: { readonly error: unknown } | undefined;
  return {
    claim: (lease, limit) => commits.commit(() => claimOrders(db, lease, limit)),
    dataSent: async (id) => {
      if (!(await pen.enter(() => markDataSent(db, id, owner, leaseFrom(clock())))))
        throw new LeaseLost();
    },
    postpone: async (id, postponement) => {
      await pen.enter(() => postponeDelivery(db, id, owner, postponement));
    },
    // Not waited for: the next mail may go out while this one's end is being written. Until then
    // its row says `data-sent`, which is what a crash would leave anyhow.
    settle: ({ id, subscriberId }, settlement) => {
      const entry = pen.enter(() =>
        enterSettlement(db, owner, { id, subscriberId }, settlement, clock()),
      );
      entry.catch((error: unknown) => {
        fault ??= { error };
      });
    },
    close: async () => {
      await pen.close();
      if (fault) throw fault.error;
    },
  };
};

type Pen = {
  /** Resolves, once the entry is durable, with whether something was written. */
  readonly enter: (write: () => boolean) => Promise<boolean>;
  readonly close: () => Promise<void>;
};

/** Entries that come while others are being made durable wait, and share the commit after it. */
const openPen = (commits: Commits): Pen => {
  let waiting: Entry[] = [];
  let writing: Promise<void> | undefined;
  const writeAll = async (): Promise<void> => {
    // Whoever comes within this turn of the loop may still come along.
    await nextTurn();
    while (waiting.length > 0) {
      const entries = waiting;
      waiting = [];
      await writeTogether(commits, entries);
    }
    writing = undefined;
  };
  return {
    enter: (write) =>
      new Promise((done, failed) => {
        waiting.push({ write, done, failed });
        writing ??= writeAll();
      }),
    close: async () => {
      while (writing) await writing;
      await commits.close();
    },
  };
};

/** While another process holds the database longer than SQLite waits, the same is tried again. */
const mostTries = 12;
const againAfterMs = 250;

const writeTogether = async (commits: Commits, entries: readonly Entry[]): Promise<void> => {
  for (let tries = 1; ; tries += 1)
    try {
      const written = commits.commit(() => entries.map(({ write }) => write()));
      await commits.synced();
      for (const [index, { done }] of entries.entries()) done(written[index] ?? false);
      return;
    } catch (error) {
      if (isBusy(error) && tries < mostTries) {
        await sleep(againAfterMs);
        continue;
      }
      for (const { failed } of entries) failed(error);
      return;
    }
};

/** Enters how an attempt ended; false when the lease was lost meanwhile and nothing was written. */
export const enterSettlement = (
  db: Db,
  owner: string,
  { id, subscriberId }: { readonly id: number; readonly subscriberId: number },
  settlement: Settlement,
  at: Date,
): boolean => {
  const settled = settleDelivery(db, id, owner, settlement, at);
  if (settled && settlement.state === 'failed' && settlement.suppress)
    suppressReader(db, subscriberId, settlement.reason, at);
  return settled;
};

const suppressReader = (db: Db, subscriberId: number, reason: string, at: Date): void => {
  const reader = findById(db, subscriberId);
  if (reader) suppress(db, reader.email, 'hard', reason, at);
};
