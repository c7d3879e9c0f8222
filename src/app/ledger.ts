/**
 * The ledger's pen: what the senders in flight want written is written together, in one durable
 * commit. A commit costs the same for one row as for fifty, and a sender must wait for its own
 * before the final dot.
 */
import { markDataSent, settleDelivery } from '../db/deliveries.ts';
import { type Db, inTransaction } from '../db/open.ts';
import { findById } from '../db/subscribers.ts';
import { suppress } from '../db/suppressions.ts';
import type { Settlement } from '../domain/delivery.ts';

/** The lease on a delivery ran out and somebody else may hold it now. */
export class LeaseLost extends Error {}

export type Ledger = {
  /** Resolves once `data-sent` is durable; rejects with `LeaseLost`, and then no dot may follow. */
  readonly dataSent: (id: number) => Promise<void>;
  /** Enters how an attempt ended. Whoever lost the lease writes nothing. */
  readonly settle: (
    delivery: { readonly id: number; readonly subscriberId: number },
    settlement: Settlement,
  ) => void;
  /** Resolves when all that was entered is durable; rejects when some of it could not be written. */
  readonly written: () => Promise<void>;
};

type Entry = {
  readonly write: () => boolean;
  readonly done: (written: boolean) => void;
  readonly failed: (error: unknown) => void;
};

/** How long an entry waits for others to share its commit: less than a server takes to answer. */
const gatherMs = 2;

/** With so many the commit is shared well enough. */
const fullBatch = 50;

export const openLedger = (db: Db, owner: string, clock: () => Date): Ledger => {
  let waiting: Entry[] = [];
  let timer: NodeJS.Timeout | undefined;
  let fault: { readonly error: unknown } | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    const entries = waiting;
    waiting = [];
    try {
      const written = inTransaction(db, () => entries.map(({ write }) => write()));
      for (const [index, { done }] of entries.entries()) done(written[index] ?? false);
    } catch (error) {
      for (const { failed } of entries) failed(error);
    }
  };
  const enter = (write: () => boolean): Promise<boolean> =>
    new Promise((done, failed) => {
      waiting.push({ write, done, failed });
      if (waiting.length >= fullBatch) flush();
      else if (waiting.length === 1) timer = setTimeout(flush, gatherMs);
    });
  return {
    dataSent: async (id) => {
      if (!(await enter(() => markDataSent(db, id, owner)))) throw new LeaseLost();
    },
    // Not waited for: the next mail may go out while this one's end is being written. Until then
    // its row says `data-sent`, which is what a crash would leave anyhow.
    settle: ({ id, subscriberId }, settlement) => {
      const entry = enter(() => {
        const at = clock();
        const settled = settleDelivery(db, id, owner, settlement, at);
        if (settled && settlement.state === 'failed' && settlement.suppress)
          suppressReader(db, subscriberId, settlement.reason, at);
        return settled;
      });
      entry.catch((error: unknown) => {
        fault ??= { error };
      });
    },
    written: async () => {
      if (waiting.length > 0) flush();
      // The entries' own promises settle first.
      await Promise.resolve();
      if (fault) throw fault.error;
    },
  };
};

const suppressReader = (db: Db, subscriberId: number, reason: string, at: Date): void => {
  const reader = findById(db, subscriberId);
  if (reader) suppress(db, reader.email, 'hard', reason, at);
};
