/**
 * The keeper of the ledger gives workers its word. They print and send; what counts as sent is
 * entered here, each entry durable before it is answered, so that the promises of a single process
 * hold for any number: a worker writes no final dot without `data-sent` in the ledger.
 */
import { randomBytes } from 'node:crypto';
import { findLeased, takeUpBundle } from '../db/bundles.ts';
import type { Commits } from '../db/commits.ts';
import { markDataSent, releaseDelivery, settleDelivery } from '../db/deliveries.ts';
import type { Db } from '../db/open.ts';
import { isTooLate, leaseFrom, type Settlement, settle, settleEnded } from '../domain/delivery.ts';
import type { Report } from '../queue/reports.ts';
import type { Word } from '../queue/word.ts';
import type { Archive } from './archive.ts';
import type { Letter, Opened, Question } from './bundle.ts';
import { tooLate } from './deliver.ts';
import { enterSettlement } from './ledger.ts';
import { type Claim, writeOrders } from './orders.ts';

export type KeeperDeps = {
  readonly db: Db;
  /** Of the same database. */
  readonly commits: Commits;
  readonly clock: () => Date;
  readonly archive: Archive;
};

/** A report that was entered, and how the attempt was settled; `undefined` where none was made. */
export type Entered = { readonly report: Report; readonly settlement?: Settlement };

export type Answers = {
  /** A word for each question. */
  readonly words: readonly Word[];
  readonly entered: readonly Entered[];
};

/**
 * Answers questions that came together, what they want entered in one commit, and resolves when that
 * is durable. `isUnchanged` says of a bundle that is opened for the first time whether all of it is
 * still as it was handed out.
 */
export const answerQuestions = async (
  deps: KeeperDeps,
  questions: readonly unknown[],
  isUnchanged: (bundle: string) => boolean,
): Promise<Answers> => {
  // What a worker of this installation asks is trusted: its keys are made from our secret.
  const asked = questions as readonly Question[];
  try {
    const answers = deps.commits.commit(() => asked.map((one) => answer(deps, one, isUnchanged)));
    if (asked.some(({ kind }) => kind === 'letter')) await deps.commits.synced();
    return {
      words: answers.map(({ word }) => word),
      entered: answers.flatMap(({ entered = [] }) => entered),
    };
  } catch (error) {
    // Perhaps nothing was entered, so nobody may be told that something was.
    const fault = error instanceof Error ? error.message : String(error);
    return { words: asked.map(() => ({ fault })), entered: [] };
  }
};

type Answer = { readonly word: Word; readonly entered?: readonly Entered[] };

const answer = (
  deps: KeeperDeps,
  question: Question,
  isUnchanged: (bundle: string) => boolean,
): Answer => {
  const { archive } = deps;
  switch (question.kind) {
    case 'open': {
      const { bundle } = question;
      const opened: Opened = isUnchanged(bundle) ? { lease: bundle } : takeUp(deps, bundle);
      return { word: { value: opened } };
    }
    case 'letter':
      return readLetter(deps, question);
    case 'sheet':
      return tell(() => archive.sheetOf(question.editionId));
    case 'papers':
      return tell(() => archive.papersOf(question.editionId, question.papers, question.language));
    default:
      return question satisfies never;
  }
};

// That a paper is gone is no reason to leave the other questions without an answer.
const tell = (ask: () => unknown): Answer => {
  try {
    return { word: { value: ask() } };
  } catch (error) {
    return { word: { fault: error instanceof Error ? error.message : String(error) } };
  }
};

const readLetter = (deps: KeeperDeps, { reports, dots }: Letter): Answer => {
  const entered = enterAll(deps, reports);
  const until = leaseFrom(deps.clock());
  const ended = Object.entries(dots).flatMap(([lease, ids]) =>
    ids.filter((id) => markDataSent(deps.db, id, lease, until)),
  );
  return { word: { value: ended }, entered };
};

/**
 * A bundle may have waited, or have been in other hands: what has become needless or stale since it
 * was handed out is settled instead of sent, and whoever had it before loses what is left of it.
 */
const takeUp = ({ db, clock }: KeeperDeps, bundle: string): Opened => {
  const now = clock();
  const lease = `${bundle}.${randomBytes(4).toString('hex')}`;
  const claimed = takeUpBundle(db, bundle, { lease, until: leaseFrom(now) });
  const ordered = writeOrders(db, claimed);
  const ids = claimed.flatMap((delivery, index) => {
    const one = ordered[index];
    const needless = one && needlessNow({ delivery, ordered: one }, now);
    if (needless === undefined) return [delivery.id];
    const settlement: Settlement = { state: 'failed', reason: needless, suppress: false };
    enterSettlement(db, lease, delivery, settlement, now);
    return [];
  });
  return { lease, ids };
};

/** Why a claimed mail is not to be sent any more; `undefined` when it is. */
export const needlessNow = ({ delivery, ordered }: Claim, now: Date): string | undefined => {
  if (ordered.kind === 'needless') return ordered.reason;
  return isTooLate(delivery, now) ? tooLate : undefined;
};

/** Enters reports in one commit; resolves, when that is durable, with those that were news. */
export const enterReports = async (
  deps: KeeperDeps,
  reports: readonly Report[],
): Promise<readonly Entered[]> => {
  const entered = deps.commits.commit(() => enterAll(deps, reports));
  await deps.commits.synced();
  return entered;
};

const enterAll = ({ db, clock }: KeeperDeps, reports: readonly Report[]): readonly Entered[] => {
  const at = clock();
  return reports.flatMap((report): readonly Entered[] => {
    const { lease, id, outcome } = report;
    if (outcome.kind === 'released') return releaseDelivery(db, id, lease) ? [{ report }] : [];
    const settlement = enterOutcome(db, lease, id, outcome, at);
    return settlement ? [{ report, settlement }] : [];
  });
};

// Nothing is written of what was entered already, nor where the lease is over: then its word no
// longer counts.
const enterOutcome = (
  db: Db,
  lease: string,
  id: number,
  outcome: Exclude<Report['outcome'], { readonly kind: 'released' }>,
  at: Date,
): Settlement | undefined => {
  if (outcome.kind === 'sent' || outcome.kind === 'unknown') {
    const settlement = settleEnded(outcome);
    return settleDelivery(db, id, lease, settlement, at) ? settlement : undefined;
  }
  const delivery = findLeased(db, lease, id);
  if (!delivery) return undefined;
  const settlement = settle(delivery, outcome, at);
  return enterSettlement(db, lease, delivery, settlement, at) ? settlement : undefined;
};
