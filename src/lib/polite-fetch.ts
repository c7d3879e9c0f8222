/** Fetching no faster and no more often than the services allow. */
import type { Answer, FetchOptions } from './http.ts';
import { FetchError, fetchAnswer } from './http.ts';

export type PoliteFetchOptions = {
  readonly clock: () => Date;
  /** Rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly defaults: Pick<FetchOptions, 'timeoutMs' | 'maxBytes' | 'userAgent'> &
    Partial<FetchOptions>;
};

/** Claims the next request: how long to wait for it, or that the day's allowance is spent. */
export type ClaimTurn = (
  now: Date,
) => { kind: 'granted'; waitMs: number } | { kind: 'spent'; requests: number };

export type PoliteFetch = (
  service: string,
  claim: ClaimTurn,
  url: string,
  options?: Partial<FetchOptions>,
) => Promise<Answer>;

/** What we allow ourselves to ask of a service in a day is used up. */
export class AllowanceError extends FetchError {
  override readonly name = 'AllowanceError';
}

/**
 * `fetchAnswer` that waits its turn: to one service, whatever its hosts, one exchange at a time,
 * each request (redirects included) started when `claim` grants it.
 */
export const createPoliteFetch = (polite: PoliteFetchOptions): PoliteFetch => {
  const queues = new Map<string, Promise<unknown>>();
  return (service, claim, url, overrides = {}) => {
    const options: FetchOptions = { ...polite.defaults, ...overrides };
    const run = (): Promise<Answer> =>
      fetchAnswer(url, {
        ...options,
        beforeRequest: async (at) => {
          await options.beforeRequest?.(at);
          const turn = claim(polite.clock());
          if (turn.kind === 'spent')
            throw new AllowanceError(
              `${service} was asked ${turn.requests} times today, which is all we allow ourselves`,
            );
          if (turn.waitMs > 0) await polite.sleep(turn.waitMs, options.signal);
        },
      });
    const exchange = (queues.get(service) ?? Promise.resolve()).then(run, run);
    queues.set(service, exchange);
    return exchange;
  };
};
