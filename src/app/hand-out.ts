/**
 * Delivering through workers: what is due is claimed in bundles and handed out; the ledger follows
 * what becomes of them. It ends, as delivering in one process does, when nothing is left to hand out
 * and all that was handed out has come back.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundlePrefix, endBundle, listBundles } from '../db/bundles.ts';
import { postponeDelivery, settleDoubtful } from '../db/deliveries.ts';
import { inTransaction } from '../db/open.ts';
import { leaseMs, type Settlement } from '../domain/delivery.ts';
import type { Log } from '../lib/log.ts';
import type { BundleQueue } from '../queue/bundles.ts';
import type { Report } from '../queue/reports.ts';
import type { BundledOrder } from './bundle.ts';
import type { Delivered, DeliverOptions } from './deliver.ts';
import { type Gate, openGate, type Pace } from './gate.ts';
import { enterReports, type KeeperDeps, needlessNow } from './keeper.ts';
import { enterSettlement } from './ledger.ts';
import { claimOrders } from './orders.ts';

export type HandOutDeps = KeeperDeps & {
  readonly queue: BundleQueue;
  readonly log: Log;
  /** Messages a second at most, of all workers together. */
  readonly sendRate?: number | undefined;
  /** Without patience: what may not go at once waits in the ledger. */
  readonly pace: Pace;
};

export type HandOut = {
  /** Enters what workers report. */
  readonly enter: (reports: readonly Report[]) => void;
  readonly deliver: (options?: DeliverOptions) => Promise<Delivered>;
};

/** Mails in a bundle: enough that asking for it costs little, few enough to lose to a dead worker. */
const bundleSize = 50;

/** Bundles handed out and not back yet; workers never wait for the next one. */
const mostBundles = 40;

/** How often Redis is asked which bundles it still knows, and for how long it may not know one. */
const reviewMs = 1_000;
const missingMs = 4_000;

type State = {
  readonly deps: HandOutDeps;
  readonly tally: Record<Settlement['state'], number>;
  /** The round under way, which hears of every report. */
  round?: { readonly gate: Gate; readonly options: DeliverOptions };
};

export const createHandOut = (deps: HandOutDeps): HandOut => {
  const tally = { sent: 0, deferred: 0, failed: 0, unknown: 0 };
  const state: State = { deps, tally };
  return {
    enter: (reports) => {
      for (const settlement of enterReports(deps, reports)) {
        tally[settlement.state] += 1;
        state.round?.options.onSettled?.(settlement);
      }
      for (const { to, outcome } of reports)
        if (outcome.kind !== 'released') state.round?.gate.note(to, outcome);
    },
    deliver: (options = {}) => deliverByWorkers(state, options),
  };
};

const deliverByWorkers = async (state: State, options: DeliverOptions): Promise<Delivered> => {
  const { deps, tally } = state;
  const before = { ...tally };
  const { db, clock, log, pace } = deps;
  const { signal, atOnce = false } = options;
  const gate = openGate({ db, clock, log, pace, atOnce });
  const round = openRound(deps, gate, tally);
  state.round = { gate, options };
  try {
    while (!signal?.aborted) {
      await within(round.review(), signal);
      if (await within(round.handOut(), signal)) continue;
      if (listBundles(db).size === 0) break;
      await sleep(pauseMs);
    }
    if (signal?.aborted) await within(round.takeBack(), AbortSignal.timeout(stopMs));
  } finally {
    delete state.round;
  }
  return {
    sent: tally.sent - before.sent,
    deferred: tally.deferred - before.deferred,
    failed: tally.failed - before.failed,
    unknown: tally.unknown - before.unknown,
  };
};

const pauseMs = 50;
const stopMs = 5_000;

// Redis may be away for long, and who waits for it must still be able to stop.
const within = async <T>(work: Promise<T>, signal?: AbortSignal): Promise<T | undefined> => {
  work.catch(() => undefined);
  if (!signal) return work;
  if (signal.aborted) return undefined;
  let stop = (): void => undefined;
  const stopped = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([work, stopped]).finally(() => signal.removeEventListener('abort', stop));
};

type Round = {
  /** Hands out one bundle; false when none is due, or none may go now. */
  readonly handOut: () => Promise<boolean>;
  /** Ends the bundles that Redis no longer knows. */
  readonly review: () => Promise<void>;
  /** Takes back what no worker has begun. */
  readonly takeBack: () => Promise<void>;
};

const openRound = (deps: HandOutDeps, gate: Gate, tally: State['tally']): Round => {
  const { db, clock, queue, log, sendRate } = deps;
  const missingSince = new Map<string, number>();
  const now = (): number => clock().getTime();
  const size = Math.max(1, Math.min(bundleSize, Math.floor(sendRate ?? bundleSize)));
  let [reviewedAt, nextSlotAt, warned] = [0, 0, false];
  const mayHandOut = async (): Promise<boolean> => {
    if (now() < nextSlotAt || listBundles(db).size >= mostBundles) return false;
    if ((await queue.workers()) > 0) return true;
    if (!warned) log.warn({}, 'mails are due and no worker is there: start "paperboy worker"');
    warned = true;
    return false;
  };
  return {
    handOut: async () => {
      if (!(await mayHandOut())) return false;
      const server = gate.server();
      if (server === 'shut') return false;
      // One mail goes ahead where the server was away.
      const bundle = claimBundle(deps, gate, server === 'probe' ? 1 : size);
      if (!bundle) return false;
      nextSlotAt = sendRate ? Math.max(now(), nextSlotAt) + (1000 * size) / sendRate : 0;
      if (bundle.orders.length > 0)
        await queue.add({ id: bundle.id, orders: JSON.stringify(bundle.orders) });
      return true;
    },
    review: async () => {
      if (Math.abs(now() - reviewedAt) < reviewMs) return;
      reviewedAt = now();
      const bundles = [...listBundles(db).keys()];
      const known = await queue.unfinished(bundles);
      for (const id of bundles) {
        if (known.has(id)) missingSince.delete(id);
        else if (!missingSince.has(id)) missingSince.set(id, now());
        // Its last reports may still be on their way.
        else if (now() - (missingSince.get(id) ?? 0) >= missingMs) {
          endBundle(db, id, clock());
          missingSince.delete(id);
          log.info(
            { bundle: id },
            'a bundle is gone: what was not begun of it is handed out again',
          );
        }
      }
      tally.unknown += settleDoubtful(db, clock());
    },
    takeBack: async () => {
      for (const id of await queue.takeBack([...listBundles(db).keys()]))
        endBundle(db, id, clock());
    },
  };
};

/**
 * Claims what is due for one bundle. What is needless by now is settled at once, and what may not go
 * yet is given back until then.
 */
const claimBundle = (
  { db, clock }: HandOutDeps,
  gate: Gate,
  size: number,
): { readonly id: string; readonly orders: readonly BundledOrder[] } | undefined => {
  const id = `${bundlePrefix}${randomBytes(8).toString('hex')}`;
  const now = clock();
  return inTransaction(db, () => {
    const lease = { owner: id, now, until: new Date(now.getTime() + leaseMs) };
    const claims = claimOrders(db, lease, size);
    if (claims.length === 0) return undefined;
    const orders = claims.flatMap((claim) => {
      const { delivery, ordered } = claim;
      const reason = needlessNow(claim, now);
      if (ordered.kind === 'needless' || reason !== undefined) {
        const settlement = { state: 'failed', reason: reason ?? '', suppress: false } as const;
        enterSettlement(db, id, delivery, settlement, now);
        return [];
      }
      const { kind, at } = gate.admit({ kind: delivery.kind, to: ordered.order.reader.email });
      // The gate has looked at the clock a little later than we have.
      if (kind === 'go' && at <= clock()) return [{ id: delivery.id, order: ordered.order }];
      postponeDelivery(db, delivery.id, id, at);
      return [];
    });
    return { id, orders };
  });
};
