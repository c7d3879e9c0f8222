import { describe, expect, it } from 'vitest';
import {
  isScorable,
  listCandidates,
  listMoments,
  prepare,
  scoreMoment,
} from '../../src/domain/backtest.ts';
import { defaultGrowth } from '../../src/domain/growth-default.ts';
import type { History } from '../../src/domain/history.ts';
import { makeRankers, rankerNames } from '../../src/domain/rankers.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 1, 10, 9);

const history = (
  id: string,
  startedHoursAgo: number,
  looks: readonly (readonly [hoursFromNow: number, value: number])[],
): History => ({
  id,
  datedAt: now - startedHoursAgo * hour,
  featuredAt: undefined,
  sightings: [],
  streams: [
    {
      kind: 'upvotes',
      looks: looks.map(([hours, value]) => ({ at: now + hours * hour, value })),
    },
  ],
});

const candidatesOf = (...histories: readonly History[]) =>
  listCandidates(prepare(histories), now, () => 1);

describe('the protocol of the backtest', () => {
  it('asks every day at nine and at eighteen', () => {
    const moments = listMoments(new Date('2026-02-10'), new Date('2026-02-11'));
    expect(moments.map((moment) => new Date(moment).toISOString())).toEqual([
      '2026-02-10T09:00:00.000Z',
      '2026-02-10T18:00:00.000Z',
      '2026-02-11T09:00:00.000Z',
      '2026-02-11T18:00:00.000Z',
    ]);
  });

  it('takes as truth the last look 2 to 14 days later minus the last one known', () => {
    const [candidate] = candidatesOf(
      history('a', 30, [
        [-20, 1],
        [-9, 5],
        [24, 9],
        [72, 25],
        [300, 60],
        [400, 90],
      ]),
    );
    expect(candidate?.gained).toBe(55);
    expect(candidate?.growing.attention.upvotes?.total).toBe(5);
  });

  it('never counts a loss', () => {
    const fallen = history('a', 30, [
      [-9, 5],
      [72, 2],
    ]);
    expect(candidatesOf(fallen)[0]?.gained).toBe(0);
  });

  it('leaves out what is older than seven days, unseen, or never seen again', () => {
    const later = [72, 9] as const;
    expect(
      candidatesOf(
        history('old', 24 * 8, [[-9, 5], later]),
        history('unseen', 30, [later, [80, 10]]),
        history('lost', 30, [
          [-9, 5],
          [20, 6],
        ]),
        history('unborn', -5, [[-9, 5], later]),
      ),
    ).toEqual([]);
  });

  it('leaves out moments with fewer than fifteen candidates', () => {
    const many = Array.from({ length: 15 }, (_, i) =>
      history(`p${i}`, 30, [
        [-9, 5],
        [72, 5 + i],
      ]),
    );
    expect(isScorable(candidatesOf(...many))).toBe(true);
    expect(isScorable(candidatesOf(...many.slice(1)))).toBe(false);
  });

  it('scores the best order 1 and any other less', () => {
    const many = candidatesOf(
      ...Array.from({ length: 30 }, (_, i) =>
        history(`p${String(i).padStart(2, '0')}`, 30, [
          [-9, 5],
          [72, 5 + i],
        ]),
      ),
    );
    expect(scoreMoment(many, ({ gained }) => gained)).toEqual({ ndcg10: 1, overlap10: 1 });
    const worst = scoreMoment(many, ({ gained }) => -gained);
    expect(worst.overlap10).toBe(0);
    expect(worst.ndcg10).toBeLessThan(0.3);
  });

  it('gives every ranker a finite score for every candidate', () => {
    const rankers = makeRankers(defaultGrowth);
    for (const candidate of candidatesOf(
      history('a', 0, [
        [0, 0],
        [72, 3],
      ]),
    ))
      for (const name of rankerNames) expect(Number.isFinite(rankers[name](candidate))).toBe(true);
  });
});
