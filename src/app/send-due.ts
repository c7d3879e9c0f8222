/** One round of the main job: plan what is due, deliver it, and count by the ledger. */
import { setTimeout as sleep } from 'node:timers/promises';
import { endLeases } from '../db/deliveries.ts';
import { countDigestsSince, mailsHeld, markLedger } from '../db/delivery-counts.ts';
import type { Db } from '../db/open.ts';
import type { Deliver, DeliverOptions } from './deliver.ts';
import { type Plan, type PlanRequest, planDigests } from './plan.ts';

export type SendReport = Plan & {
  readonly sent: number;
  readonly deferred: number;
  readonly failed: number;
  readonly unknown: number;
  /** Planned, and left for the next round or another process. */
  readonly waiting: number;
};

/** How long to wait for digests that another process has taken up. */
const patienceMs = 30_000;

/**
 * Plans and delivers. Digests that an earlier round left waiting are delivered too and counted, and
 * so is what a service running beside this process takes off its hands.
 */
export const sendDue = async (
  deps: { readonly db: Db; readonly clock: () => Date; readonly deliver: Deliver },
  isGone: (owner: string) => boolean,
  plan: PlanRequest,
  options: DeliverOptions & {
    readonly onPlanned?: (waiting: number) => void;
    /** Nothing is left to send, but others hold mails that are not settled: a service, or one that died. */
    readonly onHeld?: (held: ReturnType<typeof mailsHeld>) => void;
  },
): Promise<SendReport> => {
  const { db, clock } = deps;
  endLeases(db, isGone, clock());
  const mark = markLedger(db);
  const planned = planDigests(db, plan);
  options.onPlanned?.(planned.planned + mark.waiting.length);
  await deps.deliver(options);
  const giveUpAt = clock().getTime() + patienceMs;
  let counts = countDigestsSince(db, mark);
  if (inFlight(counts) > 0) options.onHeld?.(mailsHeld(db));
  while (inFlight(counts) > 0 && !options.signal?.aborted && clock().getTime() < giveUpAt) {
    await sleep(100);
    counts = countDigestsSince(db, mark);
  }
  return {
    ...planned,
    due: planned.due + mark.waiting.length,
    sent: counts.sent ?? 0,
    deferred: counts.deferred ?? 0,
    failed: counts.failed ?? 0,
    unknown: counts.unknown ?? 0,
    waiting: (counts.planned ?? 0) + inFlight(counts),
  };
};

const inFlight = (counts: ReturnType<typeof countDigestsSince>): number =>
  (counts.claimed ?? 0) + (counts['data-sent'] ?? 0);
