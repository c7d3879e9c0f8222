/**
 * The answers that are the same for everybody, kept by address for as long as they themselves say,
 * and dropped when what they tell of changes.
 */
import type { Prepared } from './prepared.ts';

export type PublicCache = {
  /** The answer kept under a path and query. */
  readonly find: (address: string, now: number) => Prepared | undefined;
  /** Keeps an answer, and gives it with the moment since when it has been the same. */
  readonly keep: (address: string, prepared: Prepared, now: number) => Prepared;
};

type Kept = { readonly prepared: Prepared; readonly version: string; readonly weight: number };

const versionCheckMs = 1_000;
const usualBytes = 48 * 1024 * 1024;
// What an entry takes, roughly: its bytes, half as much again once they are compressed, its headers.
const weigh = (address: string, { length }: Prepared): number =>
  length * 1.5 + address.length * 2 + 2_048;

/**
 * `version` tells of the data behind all answers; it is asked once a second at most. Memory stays
 * within `mostBytes`, whatever is asked for: the address asked for least recently goes first.
 */
export const createPublicCache = (
  version: () => string,
  mostBytes: number = usualBytes,
): PublicCache => {
  const entries = new Map<string, Kept>();
  let checked = { at: Number.NEGATIVE_INFINITY, version: '' };
  const current = (now: number): string => {
    if (Math.abs(now - checked.at) >= versionCheckMs) checked = { at: now, version: version() };
    return checked.version;
  };
  let held = 0;
  const drop = (address: string): void => {
    held -= entries.get(address)?.weight ?? 0;
    entries.delete(address);
  };
  return {
    find: (address, now) => {
      const entry = entries.get(address);
      if (entry === undefined || (entry.prepared.keptUntil ?? 0) <= now) return undefined;
      if (entry.version !== current(now)) return undefined;
      // Last in the map's order is last to go.
      entries.delete(address);
      entries.set(address, entry);
      return entry.prepared;
    },
    keep: (address, prepared, now) => {
      const before = entries.get(address)?.prepared;
      const since = before?.etag === prepared.etag ? before.lastModified : new Date(now);
      const dated = { ...prepared, ...(since && { lastModified: since }) };
      const weight = weigh(address, prepared);
      drop(address);
      entries.set(address, { prepared: dated, version: current(now), weight });
      held += weight;
      for (const oldest of entries.keys()) {
        if (held <= mostBytes) break;
        drop(oldest);
      }
      return dated;
    },
  };
};
