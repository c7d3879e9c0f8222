/**
 * What planning must know of a page of readers, asked of the database for all of them at once: whose
 * day is settled already, what each follows, has seen, and must not be mailed.
 */
import { listDigestsSince, listSeenSince } from '../db/digests.ts';
import type { Db } from '../db/open.ts';
import { listOldest } from '../db/papers.ts';
import { listTopicIds } from '../db/subscribers.ts';
import { listSuppressed } from '../db/suppressions.ts';
import type { ListEntry, PaperSet } from '../domain/digest.ts';
import { fallsOnDay, longestDayMs } from '../domain/due.ts';
import type { Day } from '../domain/paper.ts';

const dayMs = 86_400_000;

const utcDay = (at: number): Day => new Date(at).toISOString().slice(0, 10);

export type DueReader = { readonly id: number; readonly timeZone: string; readonly day: Day };

/** Those of some readers, due for a day, who have no digest for it. */
export const withoutDigest = <T extends DueReader>(
  db: Db,
  due: readonly T[],
  asOf: Date,
): readonly T[] => {
  const now = asOf.getTime();
  const ids = due.map(({ id }) => id);
  // A reader's day is at most one off UTC's, and so was that of a digest of the last 25 hours.
  const digests = listDigestsSince(db, ids, utcDay(now - 3 * dayMs));
  const fell = fallsOnDay();
  return due.filter(({ id, day, timeZone }) => {
    const known = digests.get(id) ?? [];
    return !known.some(
      (digest) =>
        digest.day === day ||
        (Math.abs(digest.asOf - now) <= longestDayMs && fell(digest.asOf, day, timeZone)),
    );
  });
};

/** When the oldest paper of each topic's list can have been sent first, as a day. */
export type OldestDays = ReadonlyMap<number, Day>;

export const oldestDays = (
  db: Db,
  lists: ReadonlyMap<number, readonly ListEntry[]>,
): OldestDays => {
  const papers = [...new Set([...lists.values()].flat().map(({ paper }) => paper))];
  const since = listOldest(db, papers);
  return new Map(
    [...lists].map(([topic, entries]) => {
      const oldest = Math.min(...entries.map(({ paper }) => since.get(paper) ?? 0));
      // Two days for zones: the day on a digest is its reader's.
      return [topic, entries.length > 0 ? utcDay(oldest - 2 * dayMs) : '9999-12-31'];
    }),
  );
};

export type PlanFiles = {
  readonly topicsOf: (reader: number) => readonly number[];
  readonly seenBy: (reader: number) => PaperSet;
  readonly isSuppressed: (email: string) => boolean;
};

/** Opens the files of due readers. */
export const openPlanFiles = (
  db: Db,
  due: readonly {
    readonly id: number;
    readonly email: string;
    /** How far back the lists they choose from reach. */
    readonly oldest: OldestDays;
  }[],
): PlanFiles => {
  const topics = listTopicIds(
    db,
    due.map(({ id }) => id),
  );
  const topicsOf = (reader: number): readonly number[] => topics.get(reader) ?? [];
  // No digest before its lists' oldest paper was known can hold any of them.
  const asked = due.map(({ id, oldest }): [number, Day] => {
    const days = topicsOf(id).flatMap((topic) => oldest.get(topic) ?? []);
    return [id, days.reduce((a, b) => (a < b ? a : b), '9999-12-31')];
  });
  const seen = listSeenSince(db, asked);
  const suppressed = listSuppressed(
    db,
    due.map(({ email }) => email),
  );
  return {
    topicsOf,
    seenBy: (reader) => seen.get(reader) ?? nothing,
    isSuppressed: (email) => suppressed.has(email),
  };
};

const nothing: PaperSet = { has: () => false };
