/** Two years of ticks, zones, journeys and stoppages: one digest a day at most, late, never lost. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DueReader,
  dueDay,
  dueDays,
  fallsOnDay,
  localTime,
  longestDayMs,
  weekdayOf,
} from '../../src/domain/due.ts';
import type { Frequency } from '../../src/domain/subscription.ts';
import { dayMs, hourMs } from '../invent.ts';

const from = Date.parse('2025-06-01T00:00:00Z');
const until = from + 2 * 365 * dayMs;
const zones = Intl.supportedValuesOf('timeZone');

describe('in every zone of the world, for two years', () => {
  // Ticks three hours apart, as if the service were down between them: each hour below has one of
  // them on its day.
  const at = Array.from({ length: (until - from) / (3 * hourMs) }, (_, n) => from + n * 3 * hourMs);
  const rhythms: readonly (Frequency & { hour: number })[] = [
    { kind: 'daily', hour: 0 },
    { kind: 'daily', hour: 2 },
    { kind: 'daily', hour: 20 },
    { kind: 'weekdays', hour: 7 },
    { kind: 'weekly', on: 'sun', hour: 2 },
  ];

  /** Zones with the same clocks all the time are tried once; twelve days a year tell them apart. */
  const distinct = [
    ...new Map(
      zones.map((timeZone) => {
        const days = at
          .filter((_, n) => n % 120 === 0)
          .map((ms) => localTime(new Date(ms), timeZone));
        return [JSON.stringify(days), timeZone] as const;
      }),
    ).values(),
  ];

  test('each digest day has its digest, once', { timeout: 180_000 }, () => {
    expect(distinct.length).toBeGreaterThan(30);
    for (const timeZone of distinct) {
      const had = rhythms.map(() => new Set<string>());
      const days = new Set<string>();
      for (const ms of at) {
        const now = new Date(ms);
        const isDue = dueDays(now);
        for (const [n, { hour, ...frequency }] of rhythms.entries()) {
          const day = isDue({ frequency, hour, timeZone, awaitsFirst: false });
          if (day !== undefined) had[n]?.add(day);
          if (n === 0 && day !== undefined) days.add(day);
        }
      }
      // The first and the last day are seen in part only.
      const whole = [...days].slice(1, -1);
      expect(whole.length).toBeGreaterThan(725);
      for (const [n, frequency] of rhythms.entries()) {
        const owed = whole.filter((day) => isOwed(frequency, day));
        expect(
          [...(had[n] ?? [])].filter((day) => whole.includes(day)),
          timeZone,
        ).toEqual(owed);
      }
    }
  });
});

const isOwed = (frequency: Frequency, day: string): boolean => {
  const weekday = weekdayOf(day);
  if (frequency.kind === 'weekly') return weekday === frequency.on;
  return frequency.kind === 'daily' || (weekday !== 'sat' && weekday !== 'sun');
};

/** What happens between one tick and the next; times in minutes. */
type Step =
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'down'; readonly minutes: number }
  | { readonly kind: 'clock'; readonly minutes: number }
  | { readonly kind: 'move'; readonly timeZone: string }
  | { readonly kind: 'hour'; readonly hour: number }
  | { readonly kind: 'rhythm'; readonly frequency: Frequency }
  | { readonly kind: 'pause' | 'resume' };

const zone = fc.constantFrom(...zones);
const hour = fc.nat({ max: 23 });
const rhythm = fc.constantFrom<Frequency>(
  { kind: 'daily' },
  { kind: 'weekdays' },
  { kind: 'weekly', on: 'mon' },
);
const waiting = fc.record({
  kind: fc.constant('wait' as const),
  minutes: fc.integer({ min: 1, max: 240 }),
});
const stoppage = fc.record({
  kind: fc.constant('down' as const),
  minutes: fc.integer({ min: 1, max: 5 * 24 * 60 }),
});
const jump = fc.record({
  kind: fc.constant('clock' as const),
  minutes: fc.integer({ min: -26 * 60, max: 26 * 60 }),
});
const change = fc.oneof(
  fc.record({ kind: fc.constant('move' as const), timeZone: zone }),
  fc.record({ kind: fc.constant('hour' as const), hour }),
  fc.record({ kind: fc.constant('rhythm' as const), frequency: rhythm }),
  fc.record({ kind: fc.constantFrom('pause' as const, 'resume' as const) }),
);

type Had = { readonly day: string; readonly at: Date; readonly timeZone: string };
type Tick = { readonly reader: DueReader; readonly now: Date; readonly active: boolean };

/** Lives through the steps with a tick after each, deciding as planning does. */
const fell = fallsOnDay();

const live = (first: DueReader, begin: number, steps: readonly Step[]) => {
  let reader = first;
  let [now, active] = [begin, true];
  const had: Had[] = [];
  const ticks: Tick[] = [];
  for (const step of steps) {
    if (step.kind === 'wait' || step.kind === 'down' || step.kind === 'clock')
      now += step.minutes * 60_000;
    else if (step.kind === 'move') reader = { ...reader, timeZone: step.timeZone };
    else if (step.kind === 'hour') reader = { ...reader, hour: step.hour };
    else if (step.kind === 'rhythm') reader = { ...reader, frequency: step.frequency };
    else active = step.kind === 'resume';
    const at = new Date(now);
    ticks.push({ reader, now: at, active });
    const day = active ? dueDay(reader, at) : undefined;
    if (day === undefined || had.some((one) => one.day === day)) continue;
    const near = had.map((one) => one.at).filter((one) => Math.abs(+one - now) <= longestDayMs);
    if (near.some((at) => fell(at.getTime(), day, reader.timeZone))) continue;
    had.push({ day, at, timeZone: reader.timeZone });
  }
  return { had, ticks };
};

const readers = fc.record({
  frequency: rhythm,
  hour,
  timeZone: zone,
  awaitsFirst: fc.constant(false),
});
const begin = fc.integer({ min: from, max: until });

describe('whatever happens', () => {
  test('no calendar day has two digests, neither by its name nor by the reader’s own calendar', () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 12, arbitrary: waiting },
        { weight: 1, arbitrary: stoppage },
        { weight: 1, arbitrary: jump },
        { weight: 2, arbitrary: change },
      ),
      { minLength: 20, maxLength: 150 },
    );
    fc.assert(
      fc.property(readers, begin, steps, (reader, start, story) => {
        const { had } = live(reader, start, story);
        expect(new Set(had.map(({ day }) => day)).size).toBe(had.length);
        for (const [n, { day, timeZone }] of had.entries())
          for (const earlier of had.slice(0, n))
            expect(localTime(earlier.at, timeZone).day).not.toBe(day);
      }),
      { numRuns: 300 },
    );
  });

  test('a day on which the service ran past the hour, and the reader was there, has its digest', () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 12, arbitrary: waiting },
        { weight: 1, arbitrary: stoppage },
        {
          weight: 1,
          arbitrary: fc.record({ kind: fc.constantFrom('pause' as const, 'resume' as const) }),
        },
      ),
      { minLength: 20, maxLength: 150 },
    );
    fc.assert(
      fc.property(readers, begin, steps, (reader, start, story) => {
        const { had, ticks } = live(reader, start, story);
        const owed = ticks.flatMap(({ now, active }) => {
          const local = localTime(now, reader.timeZone);
          const isPast = active && local.hour >= reader.hour && isOwed(reader.frequency, local.day);
          return isPast ? [local.day] : [];
        });
        const days = new Set(had.map(({ day }) => day));
        for (const day of owed) expect(days).toContain(day);
        // And none comes before its hour, but in the last hour of a day that leaps over it.
        for (const { at, timeZone } of had)
          expect(localTime(at, timeZone).hour).toBeGreaterThanOrEqual(Math.min(reader.hour, 22));
      }),
      { numRuns: 300 },
    );
  });
});
