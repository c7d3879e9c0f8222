import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseDigest, type TopicList } from '../../src/domain/digest.ts';

const list = (topic: number, ...papers: readonly number[]): TopicList => ({
  topic,
  entries: papers.map((paper, at) => ({ paper, score: 1_000 - topic * 100 - at })),
});
const nothing = new Set<number>();

describe('choosing a digest', () => {
  test('takes one of each topic in turn and shows the best first', () => {
    const chosen = chooseDigest([list(2, 20, 21, 22), list(1, 10, 11, 12)], nothing, 4);
    expect(chosen.map(({ paper }) => paper)).toEqual([10, 11, 20, 21]);
    expect(chosen.map(({ topic }) => topic)).toEqual([1, 1, 2, 2]);
  });

  test('gives the room of a short list to the others', () => {
    const chosen = chooseDigest([list(1, 10), list(2), list(3, 30, 31, 32, 33)], nothing, 4);
    expect(chosen.map(({ paper }) => paper)).toEqual([10, 30, 31, 32]);
  });

  test('names a paper of two topics once, under the first that brings it', () => {
    const chosen = chooseDigest([list(1, 7, 10), list(2, 7, 20)], nothing, 10);
    expect(chosen.map(({ paper, topic }) => [paper, topic])).toEqual([
      [7, 1],
      [10, 1],
      [20, 2],
    ]);
  });

  test('never takes a paper seen, nor more than the limit, nor one twice, and leaves no room', () => {
    const numbers = fc.uniqueArray(fc.nat(40), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(numbers, { maxLength: 6 }), numbers, fc.nat(30), (raw, seen, limit) => {
        const lists = raw.map((papers, topic) => list(topic, ...papers));
        const chosen = chooseDigest(lists, new Set(seen), limit).map(({ paper }) => paper);
        const unseen = new Set(raw.flat().filter((paper) => !seen.includes(paper)));
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(chosen.every((paper) => unseen.has(paper))).toBe(true);
        expect(chosen).toHaveLength(Math.min(limit, unseen.size));
      }),
    );
  });

  test('shares fairly: with enough in every list the shares differ by one at most', () => {
    const lists = [0, 1, 2].map((t) => list(t, ...Array.from({ length: 9 }, (_, i) => t * 10 + i)));
    const chosen = chooseDigest(lists, nothing, 10);
    const shares = [0, 1, 2].map((t) => chosen.filter(({ topic }) => topic === t).length);
    expect(shares).toEqual([4, 3, 3]);
  });
});
