/** Fetching no faster than the hosts allow. */
import type { FetchOptions } from './http.ts';
import { fetchText } from './http.ts';

export type PoliteFetchOptions = {
  readonly clock: () => Date;
  /** Rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /**
   * By domain, for all its subdomains together: `{ 'arxiv.org': 3000 }` is one request per three
   * seconds to export.arxiv.org and rss.arxiv.org taken as one. Other hosts are not held back.
   */
  readonly minIntervalMs: Readonly<Record<string, number>>;
  readonly defaults: Pick<FetchOptions, 'timeoutMs' | 'maxBytes' | 'userAgent'> &
    Partial<FetchOptions>;
};

export type PoliteFetch = (url: string, options?: Partial<FetchOptions>) => Promise<string>;

// https://info.arxiv.org/help/api/tou.html: one request every three seconds over one connection.
export const politeIntervalsMs = { 'arxiv.org': 3_000 } as const;

type Gate = { readonly intervalMs: number; last: Promise<unknown>; startedAt: number };

/**
 * `fetchText` that waits its turn: to a domain with an interval, one exchange at a time, and that
 * long between the starts of two requests, redirects included. The state is in memory.
 */
export const createPoliteFetch = (polite: PoliteFetchOptions): PoliteFetch => {
  const gates = new Map<string, Gate>();
  for (const [domain, intervalMs] of Object.entries(polite.minIntervalMs)) {
    gates.set(domain, { intervalMs, last: Promise.resolve(), startedAt: Number.NEGATIVE_INFINITY });
  }
  const gateOf = (host: string): Gate | undefined => {
    for (const [domain, gate] of gates) {
      if (host === domain || host.endsWith(`.${domain}`)) return gate;
    }
    return undefined;
  };

  return (url, overrides = {}) => {
    const options: FetchOptions = { ...polite.defaults, ...overrides };
    const run = (): Promise<string> =>
      fetchText(url, {
        ...options,
        beforeRequest: async (at) => {
          await options.beforeRequest?.(at);
          const gate = gateOf(at.hostname);
          if (gate) await waitAt(gate, polite, options.signal);
        },
      });
    const gate = URL.canParse(url) ? gateOf(new URL(url).hostname) : undefined;
    if (gate === undefined) return run();
    const turn = gate.last.then(run, run);
    gate.last = turn;
    return turn;
  };
};

const waitAt = async (
  gate: Gate,
  { clock, sleep }: PoliteFetchOptions,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const now = clock().getTime();
  // Never longer than the interval, whatever a clock set back makes of the difference. The start is
  // claimed before the wait, so that two requests cannot take the same.
  const wait = Math.min(Math.max(0, gate.startedAt + gate.intervalMs - now), gate.intervalMs);
  gate.startedAt = now + wait;
  if (wait > 0) await sleep(wait, signal);
};
