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
  /** Writes how an attempt ended. Whoever lost the lease writes nothing. */
  readonly settle: (
    delivery: { readonly id: number; readonly subscriberId: number },
    settlement: Settlement,
  ) => Promise<void>;
};

type Entry = {
  readonly write: () => boolean;
  readonly done: (written: boolean) => void;
  readonly failed: (error: unknown) => void;
};

export const openLedger = (db: Db, owner: string, clock: () => Date): Ledger => {
  let waiting: Entry[] = [];
  const flush = (): void => {
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
      // After this turn of the event loop, in which other senders may have something to write too.
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ write, done, failed });
    });
  return {
    dataSent: async (id) => {
      if (!(await enter(() => markDataSent(db, id, owner)))) throw new LeaseLost();
    },
    settle: async ({ id, subscriberId }, settlement) => {
      await enter(() => {
        const at = clock();
        const settled = settleDelivery(db, id, owner, settlement, at);
        if (settled && settlement.state === 'failed' && settlement.suppress)
          suppressReader(db, subscriberId, settlement.reason, at);
        return settled;
      });
    },
  };
};

const suppressReader = (db: Db, subscriberId: number, reason: string, at: Date): void => {
  const reader = findById(db, subscriberId);
  if (reader) suppress(db, reader.email, 'hard', reason, at);
};
