/** Keeping search and topics up to date with the corpus, without holding anything up. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { Db } from '../db/open.ts';
import { learnInThread } from './learn-thread.ts';
import { keepLoaded } from './meaning.ts';
import { foldPapers, isLearningDue, type LearningProgress, listPending } from './meaning-learn.ts';

/** Papers folded in at a time: some twenty milliseconds, in which nothing else runs. */
const batchSize = 50;

export type Kept = { readonly learned: boolean; readonly folded: number };

/** Learns the corpus anew when that is due, and folds in what is new. A rerun changes nothing. */
export const keepMeaning = async (
  db: Db,
  signal: AbortSignal,
  onProgress?: LearningProgress,
): Promise<Kept> => {
  await keepLoaded(db, signal);
  const learned = isLearningDue(db) && (await learnInThread(db.$client.name, signal, onProgress));
  await keepLoaded(db, signal);
  const pending = listPending(db);
  let folded = 0;
  for (let from = 0; from < pending.length && !signal.aborted; from += batchSize) {
    folded += foldPapers(db, pending.slice(from, from + batchSize));
    await breathe();
  }
  return { learned, folded };
};
