/**
 * When a digest is due. A reader's day is the calendar day of their zone; a digest is due once that
 * day's hour has struck on the reader's clock, and at most one belongs to each day. What was missed
 * while the service was down is sent later the same day; after the reader's midnight the next
 * digest, which knows everything the missed one would have held, takes its place.
 */
import type { Day } from './paper.ts';
import { type Frequency, type Weekday, weekdays } from './subscription.ts';

const hourMs = 3_600_000;

export type LocalTime = { readonly day: Day; readonly hour: number; readonly weekday: Weekday };

// Making a formatter takes about 50 µs and there are some 400 zones: each is made once. A zone may be
// written in any mix of capitals, and nobody shall fill the memory with those.
const mostFormatters = 1_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

const formatterFor = (timeZone: string): Intl.DateTimeFormat => {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  if (formatters.size >= mostFormatters) formatters.clear();
  formatters.set(timeZone, made);
  return made;
};

/** What the reader's calendar and clock show at an instant. */
export const localTime = (at: Date, timeZone: string): LocalTime => {
  const parts = new Map(
    formatterFor(timeZone)
      .formatToParts(at)
      .map((p) => [p.type, p.value]),
  );
  const day = `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
  return { day, hour: Number(parts.get('hour')), weekday: weekdayOf(day) };
};

/** The weekday of a calendar day. */
export const weekdayOf = (day: Day): Weekday =>
  // getUTCDay counts from Sunday, our weeks from Monday.
  weekdays[(new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7] as Weekday;

/** How far around an instant its calendar day may reach; clocks are put back on some days. */
export const longestDayMs = 25 * hourMs;

/**
 * Tells whether a moment (milliseconds) fell on a reader's day. Whoever moved west since this morning's
 * digest lives the day before its day again, and whose clock was put back may meet one to come: that
 * they had a digest on this calendar day, only the moments of digests tell.
 */
export const fallsOnDay = (): ((moment: number, day: Day, timeZone: string) => boolean) => {
  // Digests of many readers are of one moment: its day in a zone is worked out once.
  const known = new Map<string, Day>();
  return (moment, day, timeZone) => {
    const key = `${timeZone}\n${moment}`;
    const found = known.get(key) ?? localTime(new Date(moment), timeZone).day;
    known.set(key, found);
    return found === day;
  };
};

export type DueReader = {
  readonly frequency: Frequency;
  readonly hour: number;
  readonly timeZone: string;
  /** Just confirmed and still without a first digest, which comes at once, whatever the hour. */
  readonly awaitsFirst: boolean;
};

/** The reader's day a digest is due for at this instant, or `undefined` when none is. */
export const dueDay = (reader: DueReader, now: Date): Day | undefined => dueDays(now)(reader);

/** `dueDay` for many readers at one instant: each zone's clock is read once. */
export const dueDays = (now: Date): ((reader: DueReader) => Day | undefined) => {
  const clockIn = clocksAt(now);
  const hours = hoursBy(clockIn);
  return ({ timeZone, hour, frequency, awaitsFirst }) => {
    if (awaitsFirst) return clockIn(timeZone).day;
    const due = hours(timeZone, frequency);
    return due && hour <= due.upTo ? due.day : undefined;
  };
};

/** On which of their days readers are due, and up to which of the hours they chose. */
export type DueHours = { readonly day: Day; readonly upTo: number };

/**
 * Whom of a zone and a frequency a digest is due for at an instant, without asking any of them;
 * `undefined` on a day without one. Who awaits a first digest is due besides.
 */
export const dueHours = (
  now: Date,
): ((timeZone: string, frequency: Frequency) => DueHours | undefined) => hoursBy(clocksAt(now));

const hoursBy =
  (clockIn: ReturnType<typeof clocksAt>) =>
  (timeZone: string, frequency: Frequency): DueHours | undefined => {
    const { day, weekday, upTo } = clockIn(timeZone);
    return isDigestDay(frequency, weekday) ? { day, upTo } : undefined;
  };

const clocksAt = (now: Date) => {
  const clocks = new Map<string, LocalTime & { readonly upTo: number }>();
  return (timeZone: string) => {
    const known = clocks.get(timeZone);
    if (known) return known;
    const local = localTime(now, timeZone);
    // In the gap of a clock change an hour may never strike; any later hour is past it.
    const upTo = isLastHour(local, timeZone, now) ? 23 : local.hour;
    const read = { ...local, upTo };
    clocks.set(timeZone, read);
    return read;
  };
};

// Where the clock leaps over the day's last hour (Nuuk's spring change), the one before is the last.
const isLastHour = (local: LocalTime, timeZone: string, now: Date): boolean =>
  local.hour === 22 && localTime(new Date(now.getTime() + hourMs), timeZone).day !== local.day;

const isDigestDay = (frequency: Frequency, weekday: Weekday): boolean => {
  switch (frequency.kind) {
    case 'daily':
      return true;
    case 'weekdays':
      return weekday !== 'sat' && weekday !== 'sun';
    case 'weekly':
      return weekday === frequency.on;
    default:
      return frequency satisfies never;
  }
};
