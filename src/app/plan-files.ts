/**
 * What planning must know of a page of readers, asked of the database for all of them at once: whose
 * day is settled already, what each follows, has muted, liked and seen, and must not be mailed.
 */
import { listDigestsSince, listSeenSince } from '../db/digests.ts';
import { listMuted } from '../db/mutes.ts';
import type { Db } from '../db/open.ts';
import { listOldest } from '../db/papers.ts';
import { listReactionsOf } from '../db/reactions.ts';
import { listTopicIds } from '../db/subscribers.ts';
import { listSuppressed } from '../db/suppressions.ts';
import type { ListEntry, PaperSet } from '../domain/digest.ts';
import { fallsOnDay, longestDayMs } from '../domain/due.ts';
import type { Reaction } from '../domain/liking.ts';
import type { Day } from '../domain/paper.ts';

const dayMs = 86_400_000;

const utcDay = (at: number): Day => new Date(at).toISOString().slice(0, 10);

export type DueReader = {
  readonly reader: { readonly id: number; readonly timeZone: string };
  readonly day: Day;
};

/**
 * Readers due for a day: who has no digest for it, and who has one that bears its name. Travellers
 * may have had one by another name, and be neither.
 */
export const byDigest = <T extends DueReader>(
  db: Db,
  due: readonly T[],
  asOf: Date,
): { readonly open: readonly T[]; readonly had: readonly T[] } => {
  const now = asOf.getTime();
  const ids = due.map(({ reader }) => reader.id);
  // A reader's day is at most one off UTC's, and so was that of a digest of the last 25 hours.
  const digests = listDigestsSince(db, ids, utcDay(now - 3 * dayMs));
  const fell = fallsOnDay();
  const had = due.filter(({ reader, day }) =>
    digests.get(reader.id)?.some((digest) => digest.day === day),
  );
  const named = new Set(had);
  const open = due.filter((one) => {
    if (named.has(one)) return false;
    const fellOn = ({ asOf }: { asOf: number }): boolean =>
      Math.abs(asOf - now) <= longestDayMs && fell(asOf, one.day, one.reader.timeZone);
    return !digests.get(one.reader.id)?.some(fellOn);
  });
  return { open, had };
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
  /** The terms a reader has muted. */
  readonly mutedBy: (reader: number) => readonly string[];
  /** What a reader wanted more or less of, the newest first. */
  readonly reactionsOf: (reader: number) => readonly Reaction[];
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
  const ids = due.map(({ id }) => id);
  const topics = listTopicIds(db, ids);
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
  const muted = listMuted(db, ids);
  const reactions = listReactionsOf(db, ids);
  return {
    topicsOf,
    seenBy: (reader) => seen.get(reader) ?? nothing,
    isSuppressed: (email) => suppressed.has(email),
    mutedBy: (reader) => muted.get(reader) ?? [],
    reactionsOf: (reader) => reactions.get(reader) ?? [],
  };
};

const nothing: PaperSet = { has: () => false };
