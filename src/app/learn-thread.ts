/**
 * Learning in a thread of its own, on a connection of its own: the service answers and sends on
 * meanwhile.
 */
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { openDatabase } from '../db/open.ts';
import { threadCode } from '../lib/thread.ts';
import { type LearningProgress, learnMeaning } from './meaning-learn.ts';

type Assignment = { readonly learnFrom: string };

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Megabytes of JavaScript objects; the arrays of numbers come on top. */
const heapMb = 320;

/**
 * Learns the corpus of a database file anew; `false` when no model was made. Rejects when learning
 * failed. `signal` ends the thread, whatever it is at; what is in use stays in use.
 */
export const learnInThread = async (
  file: string,
  signal: AbortSignal,
  onProgress: LearningProgress = () => undefined,
): Promise<boolean> => {
  // A signal that was given before is not heard again.
  if (signal.aborted) return false;
  const assignment: Assignment = { learnFrom: file };
  const worker = new Worker(threadCode(import.meta.url), {
    eval: true,
    workerData: assignment,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<boolean>((resolve, reject) => {
      let made = false;
      worker.on('message', (message: { made: boolean } | { done: number; of: number }) => {
        if ('made' in message) made = message.made;
        else onProgress(message.done, message.of);
      });
      worker.once('error', reject);
      worker.once('exit', () => resolve(made));
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
};

const isAssignment = (data: unknown): data is Assignment =>
  typeof data === 'object' && data !== null && 'learnFrom' in data;

if (!isMainThread && isAssignment(workerData)) {
  const db = openDatabase(workerData.learnFrom, migrationsFolder);
  const made = learnMeaning(db, (done, of) => parentPort?.postMessage({ done, of }));
  parentPort?.postMessage({ made });
  db.$client.close();
}
