import { describe, expect, test } from 'vitest';
import { type DueReader, dueDay, localTime, weekdayOf } from '../../src/domain/due.ts';
import type { Frequency } from '../../src/domain/subscription.ts';
import { dayMs, hourMs } from '../invent.ts';

const reader = (given: Partial<DueReader> = {}): DueReader => ({
  frequency: { kind: 'daily' },
  hour: 8,
  timeZone: 'UTC',
  awaitsFirst: false,
  ...given,
});

const from = Date.parse('2025-06-01T00:00:00Z');
const until = from + 2 * 365 * dayMs;

type Tick = { readonly at: Date; readonly day: string };

const halfHourMs = hourMs / 2;

/** A tick every half hour, with the day that the calendar of a zone shows. */
const ticksOf = (timeZone: string, start: number, end: number): readonly Tick[] =>
  Array.from({ length: Math.ceil((end - start) / halfHourMs) }, (_, n) => {
    const at = new Date(start + n * halfHourMs);
    return { at, day: localTime(at, timeZone).day };
  });

/** The days a reader gets a digest for, when every tick asks and one digest a day is kept. */
const digestDays = (asked: DueReader, ticks: readonly { at: Date }[]): readonly string[] => {
  const had: string[] = [];
  const known = new Set<string>();
  for (const { at } of ticks) {
    const day = dueDay(asked, at);
    if (day === undefined || known.has(day)) continue;
    known.add(day);
    had.push(day);
  }
  return had;
};

/** The wall clock's distance from UTC in milliseconds, as far as whole hours on it tell. */
const offsetAt = (at: number, timeZone: string): number => {
  const { day, hour } = localTime(new Date(at), timeZone);
  return Date.parse(`${day}T${String(hour).padStart(2, '0')}:00:00Z`) - at;
};

/** When a zone's clock leaps in the two years, to the half hour. */
const leapsOf = (timeZone: string): readonly number[] => {
  const leaps: number[] = [];
  const weekMs = 7 * dayMs;
  for (let start = from; start < until; start += weekMs) {
    let [low, high] = [start, start + weekMs];
    const before = offsetAt(low, timeZone);
    if (offsetAt(high, timeZone) === before) continue;
    while (high - low > hourMs) {
      const middle = low + Math.floor((high - low) / 2 / hourMs) * hourMs;
      if (offsetAt(middle, timeZone) === before) low = middle;
      else high = middle;
    }
    leaps.push(high);
  }
  return leaps;
};

type Clock = { readonly zone: string; readonly leaps: readonly number[] };

/** Every IANA zone but those whose clocks are the same all the two years through. */
const distinctClocks = (): readonly Clock[] => {
  const clocks = new Map<string, Clock>();
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    const leaps = leapsOf(zone);
    const quarters = [0, 1, 2, 3].map((n) => offsetAt(from + (n * hourMs) / 4, zone));
    const after = leaps.map((leap) => `${leap}:${offsetAt(leap, zone)}`);
    clocks.set([...quarters, ...after].join(), { zone, leaps });
  }
  return [...clocks.values()];
};

const expectOneADay = (
  timeZone: string,
  ticks: readonly Tick[],
  hours: readonly number[],
): void => {
  // The first and the last day are seen in part only.
  const days = [...new Set(ticks.map(({ day }) => day))].slice(1, -1);
  for (const hour of hours) {
    const had = digestDays(reader({ timeZone, hour }), ticks);
    expect(
      had.filter((day) => days.includes(day)),
      `${timeZone} at ${hour}`,
    ).toEqual(days);
  }
};

describe('a daily digest', () => {
  test('comes exactly once on every day around every change of clocks, in every zone', () => {
    const clocks = distinctClocks();
    expect(clocks.length).toBeGreaterThan(50);
    // Between the changes one day is like another.
    for (const { zone, leaps } of clocks)
      for (const leap of leaps.length > 0 ? leaps : [from + 2 * dayMs])
        expectOneADay(zone, ticksOf(zone, leap - 2 * dayMs, leap + 2 * dayMs), [0, 2, 23]);
  });

  test('comes exactly once on every day of two years', () => {
    expectOneADay('America/Nuuk', ticksOf('America/Nuuk', from, until), [23]);
  });

  test('waits for the hour, and comes late on the same day rather than never', () => {
    const berlin = reader({ timeZone: 'Europe/Berlin', hour: 9 });
    expect(dueDay(berlin, new Date('2026-03-20T07:59:59Z'))).toBeUndefined();
    expect(dueDay(berlin, new Date('2026-03-20T08:00:00Z'))).toBe('2026-03-20');
    expect(dueDay(berlin, new Date('2026-03-20T22:59:59Z'))).toBe('2026-03-20');
    expect(dueDay(berlin, new Date('2026-03-20T23:00:00Z'))).toBeUndefined();
  });

  test('comes an hour early where the clock leaps over the day’s last hour', () => {
    const nuuk = reader({ timeZone: 'America/Nuuk', hour: 23 });
    expect(dueDay(nuuk, new Date('2026-03-28T23:59:00Z'))).toBeUndefined();
    expect(dueDay(nuuk, new Date('2026-03-29T00:00:00Z'))).toBe('2026-03-28');
    expect(dueDay(nuuk, new Date('2026-03-29T01:00:00Z'))).toBeUndefined();
    expect(dueDay(nuuk, new Date('2026-03-28T00:30:00Z'))).toBeUndefined();
  });
});

describe('other rhythms', () => {
  const fortnight = (frequency: Frequency): readonly string[] => {
    const ticks = Array.from({ length: 14 * 24 }, (_, n) => ({
      at: new Date(Date.parse('2026-03-16T00:00:00Z') + n * hourMs),
    }));
    return digestDays(reader({ frequency }), ticks).map(
      (day) => `${weekdayOf(day)} ${day.slice(8)}`,
    );
  };

  test('keep weekends free', () => {
    expect(fortnight({ kind: 'weekdays' })).toEqual([
      ...['mon 16', 'tue 17', 'wed 18', 'thu 19', 'fri 20'],
      ...['mon 23', 'tue 24', 'wed 25', 'thu 26', 'fri 27'],
    ]);
  });

  test('keep to the day of the week, by the reader’s own calendar', () => {
    expect(fortnight({ kind: 'weekly', on: 'sun' })).toEqual(['sun 22', 'sun 29']);
    const auckland = reader({
      timeZone: 'Pacific/Auckland',
      frequency: { kind: 'weekly', on: 'sat' },
    });
    expect(dueDay(auckland, new Date('2026-03-20T20:00:00Z'))).toBe('2026-03-21');
    expect(dueDay(auckland, new Date('2026-03-21T20:00:00Z'))).toBeUndefined();
  });

  test('do not keep a new reader waiting for the first digest', () => {
    const fresh = { awaitsFirst: true, hour: 23, timeZone: 'Asia/Tokyo' } as const;
    const sunday = new Date('2026-03-22T01:00:00Z');
    expect(dueDay(reader({ ...fresh, frequency: { kind: 'weekdays' } }), sunday)).toBe(
      '2026-03-22',
    );
    expect(dueDay(reader({ ...fresh, frequency: { kind: 'weekly', on: 'mon' } }), sunday)).toBe(
      '2026-03-22',
    );
  });
});

describe('a reader’s clock', () => {
  test('shows midnight as hour 0 of the new day', () => {
    expect(localTime(new Date('2026-03-20T23:00:00Z'), 'Europe/Berlin')).toEqual({
      day: '2026-03-21',
      hour: 0,
      weekday: 'sat',
    });
    expect(localTime(new Date('2026-12-31T18:14:59Z'), 'Asia/Kathmandu')).toEqual({
      day: '2026-12-31',
      hour: 23,
      weekday: 'thu',
    });
  });
});
