/** A sliding-window limit per key, in memory, holding a bounded number of keys. */

export type Window = { readonly limit: number; readonly lengthMs: number };

export type RateVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number };

export type RateLimit = (key: string, now: Date) => RateVerdict;

/**
 * Counts what it allows; what it refuses costs the caller nothing more. Beyond `mostKeys` the key
 * seen least recently is forgotten, so that memory stays bounded whoever calls.
 */
export const createRateLimit = (windows: readonly Window[], mostKeys: number): RateLimit => {
  const hitsByKey = new Map<string, readonly number[]>();
  const longestMs = Math.max(...windows.map((window) => window.lengthMs));
  return (key, now) => {
    const at = now.getTime();
    const hits = (hitsByKey.get(key) ?? []).filter((hit) => hit > at - longestMs && hit <= at);
    const retryAfterMs = Math.max(0, ...windows.map((window) => waitFor(window, hits, at)));
    // Deleting first moves the key to the young end of the map's order.
    hitsByKey.delete(key);
    hitsByKey.set(key, retryAfterMs > 0 ? hits : [...hits, at]);
    if (hitsByKey.size > mostKeys) {
      const oldest = hitsByKey.keys().next();
      if (!oldest.done) hitsByKey.delete(oldest.value);
    }
    return retryAfterMs > 0 ? { kind: 'limited', retryAfterMs } : { kind: 'allowed' };
  };
};

const waitFor = (window: Window, hits: readonly number[], at: number): number => {
  const within = hits.filter((hit) => hit > at - window.lengthMs);
  const frees = within[within.length - window.limit];
  return frees === undefined ? 0 : frees + window.lengthMs - at;
};
