/**
 * Long work that is written once and done in two ways: at once, where nobody else waits for this
 * process, or in turns with the answers and mails of the service. What must not be torn apart (a
 * transaction, a look and the write that rests on it) stands between two `yield`s.
 */
import { setImmediate as breathe } from 'node:timers/promises';

export type Steps<T> = Generator<undefined, T, undefined>;

export const atOnce = <T>(steps: Steps<T>): T => {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
};

/** The same with everybody else's turn after each step; `undefined` when the signal ended it. */
export const inTurns = async <T>(steps: Steps<T>, signal: AbortSignal): Promise<T | undefined> => {
  let step = steps.next();
  while (!step.done) {
    await breathe();
    if (signal.aborted) return undefined;
    step = steps.next();
  }
  return step.value;
};
