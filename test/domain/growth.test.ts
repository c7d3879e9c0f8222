import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dailyPace, hasStalled, readAttention, readStream } from '../../src/domain/attention.ts';
import { expectGrowth, type Growing, growingAge, rateAt } from '../../src/domain/growth.ts';
import { defaultGrowth } from '../../src/domain/growth-default.ts';
import { fitGrowth, type GrowthSample } from '../../src/domain/growth-fit.ts';

const hour = 3_600_000;
const start = Date.UTC(2026, 2, 18);
const at = (hours: number): number => start + hours * hour;

const growing = (looks: readonly (readonly [hours: number, value: number])[]): Growing => ({
  startedAt: start,
  outlook: 1,
  attention: readAttention(
    [{ kind: 'upvotes', looks: looks.map(([hours, value]) => ({ at: at(hours), value })) }],
    at(10_000),
  ),
});

const total = (known: Growing, hours: number): number =>
  expectGrowth(defaultGrowth, known, at(hours)).reduce((sum, term) => sum + term.points, 0);

describe('reading a stream of observations', () => {
  it('takes the last believable one known by then', () => {
    const looks = [
      { at: at(8), value: 3 },
      { at: at(24), value: 12 },
      { at: at(25), value: -1 },
      { at: at(26), value: Number.NaN },
      { at: at(27), value: 1e9 },
      { at: at(99), value: 50 },
    ];
    expect(readStream('upvotes', looks, at(30))).toEqual({
      total: 12,
      at: at(24),
      before: { at: at(8), value: 3 },
    });
  });

  it('knows a missing observation from a zero', () => {
    expect(readStream('comments', [], at(30))).toBeUndefined();
    expect(readStream('comments', [{ at: at(1), value: 0 }], at(30))?.total).toBe(0);
  });

  it('takes the pace between two looks, or since the start where there is one', () => {
    const twice = growing([
      [12, 10],
      [36, 41],
    ]).attention.upvotes;
    expect(twice && dailyPace(twice, start)).toBeCloseTo(31, 9);
    const once = growing([[48, 20]]).attention.upvotes;
    expect(once && dailyPace(once, start)).toBe(10);
  });

  it('does not take three upvotes in the first minutes for hundreds a day', () => {
    const early = growing([[0.1, 3]]).attention.upvotes;
    expect(early && dailyPace(early, start)).toBe(6);
  });

  it('calls a paper stalled only when it was looked at twice and gained nothing', () => {
    const stalled = (looks: readonly (readonly [number, number])[]): boolean =>
      hasStalled(growing(looks).attention, start);
    const [day, days] = [24, 72];
    expect(stalled([[days, 40]])).toBe(false);
    expect(
      stalled([
        [day, 40],
        [days, 40],
      ]),
    ).toBe(true);
    expect(
      stalled([
        [day, 40],
        [days, 41],
      ]),
    ).toBe(false);
    expect(
      stalled([
        [2, 4],
        [day, 4],
      ]),
    ).toBe(false);
  });
});

describe('growth still to come', () => {
  it('is more for a paper that rises faster, at the same age and total', () => {
    const rising = growing([
      [24, 10],
      [48, 40],
    ]);
    const resting = growing([
      [24, 38],
      [48, 40],
    ]);
    expect(total(rising, 50)).toBeGreaterThan(total(resting, 50));
  });

  it('is finite and never negative, whatever was observed', () => {
    const look = fc.record({
      at: fc.integer({ min: -8.64e15, max: 8.64e15 }),
      value: fc.double({ noNaN: false }),
    });
    fc.assert(
      fc.property(fc.array(look), fc.double({ min: 0, max: 1e13, noNaN: true }), (looks, now) => {
        const attention = readAttention([{ kind: 'upvotes', looks }], now);
        const points = expectGrowth(
          defaultGrowth,
          { startedAt: start, outlook: 1, attention },
          now,
        );
        for (const term of points) {
          expect(term.points).toBeGreaterThanOrEqual(0);
          expect(term.points).toBeLessThan(1e6);
        }
      }),
    );
  });

  it('does not take a look of last week for news of today', () => {
    const old = growing([[8, 100]]);
    expect(growingAge(old, at(20))).toBe(8);
    expect(growingAge(old, at(24 * 8))).toBe(24 * 6);
    expect(total(old, 24 * 20)).toBeLessThan(total(old, 24));
  });

  it('interpolates between the knots and fades beyond the last', () => {
    expect(rateAt(defaultGrowth, 'upvotes', 26)).toBe(defaultGrowth.rates.upvotes[1]);
    expect(rateAt(defaultGrowth, 'upvotes', 40)).toBeLessThan(0.05);
    expect(rateAt(defaultGrowth, 'upvotes', 672)).toBeCloseTo(0.004, 6);
    expect(rateAt(defaultGrowth, 'upvotes', Number.POSITIVE_INFINITY)).toBe(0);
  });
});

describe('learning the rates', () => {
  const samples = (count: number, gainPerUpvote: number): readonly GrowthSample[] =>
    Array.from({ length: count }, (_, i) => {
      const upvotes = 5 + (i % 40);
      const known = growing([
        [2, upvotes],
        [26, upvotes],
      ]);
      return {
        growing: { ...known, outlook: 0 },
        now: at(27),
        gained: gainPerUpvote * upvotes,
        weight: 1,
      };
    });

  it('finds what the samples were made with', () => {
    const fitted = fitGrowth(samples(5_000, 0.7), defaultGrowth);
    expect(fitted.rates.upvotes[1]).toBeCloseTo(0.7, 1);
  });

  it('keeps to the shipped rates where there is little to learn from', () => {
    const fitted = fitGrowth(samples(3, 0.7), defaultGrowth);
    expect(fitted.rates.upvotes[1]).toBeLessThan(0.15);
    expect(fitted.rates.pace).toEqual(defaultGrowth.rates.pace);
    expect(fitted.rates.points).toEqual(defaultGrowth.rates.points);
  });

  it('gives the same rates for the same samples', () => {
    expect(fitGrowth(samples(200, 0.3), defaultGrowth)).toEqual(
      fitGrowth(samples(200, 0.3), defaultGrowth),
    );
  });
});
