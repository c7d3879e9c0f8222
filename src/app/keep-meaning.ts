/** Keeping search and topics up to date with the corpus, without holding anything up. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { Db } from '../db/open.ts';
import { learnInThread } from './learn-thread.ts';
import { foldNewPapers, isLearningDue, type LearningProgress } from './meaning-learn.ts';

/** Papers folded in at a time: some fifty milliseconds, in which nothing else runs. */
const batchSize = 100;

export type Kept = { readonly learned: boolean; readonly folded: number };

/** Learns the corpus anew when that is due, and folds in what is new. A rerun changes nothing. */
export const keepMeaning = async (
  db: Db,
  signal: AbortSignal,
  onProgress?: LearningProgress,
): Promise<Kept> => {
  const learned = isLearningDue(db) && (await learnInThread(db.$client.name, signal, onProgress));
  let folded = 0;
  while (!signal.aborted) {
    const more = foldNewPapers(db, batchSize);
    folded += more;
    if (more === 0) break;
    await breathe();
  }
  return { learned, folded };
};
