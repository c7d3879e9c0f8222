/**
 * Delivering through workers: what is due is claimed in bundles and handed out; the ledger follows
 * what becomes of them. It ends, as delivering in one process does, when nothing is left to hand out
 * and all that was handed out has come back.
 */
import { randomBytes } from 'node:crypto';
import { bundleOf, bundlePrefix, endBundle, listBundles } from '../db/bundles.ts';
import { postponeDelivery, settleDoubtful } from '../db/deliveries.ts';
import { areManyDue } from '../db/delivery-counts.ts';
import { leaseFrom, type Settlement } from '../domain/delivery.ts';
import type { Log } from '../lib/log.ts';
import type { BundleQueue } from '../queue/bundles.ts';
import type { Report } from '../queue/reports.ts';
import type { Word } from '../queue/word.ts';
import type { BundledOrder } from './bundle.ts';
import type { Delivered, DeliverOptions } from './deliver.ts';
import { type Gate, openGate, type Pace } from './gate.ts';
import {
  answerQuestions,
  type Entered,
  enterReports,
  type KeeperDeps,
  needlessNow,
} from './keeper.ts';
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
  /** Answers what workers ask, and enters what they report in their letters. */
  readonly answer: (questions: readonly unknown[]) => Promise<readonly Word[]>;
  /** Enters what workers report otherwise. */
  readonly enter: (reports: readonly Report[]) => Promise<void>;
  readonly deliver: (options?: DeliverOptions) => Promise<Delivered>;
};

/** Mails in a bundle: enough that asking for it costs little, few enough to lose to a dead worker. */
const bundleSize = 100;

/** Bundles handed out and not back yet, for each worker: it never waits for the next one. */
const bundlesEach = 4;

/** So soon after it was handed out a bundle is as it was: that is how long any claimed mail waits. */
const unchangedMs = 1_000;

/** How often Redis is asked which bundles it still knows, and for how long it may not know one. */
const reviewMs = 1_000;
const missingMs = 4_000;

type State = {
  readonly deps: HandOutDeps;
  readonly tally: Record<Settlement['state'], number>;
  /** Bundles that nobody has opened yet, with when they were handed out. */
  readonly unopened: Map<string, number>;
  /** Bundles handed out, with how many of their mails are not back yet, as far as is known here. */
  out: Map<string, number>;
  /** Ends a pause: a bundle is back. */
  wake: () => void;
  /** The round under way, which hears of every report. */
  round?: { readonly gate: Gate; readonly options: DeliverOptions };
};

export const createHandOut = (deps: HandOutDeps): HandOut => {
  const tally = { sent: 0, deferred: 0, failed: 0, unknown: 0 };
  const state: State = {
    ...{ deps, tally, unopened: new Map(), out: new Map() },
    wake: () => undefined,
  };
  const isUnchanged = (bundle: string): boolean => {
    const handedOutAt = state.unopened.get(bundle);
    state.unopened.delete(bundle);
    const age = deps.clock().getTime() - (handedOutAt ?? 0);
    return handedOutAt !== undefined && age >= 0 && age < unchangedMs;
  };
  return {
    answer: async (questions) => {
      const { words, entered } = await answerQuestions(deps, questions, isUnchanged);
      for (const one of entered) learn(state, one);
      return words;
    },
    enter: async (reports) => {
      for (const one of await enterReports(deps, reports)) learn(state, one);
    },
    deliver: (options = {}) => deliverByWorkers(state, options),
  };
};

const learn = (state: State, { report, settlement }: Entered): void => {
  const { tally, round, out } = state;
  const { to, outcome } = report;
  if (settlement) {
    tally[settlement.state] += 1;
    round?.options.onSettled?.(settlement);
  }
  if (outcome.kind !== 'released') round?.gate.note(to, outcome);
  const bundle = bundleOf(report.lease);
  const left = (out.get(bundle) ?? 1) - 1;
  if (left > 0) out.set(bundle, left);
  else {
    out.delete(bundle);
    state.wake();
  }
};

const deliverByWorkers = async (state: State, options: DeliverOptions): Promise<Delivered> => {
  const { deps, tally } = state;
  const before = { ...tally };
  const { db, clock, log, pace } = deps;
  const { signal, atOnce = false } = options;
  const gate = openGate({ db, clock, log, pace, atOnce });
  const round = openRound(state, gate);
  state.round = { gate, options };
  try {
    while (!signal?.aborted) {
      await within(round.review(), signal);
      if (await within(round.handOut(), signal)) continue;
      if (state.out.size === 0 && listBundles(db).size === 0) break;
      await pause(state);
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

const pause = (state: State): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, pauseMs);
    state.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });

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

const openRound = (state: State, gate: Gate): Round => {
  const { deps, tally, unopened } = state;
  const { db, clock, queue, log, sendRate } = deps;
  const missingSince = new Map<string, number>();
  const now = (): number => clock().getTime();
  const size = Math.max(1, Math.min(bundleSize, Math.floor(sendRate ?? bundleSize)));
  let [reviewedAt, nextSlotAt, warned] = [0, 0, false];
  let workers = { count: 0, askedAt: 0 };
  const countWorkers = async (): Promise<number> => {
    const age = Math.abs(now() - workers.askedAt);
    if (workers.count === 0 || age >= reviewMs)
      workers = { count: await queue.workers(), askedAt: now() };
    return workers.count;
  };
  const mayHandOut = async (): Promise<boolean> => {
    if (now() < nextSlotAt) return false;
    const count = await countWorkers();
    if (count > 0) return state.out.size < bundlesEach * count;
    if (!warned && areManyDue(db, clock(), 1)) {
      log.warn({}, 'mails are due and no worker is there: start "paperboy worker"');
      warned = true;
    }
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
      if (bundle.orders.length === 0) return true;
      state.out.set(bundle.id, bundle.orders.length);
      unopened.set(bundle.id, now());
      await queue.add({ id: bundle.id, orders: JSON.stringify(bundle.orders) });
      return true;
    },
    review: async () => {
      if (Math.abs(now() - reviewedAt) < reviewMs) return;
      reviewedAt = now();
      state.out = listBundles(db);
      const bundles = [...state.out.keys()];
      for (const id of unopened.keys()) if (!state.out.has(id)) unopened.delete(id);
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
 * Claims what is due for one bundle, durable with the first letter about it: a claim lost in a power
 * cut is a bundle of which nothing is open. What is needless by now is settled at once, and what may not go
 * yet is given back until then.
 */
const claimBundle = (
  { db, commits, clock }: HandOutDeps,
  gate: Gate,
  size: number,
): { readonly id: string; readonly orders: readonly BundledOrder[] } | undefined => {
  const id = `${bundlePrefix}${randomBytes(8).toString('hex')}`;
  const now = clock();
  return commits.commit(() => {
    const lease = { owner: id, now, until: leaseFrom(now) };
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
      const { order } = ordered;
      const admission = gate.admit({ kind: delivery.kind, to: order.reader.email });
      const { kind, at } = admission;
      // The gate has looked at the clock a little later than we have.
      if (kind === 'go' && at <= clock()) return [{ id: delivery.id, order }];
      const why = kind === 'later' ? admission.why : 'SEND_RATE or DOMAIN_RATES';
      postponeDelivery(db, delivery.id, id, { until: at, why });
      return [];
    });
    return { id, orders };
  });
};
