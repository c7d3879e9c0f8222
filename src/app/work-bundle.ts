/** A worker's part: a bundle of orders printed and sent, each final dot by the ledger's word. */
import { mostRefusals, refusesUs, type SendOutcome } from '../domain/delivery.ts';
import type { Log } from '../lib/log.ts';
import type { PaperView } from '../mail/render.ts';
import { NotBegun, type Transport } from '../mail/transport.ts';
import type { Bundle } from '../queue/bundles.ts';
import { NoWord } from '../queue/word.ts';
import type { Archive, EditionSheet } from './archive.ts';
import type { BundledOrder, Opened, Question } from './bundle.ts';
import type { Letters } from './letters.ts';
import type { Printer } from './print-mail.ts';
import { sendPrinted } from './send-printed.ts';

export type WorkDeps = {
  readonly ask: (question: Question) => Promise<unknown>;
  readonly letters: Letters;
  readonly print: Printer;
  readonly transport: Transport;
  readonly log: Log;
  /** Mails of a bundle printed or in flight at once. */
  readonly concurrency: number;
};

/** The archive as a worker has it: it asks the keeper. */
export const askedArchive = (ask: WorkDeps['ask']): Archive => ({
  sheetOf: async (editionId) => (await ask({ kind: 'sheet', editionId })) as EditionSheet,
  papersOf: async (editionId, papers, language) =>
    papers.length === 0
      ? []
      : ((await ask({ kind: 'papers', editionId, papers, language })) as readonly PaperView[]),
});

/** The ledger says no: the mail is somebody else's, or its end is known already. */
class NotOurs extends Error {}

type Hand = {
  readonly lease: string;
  readonly queue: BundledOrder[];
  /** Why nothing more of the bundle is begun. */
  stopped: 'no-word' | 'host' | undefined;
  refusedInARow: number;
};

/**
 * Works through a bundle. What is not begun when the mail server is away or the signal comes is
 * given back.
 * @throws NoWord when the keeper cannot be heard: the bundle is then to be tried again.
 */
export const workBundle = async (
  deps: WorkDeps,
  bundle: Bundle,
  signal: AbortSignal,
): Promise<void> => {
  const orders = JSON.parse(bundle.orders) as readonly BundledOrder[];
  const { lease, ids } = (await deps.ask({ kind: 'open', bundle: bundle.id })) as Opened;
  const open = ids && new Set(ids);
  const hand: Hand = {
    lease,
    queue: orders.filter(({ id }) => !open || open.has(id)),
    stopped: undefined,
    refusedInARow: 0,
  };
  const send = async (): Promise<void> => {
    while (!hand.stopped && !signal.aborted) {
      const next = hand.queue.shift();
      if (!next) return;
      await sendOne(deps, hand, next, signal);
    }
  };
  await Promise.all(Array.from({ length: deps.concurrency }, send));
  if (hand.stopped !== 'no-word')
    for (const { id, order } of hand.queue)
      deps.letters.report({ ...reportOn(hand, id, order), outcome: { kind: 'released' } });
  await deps.letters.reported();
  if (hand.stopped === 'no-word') throw new NoWord('the service cannot be heard');
};

const reportOn = ({ lease }: Hand, id: number, { reader }: BundledOrder['order']) => ({
  ...{ lease, id },
  to: reader.email,
});

const sendOne = async (
  deps: WorkDeps,
  hand: Hand,
  bundled: BundledOrder,
  signal: AbortSignal,
): Promise<void> => {
  const { id, order } = bundled;
  const outcome = await attempt(deps, hand, bundled, signal);
  if (outcome === 'not-begun') hand.queue.unshift(bundled);
  if (!outcome || outcome === 'not-begun') return;
  if (outcome.kind === 'deferred' && outcome.scope === 'host') hand.stopped ??= 'host';
  // The keeper hears of it too late for this bundle.
  if (refusesUs(outcome)) hand.refusedInARow += 1;
  else if (outcome.kind !== 'deferred') hand.refusedInARow = 0;
  if (hand.refusedInARow >= mostRefusals) hand.stopped ??= 'host';
  deps.letters.report({ ...reportOn(hand, id, order), outcome });
  deps.log.debug({ delivery: order.key, ...outcome }, 'mail worked on');
};

const attempt = async (
  { print, transport, letters, log }: WorkDeps,
  hand: Hand,
  { id, order }: BundledOrder,
  signal: AbortSignal,
): Promise<SendOutcome | 'not-begun' | undefined> => {
  let dot = false;
  const beforeFinalDot = async (): Promise<void> => {
    if (!(await letters.mayEnd(hand.lease, id))) throw new NotOurs();
    dot = true;
  };
  const isOver = (): boolean => hand.stopped !== undefined || signal.aborted;
  try {
    return await sendPrinted({ print, transport }, order, beforeFinalDot, isOver);
  } catch (error) {
    if (error instanceof NotOurs) return undefined;
    if (error instanceof NotBegun) {
      // Of the server, if nobody has said why the round is over: the transport is closed.
      hand.stopped ??= 'host';
      return 'not-begun';
    }
    const reason = error instanceof Error ? error.message : String(error);
    // Whether the word was lost on its way here is not known. But no dot was written, and that is.
    if (error instanceof NoWord) hand.stopped = 'no-word';
    else log.error({ delivery: order.key, err: error }, 'delivery broke');
    return dot ? { kind: 'unknown', reason } : { kind: 'deferred', reason, scope: 'message' };
  }
};
