/** How the service has been doing, for its operator: figures alone, and nobody's address among them. */
import type { BatchVerdict } from './batch.ts';
import type { BounceVerdict } from './bounce-message.ts';
import type { DeliveryState } from './delivery.ts';
import type { Finding } from './finding.ts';
import type { Day } from './paper.ts';
import type { Status } from './subscription.ts';

/** A total at the end of a day (UTC). */
export type DayTotal = { readonly day: Day; readonly total: number };

export type Counts<K extends string> = { readonly [name in K]?: number };

export type SourceReport = {
  readonly source: string;
  readonly succeededAt?: Date;
  /** Failures in a row. */
  readonly failures: number;
  readonly error?: string;
  readonly batch?: {
    readonly day: Day;
    readonly verdict: BatchVerdict;
    readonly papers: number;
    readonly fresh: number;
    readonly detail: string;
  };
};

export type MailDay = {
  readonly day: Day;
  readonly mails: Counts<DeliveryState>;
  readonly bounces: Counts<BounceVerdict>;
};

export type OperatingReport = {
  readonly at: Date;
  readonly sources: readonly SourceReport[];
  /** The newest first. */
  readonly editions: readonly {
    readonly date: Day;
    readonly publishedAt: Date;
    readonly papers: number;
  }[];
  /** A row a day that is told of, oldest first; mails by the day they were planned. */
  readonly mailDays: readonly MailDay[];
  readonly queue: {
    readonly waiting: number;
    /** How long the oldest mail that waits has been planned. */
    readonly oldestMs: number;
    readonly shut: readonly {
      readonly way: string;
      readonly since: Date;
      readonly until: Date;
      readonly reason: string;
    }[];
  };
  readonly readers: Counts<Status>;
  readonly suppressed: number;
  readonly readersByDay: readonly DayTotal[];
  readonly papersByDay: readonly DayTotal[];
  /** What the doctor finds, the worst first, and what it finds well. */
  readonly findings: readonly Finding[];
};

/** When the mail server, DNS, the address and the whole database were looked at last. */
export type SlowLook = {
  readonly at?: Date;
  readonly running: boolean;
  /** Whether the network was asked; not where mails become files. */
  readonly network: boolean;
};

const dayMs = 86_400_000;

export const dayOf = (at: Date): Day => at.toISOString().slice(0, 10);

/** The last days (UTC) up to a moment, its own the last of them. */
export const lastDays = (until: Date, count: number): readonly Day[] =>
  Array.from({ length: count }, (_, index) =>
    dayOf(new Date(until.getTime() - (count - 1 - index) * dayMs)),
  );

/** Changes by day added up over days that follow one another; `start` is the total before them. */
export const totalsOver = (
  days: readonly Day[],
  start: number,
  changes: ReadonlyMap<Day, number>,
): readonly DayTotal[] => {
  let total = start;
  return days.map((day) => {
    total += changes.get(day) ?? 0;
    return { day, total };
  });
};

/** Counts of several days made one. */
export const sumOf = <K extends string>(each: readonly Counts<K>[]): Counts<K> => {
  const sums: { [name in K]?: number } = {};
  for (const counts of each)
    for (const [name, count] of Object.entries(counts) as [K, number][])
      sums[name] = (sums[name] ?? 0) + count;
  return sums;
};

/** A server's or source's own words, which often quote the address they are about, without it. */
export const withoutAddresses = (text: string): string =>
  text.replace(/[^\s<>()[\]"',;:]+@[^\s<>()[\]"',;:]+/g, '…@…');
