/** Ending what waits for a Redis that may be away, and then may never answer. */

export type Ending = {
  readonly isAsked: () => boolean;
  readonly ask: () => void;
  /** What Redis answers; `undefined` as soon as the end is asked for. */
  readonly orEnd: <T>(answer: Promise<T>) => Promise<T | undefined>;
};

export const createEnding = (): Ending => {
  const asking = new AbortController();
  const asked = new Promise<undefined>((resolve) =>
    asking.signal.addEventListener('abort', () => resolve(undefined)),
  );
  return {
    isAsked: () => asking.signal.aborted,
    ask: () => asking.abort(),
    orEnd: (answer) => Promise.race([answer, asked]),
  };
};
