/** The delivery loop: claim → print → send → settle, several mails at a time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { releaseDelivery } from '../db/deliveries.ts';
import { type Db, inTransaction } from '../db/open.ts';
import {
  isTooLate,
  leaseFrom,
  type SendOutcome,
  type Settlement,
  settle,
} from '../domain/delivery.ts';
import type { Log } from '../lib/log.ts';
import { NotBegun, type Transport } from '../mail/transport.ts';
import { createPace, type Gate, openGate, type Pace } from './gate.ts';
import { LeaseLost, type Ledger, openLedger } from './ledger.ts';
import { settleLeftOver } from './left-over.ts';
import type { Claim } from './orders.ts';
import type { Printer } from './print-mail.ts';
import { sendPrinted } from './send-printed.ts';

export type DeliverDeps = {
  readonly db: Db;
  readonly clock: () => Date;
  readonly transport: Transport;
  readonly print: Printer;
  /** Names this process in the ledger. */
  readonly owner: string;
  readonly log: Log;
  /**
   * Mails printed or in flight at once. Twice as many as there are connections, and the next one can
   * begin on each while the answer to the one before is on its way.
   */
  readonly concurrency: number;
  /** Messages a second at most. */
  readonly sendRate?: number | undefined;
  /** The pace by domain and day; unlimited when left out. */
  readonly pace?: Pace | undefined;
};

export type Delivered = {
  readonly sent: number;
  readonly deferred: number;
  readonly failed: number;
  readonly unknown: number;
};

export type DeliverOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly onSettled?: (settlement: Settlement) => void;
  /** Tries the server now, even if it was found away a moment ago: somebody asks for it. */
  readonly atOnce?: boolean;
};

/** Delivers what is due, in this process or through workers. */
export type Deliver = (options?: DeliverOptions) => Promise<Delivered>;

/** A way of delivering, opened by the settings. */
export type Delivery = {
  /** For the log; no password in it. */
  readonly describe: string;
  readonly deliver: Deliver;
  /** Lets go of every connection. */
  readonly close: () => Promise<void>;
};

/**
 * Sends everything whose time has come, until nothing is left, the signal is given, or the server
 * fails (then the rest waits). A server that has failed is asked with one mail first. A mail in
 * flight when the signal comes is brought to its end.
 */
export const deliverDue = async (
  deps: DeliverDeps,
  options: DeliverOptions = {},
): Promise<Delivered> => {
  const { db, clock } = deps;
  const tally = { sent: 0, deferred: 0, failed: 0, unknown: 0 };
  const leftOver = await settleLeftOver(db, deps.transport, clock());
  tally.sent += leftOver.sent;
  tally.unknown += leftOver.unknown;
  const ledger = openLedger(db, deps.owner, clock);
  const { signal, atOnce = false } = options;
  const gate = openGate({ db, clock, log: deps.log, pace: deps.pace ?? createPace(), atOnce });
  const run: Run = {
    ledger,
    gate,
    queue: [],
    parked: [],
    inHand: new Set(),
    stopped: false,
    heard: false,
    nextSlotAt: 0,
  };
  const work = async (isOver: () => boolean): Promise<void> => {
    while (!isOver()) {
      const next = await takeNext(deps, run, signal);
      if (!next) return;
      await waitForSlot(deps, run, signal);
      // The slot was waited for while the server failed, or the end was asked for.
      if (run.stopped || signal?.aborted) return void run.queue.unshift(next);
      const settlement = await deliverOne(deps, run, next, signal);
      if (settlement === 'not-begun') return;
      run.inHand.delete(next.delivery.id);
      if (!settlement) continue;
      tally[settlement.state] += 1;
      options.onSettled?.(settlement);
    }
  };
  const server = gate.server();
  try {
    if (server === 'probe') await work(() => run.heard);
    if (server !== 'shut') await allHands(deps.concurrency, run, work);
  } finally {
    await letGo(deps, run);
  }
  return tally;
};

/** Several at once. One that breaks ends the round; the others bring what they have in hand to its end. */
const allHands = async (
  count: number,
  run: Run,
  work: (isOver: () => boolean) => Promise<void>,
): Promise<void> => {
  const hand = async (): Promise<void> => {
    try {
      await work(() => run.stopped);
    } catch (error) {
      run.stopped = true;
      throw error;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: count }, hand));
  const broken = ended.find((each) => each.status === 'rejected');
  if (broken) throw broken.reason;
};

/** Waits until all that was entered is durable, and gives back what was claimed and not tried. */
const letGo = async ({ db, owner }: DeliverDeps, run: Run): Promise<void> => {
  try {
    await run.ledger.close();
  } finally {
    inTransaction(db, () => {
      for (const { delivery } of [...run.queue, ...run.parked.map(({ claim }) => claim)])
        releaseDelivery(db, delivery.id, owner);
    });
  }
};

type Run = {
  readonly ledger: Ledger;
  readonly gate: Gate;
  /** Claimed, and not looked at yet. */
  readonly queue: Claim[];
  /** Claimed, and waiting for their moment; the earliest first. */
  readonly parked: { readonly at: Date; readonly claim: Claim }[];
  /** Claimed by this round and not settled or given back, by number. */
  readonly inHand: Set<number>;
  /** The server fails. */
  stopped: boolean;
  /** The server has answered, or failed to. */
  heard: boolean;
  nextSlotAt: number;
};

/** Why a mail that is too late is not sent. */
export const tooLate = 'stale: it waited too long';

/** While mails wait for their moment, the ledger is looked at as often: a notice may have come. */
const lookMs = 1_000;

/** The next mail that may go now; waits for one whose moment is near. */
const takeNext = async (
  deps: DeliverDeps,
  run: Run,
  signal: AbortSignal | undefined,
): Promise<Claim | undefined> => {
  while (!run.stopped && !signal?.aborted) {
    const now = deps.clock();
    const ripest = run.parked[0];
    if (ripest && ripest.at <= now) return run.parked.shift()?.claim;
    const claim = run.queue.shift() ?? claimMore(deps, run);
    if (claim) {
      if (await mayGo(run, claim, now)) return claim;
    } else if (ripest) await pause(Math.min(ripest.at.getTime() - now.getTime(), lookMs), signal);
    else return undefined;
  }
  return undefined;
};

/** Whether a mail may go now. One that may not is parked, or given back until later. */
const mayGo = async (run: Run, claim: Claim, now: Date): Promise<boolean> => {
  const { delivery, ordered } = claim;
  // What will not be sent needs no room.
  if (ordered.kind === 'needless' || isTooLate(delivery, now)) return true;
  const to = ordered.order.reader.email;
  const admission = run.gate.admit({ kind: delivery.kind, to });
  const { kind, at } = admission;
  if (kind === 'go' && at <= now) return true;
  if (kind === 'later') {
    await run.ledger.postpone(delivery.id, { until: at, why: admission.why });
    run.inHand.delete(delivery.id);
  } else {
    const place = run.parked.findIndex((other) => other.at > at);
    run.parked.splice(place < 0 ? run.parked.length : place, 0, { at, claim });
  }
  return false;
};

const claimMore = (deps: DeliverDeps, run: Run): Claim | undefined => {
  const now = deps.clock();
  const lease = { owner: deps.owner, now, until: leaseFrom(now) };
  const claims = run.ledger.claim(lease, claimSize(deps));
  // Where mails take so long that a lease ran out in hand, the claim has renewed it: the mail is there
  // once, all the same.
  const fresh = claims.filter(({ delivery }) => !run.inHand.has(delivery.id));
  for (const { delivery } of fresh) run.inHand.add(delivery.id);
  run.queue.push(...fresh);
  return run.queue.shift();
};

// A few for each sender: a claim is a durable commit, and what a killed process on another machine
// had claimed waits for its lease to end. At a slow pace no more than go out within a second: what
// is known of a reader is known from the moment of the claim.
const claimSize = ({ concurrency, sendRate = Number.POSITIVE_INFINITY }: DeliverDeps): number =>
  Math.max(concurrency, Math.min(concurrency * 5, Math.ceil(sendRate)));

const waitForSlot = async (deps: DeliverDeps, run: Run, signal?: AbortSignal): Promise<void> => {
  if (deps.sendRate === undefined) return;
  const now = deps.clock().getTime();
  const slotAt = Math.max(now, run.nextSlotAt);
  run.nextSlotAt = slotAt + 1000 / deps.sendRate;
  if (slotAt > now) await pause(slotAt - now, signal);
};

const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);

const deliverOne = async (
  deps: DeliverDeps,
  run: Run,
  claim: Claim,
  signal: AbortSignal | undefined,
): Promise<Settlement | 'not-begun' | undefined> => {
  const { clock, log } = deps;
  const { delivery } = claim;
  const progress = { dataSent: false };
  try {
    const settlement = await attempt(deps, run, claim, progress, signal);
    run.ledger.settle(delivery, settlement);
    // No address in the log: the delivery's key leads to it in the ledger.
    log.debug({ delivery: delivery.key, ...settlement }, 'delivery settled');
    return settlement;
  } catch (error) {
    if (error instanceof LeaseLost) return undefined;
    if (error instanceof NotBegun) {
      run.stopped = true;
      run.queue.unshift(claim);
      return 'not-begun';
    }
    // One mail that cannot be composed must not stop the others; it is tried again later. What
    // broke after the dot may have been delivered: that is never tried again.
    log.error({ delivery: delivery.key, err: error }, 'delivery broke');
    const reason = error instanceof Error ? error.message : String(error);
    const outcome: SendOutcome = progress.dataSent
      ? { kind: 'unknown', reason }
      : { kind: 'deferred', reason, scope: 'message' };
    const settlement = settle(delivery, outcome, clock());
    run.ledger.settle(delivery, settlement);
    return settlement;
  }
};

const attempt = async (
  deps: DeliverDeps,
  run: Run,
  claim: Claim,
  progress: { dataSent: boolean },
  signal: AbortSignal | undefined,
): Promise<Settlement> => {
  const { delivery, ordered } = claim;
  if (isTooLate(delivery, deps.clock()))
    return { state: 'failed', reason: tooLate, suppress: false };
  if (ordered.kind === 'needless')
    return { state: 'failed', reason: ordered.reason, suppress: false };
  const { order } = ordered;
  // Without the lease the dot must not go out: another sender may have claimed the mail.
  const beforeFinalDot = async (): Promise<void> => {
    await run.ledger.dataSent(delivery.id);
    progress.dataSent = true;
  };
  // Who waits for a connection while the server fails on another shall not try it again.
  const isOver = (): boolean => run.stopped || signal?.aborted === true;
  const outcome: SendOutcome = await sendPrinted(deps, order, beforeFinalDot, isOver);
  const meant = run.gate.note(order.reader.email, outcome);
  run.heard = true;
  run.stopped ||= run.gate.server() === 'shut';
  return settle(delivery, meant, deps.clock());
};
