/**
 * The keeper of the ledger gives workers its word. They print and send; what counts as sent is
 * entered here, each entry durable before it is answered, so that the promises of a single process
 * hold for any number: a worker writes no final dot without `data-sent` in the ledger.
 */
import { findInBundle, renewBundle } from '../db/bundles.ts';
import { markDataSent, releaseDelivery } from '../db/deliveries.ts';
import { type Db, inTransaction } from '../db/open.ts';
import { isTooLate, leaseMs, type Settlement, settle } from '../domain/delivery.ts';
import type { Report } from '../queue/reports.ts';
import type { Word } from '../queue/word.ts';
import type { Archive } from './archive.ts';
import type { Question } from './bundle.ts';
import { tooLate } from './deliver.ts';
import { enterSettlement } from './ledger.ts';
import { type Claim, writeOrders } from './orders.ts';

export type KeeperDeps = {
  readonly db: Db;
  readonly clock: () => Date;
  readonly archive: Archive;
};

/** Answers questions that came together, what they want entered in one durable commit. */
export const answerQuestions = (
  deps: KeeperDeps,
  questions: readonly unknown[],
): readonly Word[] => {
  try {
    // What a worker of this installation asks is trusted: its keys are made from our secret.
    return inTransaction(deps.db, () => questions.map((one) => answer(deps, one as Question)));
  } catch (error) {
    // Nothing was entered, so nobody may be told that something was.
    const fault = error instanceof Error ? error.message : String(error);
    return questions.map(() => ({ fault }));
  }
};

const answer = (deps: KeeperDeps, question: Question): Word => {
  const { db, archive } = deps;
  switch (question.kind) {
    case 'open':
      return { value: listOpen(deps, question.bundle) };
    case 'data-sent': {
      const { ids, bundle } = question;
      return { value: ids.filter((id) => markDataSent(db, id, bundle)) };
    }
    case 'sheet':
      return tell(() => archive.sheetOf(question.editionId));
    case 'papers':
      return tell(() => archive.papersOf(question.editionId, question.papers, question.language));
    default:
      return question satisfies never;
  }
};

// That a paper is gone is no reason to leave the other questions without an answer.
const tell = (ask: () => unknown): Word => {
  try {
    return { value: ask() };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
};

/**
 * A bundle may have waited: what has become needless or stale since it was handed out is settled
 * instead of sent.
 */
const listOpen = ({ db, clock }: KeeperDeps, bundle: string): readonly number[] => {
  const now = clock();
  const claimed = renewBundle(db, bundle, new Date(now.getTime() + leaseMs));
  const ordered = writeOrders(db, claimed);
  return claimed.flatMap((delivery, index) => {
    const one = ordered[index];
    const needless = one && needlessNow({ delivery, ordered: one }, now);
    if (needless === undefined) return [delivery.id];
    const settlement: Settlement = { state: 'failed', reason: needless, suppress: false };
    enterSettlement(db, bundle, delivery, settlement, now);
    return [];
  });
};

/** Why a claimed mail is not to be sent any more; `undefined` when it is. */
export const needlessNow = ({ delivery, ordered }: Claim, now: Date): string | undefined => {
  if (ordered.kind === 'needless') return ordered.reason;
  return isTooLate(delivery, now) ? tooLate : undefined;
};

/** Enters reports in one durable commit, and gives how each attempt was settled. */
export const enterReports = (
  { db, clock }: KeeperDeps,
  reports: readonly Report[],
): readonly Settlement[] =>
  inTransaction(db, () =>
    reports.flatMap(({ bundle, id, outcome }) => {
      if (outcome.kind === 'released') {
        releaseDelivery(db, id, bundle);
        return [];
      }
      // Entered already, or the bundle's lease is over: then its word no longer counts.
      const delivery = findInBundle(db, bundle, id);
      if (!delivery) return [];
      const at = clock();
      const settlement = settle(delivery, outcome, at);
      return enterSettlement(db, bundle, delivery, settlement, at) ? [settlement] : [];
    }),
  );
