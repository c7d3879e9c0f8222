/** Ending what waits for a Redis that may be away, and then may never answer. */

export type Ending = {
  readonly isAsked: () => boolean;
  readonly ask: () => void;
  /** What Redis answers; `undefined` as soon as the end is asked for. */
  readonly orEnd: <T>(answer: Promise<T>) => Promise<T | undefined>;
};

export const createEnding = (): Ending => {
  const asking = new AbortController();
  const { signal } = asking;
  return {
    isAsked: () => signal.aborted,
    ask: () => asking.abort(),
    // A listener for each answer, taken away with it: a race against one promise that lives as long as
    // the process would keep all answers that long.
    orEnd: (answer) =>
      new Promise((resolve, reject) => {
        const stop = (): void => resolve(undefined);
        if (signal.aborted) stop();
        signal.addEventListener('abort', stop, { once: true });
        answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
      }),
  };
};
