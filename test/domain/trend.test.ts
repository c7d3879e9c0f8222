import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signalKinds } from '../../src/domain/signal.ts';
import {
  type Evidence,
  isCredible,
  rankingMoment,
  remainingGrowth,
  scorePaper,
} from '../../src/domain/trend.ts';
import { dayMs, hourMs, noon } from '../invent.ts';

const now = noon.getTime();
const evidence = (ageHours: number, totals: Evidence['totals'], hasCode = false): Evidence => ({
  startedAt: now - ageHours * hourMs,
  totals,
  hasCode,
});
const scoreOf = (...given: Parameters<typeof evidence>): number =>
  scorePaper(evidence(...given), now).score;

describe('a score', () => {
  test('is the sum of its parts, at any age and with any totals', () => {
    const total = fc.option(
      fc.oneof(fc.nat(10_000), fc.double({ min: 0, max: 1e12, noNaN: true })),
      {
        nil: undefined,
      },
    );
    const totals = fc.record(Object.fromEntries(signalKinds.map((kind) => [kind, total])));
    const age = fc.option(fc.integer({ min: -dayMs, max: 400 * dayMs }), { nil: undefined });
    fc.assert(
      fc.property(age, totals, fc.boolean(), (ageMs, some, hasCode) => {
        const known = Object.fromEntries(
          Object.entries(some).filter(([, value]) => value !== undefined),
        );
        const startedAt = ageMs === undefined ? undefined : now - ageMs;
        const { score, parts } = scorePaper({ startedAt, totals: known, hasCode }, now);
        expect(Number.isFinite(score)).toBe(true);
        expect(score).toBeGreaterThanOrEqual(0);
        const sum = parts.reduce((points, part) => points + part.points, 0);
        expect(Math.abs(sum - score)).toBeLessThan(1e-6);
        for (const part of parts) expect(part.value).not.toBe('');
      }),
    );
  });

  test('prefers attention that is still to come over attention that was', () => {
    expect(scoreOf(12, { upvotes: 30 })).toBeGreaterThan(scoreOf(10 * 24, { upvotes: 200 }));
    expect(scoreOf(12, { upvotes: 30 })).toBeGreaterThan(scoreOf(40, { upvotes: 30 }));
  });

  test('rises with every kind of attention, and a little with code', () => {
    const bare = scoreOf(12, { upvotes: 3 });
    for (const kind of signalKinds)
      expect(scoreOf(12, { upvotes: 3, [kind]: 9 }), kind).toBeGreaterThan(bare);
    expect(scoreOf(12, { upvotes: 3 }, true)).toBeGreaterThan(bare);
    expect(scoreOf(12, { upvotes: 4 })).toBeGreaterThan(scoreOf(12, { upvotes: 3 }, true));
  });

  test('knows unseen from unloved: nobody looked is better than everybody passed by', () => {
    expect(scoreOf(2, {})).toBeGreaterThan(scoreOf(72, {}));
    expect(scoreOf(2, { upvotes: 0 })).toBeGreaterThan(0);
  });

  test('says its reasons in words', () => {
    const { parts } = scorePaper(evidence(3, { upvotes: 1, comments: 1_200 }, true), now);
    expect(parts.map((part) => part.name)).toEqual(['age', 'upvotes', 'comments', 'code']);
    expect(parts.map((part) => part.value)).toEqual([
      'less than a day old',
      '1 upvote in its first day, most of its growth still to come',
      '1,200 comments',
      'code is available',
    ]);
  });
});

describe('an absurd total', () => {
  test('counts as not observed', () => {
    for (const kind of ['upvotes', 'comments', 'points', 'citations'] as const) {
      expect(isCredible(kind, 1e9)).toBe(false);
      expect(scoreOf(2, { [kind]: 1e9 })).toBeLessThan(scoreOf(2, { upvotes: 5 }));
    }
    expect(isCredible('upvotes', -1)).toBe(false);
    expect(isCredible('upvotes', Number.NaN)).toBe(false);
  });

  test('of a famous repository counts by magnitude only', () => {
    expect(isCredible('github-stars', 1e9)).toBe(true);
    expect(scoreOf(2, { 'github-stars': 1e9 })).toBeLessThan(scoreOf(2, { upvotes: 10 }));
  });
});

describe('remaining growth', () => {
  test('falls with age without a leap, and never to nothing', () => {
    let before = remainingGrowth(0);
    for (let age = 1; age < 1_000; age += 1) {
      const growth = remainingGrowth(age);
      expect(growth).toBeLessThanOrEqual(before);
      expect(growth).toBeGreaterThan(before * 0.9);
      before = growth;
    }
    expect(remainingGrowth(-5)).toBe(remainingGrowth(0));
  });
});

describe('the moment ranked for', () => {
  test('is the newest fact once that is two days old, and else the moment asked for', () => {
    expect(rankingMoment(now, now - 47 * hourMs)).toBe(now);
    expect(rankingMoment(now, now - 49 * hourMs)).toBe(now - 49 * hourMs);
    expect(rankingMoment(now, undefined)).toBe(now);
  });
});
