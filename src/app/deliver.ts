/** The delivery loop: claim → print → send → settle, several mails at a time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { releaseDelivery, settleDoubtful } from '../db/deliveries.ts';
import { type Db, inTransaction } from '../db/open.ts';
import { isStale, leaseMs, type SendOutcome, type Settlement, settle } from '../domain/delivery.ts';
import type { Log } from '../lib/log.ts';
import type { Transport } from '../mail/transport.ts';
import { LeaseLost, type Ledger, openLedger } from './ledger.ts';
import { type Claim, claimOrders } from './orders.ts';
import type { Printer } from './print-mail.ts';

export type DeliverDeps = {
  readonly db: Db;
  readonly clock: () => Date;
  readonly transport: Transport;
  readonly print: Printer;
  /** Names this process in the ledger. */
  readonly owner: string;
  readonly log: Log;
  /** Mails in flight at once. */
  readonly concurrency: number;
  /** Messages a second at most. */
  readonly sendRate?: number | undefined;
};

export type Delivered = {
  readonly sent: number;
  readonly deferred: number;
  readonly failed: number;
  readonly unknown: number;
};

export type DeliverOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly onSettled?: () => void;
};

/**
 * Sends everything whose time has come, until nothing is left, the signal is given, or the server
 * cannot be reached (then the rest waits for the next tick). A mail in flight when the signal comes
 * is brought to its end.
 */
export const deliverDue = async (
  deps: DeliverDeps,
  options: DeliverOptions = {},
): Promise<Delivered> => {
  const { db, clock } = deps;
  const tally = { sent: 0, deferred: 0, failed: 0, unknown: 0 };
  tally.unknown += settleDoubtful(db, clock());
  const ledger = openLedger(db, deps.owner, clock);
  const run: Run = { queue: [], stopped: false, nextSlotAt: 0, ledger };
  const worker = async (): Promise<void> => {
    for (let next = take(deps, run, options); next; next = take(deps, run, options)) {
      await waitForSlot(deps, run, options.signal);
      const settlement = await deliverOne(deps, run, next);
      if (settlement) tally[settlement.state] += 1;
      options.onSettled?.();
    }
  };
  await Promise.all(Array.from({ length: deps.concurrency }, worker));
  await ledger.close();
  inTransaction(db, () => {
    for (const { delivery } of run.queue) releaseDelivery(db, delivery.id, deps.owner);
  });
  return tally;
};

type Run = {
  queue: Claim[];
  stopped: boolean;
  nextSlotAt: number;
  readonly ledger: Ledger;
};

const take = (deps: DeliverDeps, run: Run, options: DeliverOptions): Claim | undefined => {
  if (run.stopped || options.signal?.aborted) return undefined;
  const waiting = run.queue.shift();
  if (waiting) return waiting;
  const now = deps.clock();
  const lease = { owner: deps.owner, now, until: new Date(now.getTime() + leaseMs) };
  run.queue.push(...claimOrders(deps.db, lease, claimSize(deps)));
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
  if (slotAt > now) await sleep(slotAt - now, undefined, { signal }).catch(() => undefined);
};

const deliverOne = async (
  deps: DeliverDeps,
  run: Run,
  claim: Claim,
): Promise<Settlement | undefined> => {
  const { clock, log } = deps;
  const { delivery } = claim;
  const progress = { dataSent: false };
  try {
    const settlement = await attempt(deps, run, claim, progress);
    run.ledger.settle(delivery, settlement);
    // No address in the log: the delivery's key leads to it in the ledger.
    log.debug({ delivery: delivery.key, ...settlement }, 'delivery settled');
    return settlement;
  } catch (error) {
    if (error instanceof LeaseLost) return undefined;
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
  { delivery, ordered }: Claim,
  progress: { dataSent: boolean },
): Promise<Settlement> => {
  // Claimed late, after an outage: the next digest is nearer than this one is fresh.
  if (delivery.kind === 'digest' && isStale(delivery.plannedAt, deps.clock()))
    return { state: 'failed', reason: 'stale: it waited too long', suppress: false };
  if (ordered.kind === 'needless')
    return { state: 'failed', reason: ordered.reason, suppress: false };
  const mail = await deps.print(ordered.order);
  // Without the lease the dot must not go out: another sender may have claimed the mail.
  const outcome: SendOutcome = await deps.transport.send(mail, async () => {
    await run.ledger.dataSent(delivery.id);
    progress.dataSent = true;
  });
  if (outcome.kind === 'deferred' && outcome.scope === 'host') run.stopped = true;
  return settle(delivery, outcome, deps.clock());
};
