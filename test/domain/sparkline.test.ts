import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Stream } from '../../src/domain/history.ts';
import { sparkLevels, sparklineOf, sparkText } from '../../src/domain/sparkline.ts';

const at = (text: string): number => Date.parse(`2026-03-${text}:00Z`);

const upvotes = (...looks: readonly (readonly [string, number])[]): Stream => ({
  kind: 'upvotes',
  looks: looks.map(([when, value]) => ({ at: at(when), value })),
});

const gains = (stream: Stream, start: string, asOf: string): readonly (number | undefined)[] =>
  sparklineOf([stream], at(start), at(asOf))?.days.map(({ gain }) =>
    gain === undefined ? undefined : Math.round(gain),
  ) ?? [];

describe('a sparkline', () => {
  test('is what each day brought, read off the totals', () => {
    const stream = upvotes(['10T23:59', 10], ['11T23:59', 40], ['12T12:00', 45]);
    expect(gains(stream, '10T00:00', '12T12:00')).toEqual([10, 30, 5]);
  });

  test('shares out what came while nobody looked, and says so', () => {
    const stream = upvotes(['10T12:00', 10], ['13T12:00', 70]);
    const spark = sparklineOf([stream], at('10T00:00'), at('13T12:00'));
    expect(spark?.days.map(({ gain }) => Math.round(gain ?? 0))).toEqual([20, 20, 20, 10]);
    expect(spark?.days.map(({ seen }) => seen)).toEqual([true, false, false, true]);
    expect(spark?.total).toBe(70);
  });

  test('knows nothing of the days after the last look', () => {
    const stream = upvotes(['10T12:00', 10], ['11T20:00', 12]);
    expect(gains(stream, '10T00:00', '13T12:00')).toEqual([11, 1, undefined, undefined]);
  });

  test('does not take a night hardly begun for a day of nothing', () => {
    const stream = upvotes(['10T12:00', 10], ['11T12:00', 20], ['12T00:05', 20]);
    expect(gains(stream, '10T00:00', '12T18:00')).toEqual([15, 5, undefined]);
  });

  test('is of the last fortnight at most', () => {
    const stream = upvotes(['02T12:00', 10], ['20T12:00', 190]);
    const spark = sparklineOf([stream], at('02T00:00'), at('20T12:00'));
    expect(spark?.days).toHaveLength(14);
    expect(spark?.days[0]?.on).toBe('2026-03-07');
  });

  test('sees no fall, and nothing from after the moment asked about', () => {
    const stream = upvotes(['10T12:00', 10], ['11T12:00', 8], ['12T12:00', 12], ['14T00:00', 99]);
    expect(gains(stream, '10T00:00', '12T18:00')).toEqual([10, 1, 1]);
  });

  test('is not drawn of a single day, of nothing, or of stars from before the paper', () => {
    expect(
      sparklineOf([upvotes(['10T12:00', 10])], at('10T00:00'), at('10T18:00')),
    ).toBeUndefined();
    expect(
      sparklineOf([upvotes(['10T12:00', 0], ['11T12:00', 0])], at('10T00:00'), at('12T00:00')),
    ).toBeUndefined();
    const stars: Stream = { kind: 'github-stars', looks: [{ at: at('11T12:00'), value: 4000 }] };
    expect(sparklineOf([stars], at('10T00:00'), at('12T00:00'))).toBeUndefined();
    expect(sparklineOf([], at('10T00:00'), at('12T00:00'))).toBeUndefined();
  });

  test('of several streams is the one with most upvotes', () => {
    const few = upvotes(['10T12:00', 1], ['11T12:00', 3]);
    const many = upvotes(['10T12:00', 5], ['11T12:00', 9]);
    expect(sparklineOf([few, many], at('10T00:00'), at('11T12:00'))?.total).toBe(9);
  });

  test('in characters stands as high as the days did', () => {
    const stream = upvotes(['10T23:59', 10], ['11T23:59', 90], ['12T23:59', 90]);
    const spark = sparklineOf([stream], at('10T00:00'), at('13T23:59'));
    if (!spark) throw new Error('no sparkline');
    expect(sparkLevels(spark)).toEqual([1, 8, 0, undefined]);
    expect(sparkText(spark)).toBe('▁█▁·');
  });

  test('adds up to no more than what was observed', () => {
    const look = fc.record({
      at: fc.integer({ min: at('01T00:00'), max: at('28T00:00') }),
      value: fc.integer({ min: -5, max: 4000 }),
    });
    fc.assert(
      fc.property(fc.array(look, { maxLength: 12 }), (looks) => {
        const spark = sparklineOf([{ kind: 'upvotes', looks }], at('01T00:00'), at('28T00:00'));
        if (!spark) return;
        const sum = spark.days.reduce((total, { gain }) => total + (gain ?? 0), 0);
        expect(sum).toBeLessThanOrEqual(spark.total + 1e-6);
        for (const { gain } of spark.days) expect(gain ?? 0).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
  });
});
