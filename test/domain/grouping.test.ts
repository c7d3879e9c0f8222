import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupByTopic, headingsOf, whereNamed } from '../../src/domain/grouping.ts';

const of = (...topics: readonly number[]) => topics.map((topic, rank) => ({ topic, rank }));
const topics = (papers: readonly { readonly topic: number }[]) => papers.map(({ topic }) => topic);

describe('a digest', () => {
  test('of six papers is grouped once two topics have two papers beside the lead', () => {
    expect(topics(groupByTopic(of(1, 2, 1, 3, 2, 1)))).toEqual([1, 2, 2, 1, 1, 3]);
    expect(topics(groupByTopic(of(1, 2, 1, 3, 2, 4)))).toEqual([1, 2, 1, 3, 2, 4]);
    expect(topics(groupByTopic(of(1, 2, 1, 2, 1)))).toEqual([1, 2, 1, 2, 1]);
  });

  test('keeps the best first, and the order within a topic', () => {
    const grouped = groupByTopic(of(3, 2, 1, 2, 1, 4));
    expect(grouped.map(({ rank }) => rank)).toEqual([0, 1, 3, 2, 4, 5]);
  });

  test('has a heading above the first of each topic, one above the single ones, none above the lead', () => {
    expect(headingsOf(groupByTopic(of(3, 2, 1, 2, 1, 4, 5)))).toEqual([
      undefined,
      { kind: 'topic', topic: 2 },
      undefined,
      { kind: 'topic', topic: 1 },
      undefined,
      { kind: 'rest' },
      undefined,
    ]);
    expect(headingsOf(of(1, 1, 1, 1, 1, 1, 2)).every((heading) => heading === undefined)).toBe(
      true,
    );
  });

  test('names the topic above its papers, but not above the lead nor those of several, unless it is the only one', () => {
    const named = (...topics: readonly number[]) => whereNamed(headingsOf(of(...topics)), 5);
    expect(named(3, 2, 2, 1, 1, 4, 5)).toEqual([false, true, true, true, true, false, false]);
    expect(named(1, 2, 1)).toEqual([false, false, false]);
    expect(whereNamed(headingsOf(of(1, 1, 1)), 1)).toEqual([true, true, true]);
  });

  test('stored before there were groups has no headings', () => {
    expect(headingsOf(of(1, 2, 1, 2, 1, 2, 1)).every((heading) => heading === undefined)).toBe(
      true,
    );
  });

  test('loses and repeats no paper, and its headings are those of its order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 30 }), (given) => {
        const papers = of(...given);
        const grouped = groupByTopic(papers);
        expect(grouped.map(({ rank }) => rank).sort((a, b) => a - b)).toEqual(
          papers.map(({ rank }) => rank),
        );
        expect(grouped[0]).toEqual(papers[0]);
        const headed = headingsOf(grouped).some((heading) => heading !== undefined);
        const again = groupByTopic(grouped);
        expect(headed ? again : grouped).toEqual(grouped);
      }),
    );
  });
});
