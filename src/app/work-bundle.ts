/** A worker's part: a bundle of orders printed and sent, each final dot by the ledger's word. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SendOutcome } from '../domain/delivery.ts';
import type { Log } from '../lib/log.ts';
import type { PaperView } from '../mail/render.ts';
import type { Transport } from '../mail/transport.ts';
import type { Bundle } from '../queue/bundles.ts';
import type { Report } from '../queue/reports.ts';
import { NoWord } from '../queue/word.ts';
import type { Archive, EditionSheet } from './archive.ts';
import type { BundledOrder, Question } from './bundle.ts';
import type { Printer } from './print-mail.ts';

export type WorkDeps = {
  readonly ask: (question: Question) => Promise<unknown>;
  readonly report: (report: Report) => void;
  /** Resolves when the reports so far are on their way. */
  readonly reported: () => Promise<void>;
  readonly print: Printer;
  readonly transport: Transport;
  readonly log: Log;
  /** Mails in flight at once. */
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
  readonly bundle: string;
  readonly queue: BundledOrder[];
  readonly mayEnd: (id: number) => Promise<boolean>;
  /** Why nothing more of the bundle is begun. */
  stopped: 'no-word' | 'host' | undefined;
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
  const open = new Set((await deps.ask({ kind: 'open', bundle: bundle.id })) as readonly number[]);
  const hand: Hand = {
    bundle: bundle.id,
    queue: orders.filter(({ id }) => open.has(id)),
    mayEnd: gatherDots(deps.ask, bundle.id),
    stopped: undefined,
  };
  const send = async (): Promise<void> => {
    while (!hand.stopped && !signal.aborted) {
      const next = hand.queue.shift();
      if (!next) return;
      await sendOne(deps, hand, next);
    }
  };
  await Promise.all(Array.from({ length: deps.concurrency }, send));
  if (hand.stopped !== 'no-word')
    for (const { id, order } of hand.queue)
      deps.report({ ...reportOn(hand, id, order), outcome: { kind: 'released' } });
  await deps.reported();
  if (hand.stopped === 'no-word') throw new NoWord('the service cannot be heard');
};

const reportOn = ({ bundle }: Hand, id: number, { reader }: BundledOrder['order']) => ({
  ...{ bundle, id },
  to: reader.email,
});

const sendOne = async (deps: WorkDeps, hand: Hand, { id, order }: BundledOrder): Promise<void> => {
  const outcome = await attempt(deps, hand, id, order);
  if (!outcome) return;
  if (outcome.kind === 'deferred' && outcome.scope === 'host') hand.stopped ??= 'host';
  deps.report({ ...reportOn(hand, id, order), outcome });
  deps.log.debug({ delivery: order.key, ...outcome }, 'mail worked on');
};

const attempt = async (
  { print, transport, log }: WorkDeps,
  hand: Hand,
  id: number,
  order: BundledOrder['order'],
): Promise<SendOutcome | undefined> => {
  let dot = false;
  try {
    return await transport.send(await print(order), async () => {
      if (!(await hand.mayEnd(id))) throw new NotOurs();
      dot = true;
    });
  } catch (error) {
    if (error instanceof NotOurs) return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    // Whether the word was lost on its way here is not known. But no dot was written, and that is.
    if (error instanceof NoWord) hand.stopped = 'no-word';
    else log.error({ delivery: order.key, err: error }, 'delivery broke');
    return dot ? { kind: 'unknown', reason } : { kind: 'deferred', reason, scope: 'message' };
  }
};

/** Senders that reach their dots within this time of each other ask together. */
const gatherMs = 2;

const gatherDots = (ask: WorkDeps['ask'], bundle: string): Hand['mayEnd'] => {
  let gathered: number[] = [];
  let answer: Promise<ReadonlySet<number>> | undefined;
  const askTogether = async (): Promise<ReadonlySet<number>> => {
    await sleep(gatherMs);
    const ids = gathered;
    gathered = [];
    answer = undefined;
    return new Set((await ask({ kind: 'data-sent', bundle, ids })) as readonly number[]);
  };
  return async (id) => {
    gathered.push(id);
    answer ??= askTogether();
    return (await answer).has(id);
  };
};
