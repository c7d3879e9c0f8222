import { describe, expect, test } from 'vitest';
import { createLiking, mostReactions, type Reaction, reorder } from '../../src/domain/liking.ts';

/** A paper's number is the angle, in degrees, of its meaning. */
const vectorOf = (paper: number): Float32Array | undefined =>
  paper < 0
    ? undefined
    : Float32Array.of(Math.cos((paper * Math.PI) / 180), Math.sin((paper * Math.PI) / 180));

const more = (paper: number): Reaction => ({ paper, kind: 'more' });
const less = (paper: number): Reaction => ({ paper, kind: 'less' });
const factor = (reactions: readonly Reaction[], paper: number): number => {
  const nudge = createLiking(reactions, vectorOf)(paper);
  return nudge.kind === 'moved' ? nudge.factor : nudge.kind === 'none' ? 1 : 0;
};

describe('a reaction', () => {
  test('moves papers alike, the more the more they are, and at most by half', () => {
    expect(factor([more(0)], 45)).toBeGreaterThan(1.2);
    expect(factor([more(0)], 35)).toBeGreaterThan(factor([more(0)], 45));
    expect(factor([more(0)], 2)).toBe(1.5);
    expect(factor([less(0)], 45)).toBeLessThan(0.8);
    expect(factor([less(0)], 45)).toBeGreaterThanOrEqual(0.5);
  });

  test('says nothing of papers of another kind, or without a known meaning', () => {
    expect(factor([more(0), less(5)], 90)).toBe(1);
    expect(factor([more(0)], -1)).toBe(1);
    expect(factor([more(-1)], 0)).toBe(1);
    expect(factor([], 0)).toBe(1);
  });

  test('bars near copies of what was not wanted, unless they are nearer to what was', () => {
    expect(factor([less(0)], 10)).toBe(0);
    expect(factor([less(0), more(10)], 8)).toBe(1);
  });

  test('of another direction keeps the reasons apart: the nearest of each kind counts', () => {
    const reactions = [more(0), more(90), less(180)];
    expect(createLiking(reactions, vectorOf)(60)).toMatchObject({ kind: 'moved', like: 90 });
    expect(createLiking(reactions, vectorOf)(150)).toMatchObject({ kind: 'barred' });
  });

  test('counts among the newest hundred', () => {
    const old = Array.from({ length: mostReactions }, () => more(180));
    expect(factor([...old, more(0)], 0)).toBe(1);
  });
});

test('a list is put in the order the reactions give it', () => {
  const entries = [
    { paper: 200, score: 10 },
    { paper: 0, score: 9 },
    { paper: 90, score: 8 },
  ];
  expect(reorder(entries, createLiking([more(90), less(200)], vectorOf))).toEqual([
    { paper: 90, score: 12, like: 90 },
    { paper: 0, score: 9 },
  ]);
});
