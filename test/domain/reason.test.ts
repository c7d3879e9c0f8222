import { describe, expect, test } from 'vitest';
import { english } from '../../src/app/english.ts';
import { sayPart, whyHere } from '../../src/domain/reason.ts';
import type { Part } from '../../src/domain/trend.ts';

describe('a reason', () => {
  const told: readonly (readonly [Part, string])[] = [
    [{ name: 'upvotes', total: 1, days: 0, points: 1 }, '1 upvote so far, less than a day old'],
    [{ name: 'upvotes', total: 1234, days: 3, points: 1 }, '1,234 upvotes so far, 3 days old'],
    [{ name: 'pace', perDay: 1.5, sinceListed: false, points: 1 }, '+1.5 upvotes a day'],
    [
      { name: 'pace', perDay: 31, sinceListed: true, ahead: 98, points: 1 },
      '+31 upvotes a day since it was listed, more than 98 of 100 papers of its age',
    ],
    [{ name: 'words', times: 2.5, points: 1 }, 'its words and authors promise 2.5 times the usual'],
    [{ name: 'github-stars', total: 1, points: 1 }, '1 GitHub star'],
    [
      { name: 'promise', chance: 0.004, days: null, points: 1 },
      'no date is known, nobody has taken notice yet; 4 of 1,000 papers with such words and authors are noticed',
    ],
    [
      { name: 'field', field: 'math', noticed: true, times: 2, points: 1 },
      'measured by math, where attention is rarer: counts 2 times',
    ],
    // Editions of earlier versions hold sentences.
    [{ name: 'upvotes', value: '3 upvotes', points: 1 }, '3 upvotes'],
  ];
  test.each(told)('%o is told as "%s"', (part, sentence) => {
    expect(sayPart(english, part)).toBe(sentence);
  });

  test('is the weightiest two, and what words promise only where nothing else is known', () => {
    const part = (name: string, points: number) => ({ name, value: name, points });
    expect(whyHere([part('words', 9), part('a', 1), part('b', 3), part('c', 2)])).toBe('b · c');
    expect(whyHere([part('words', 9)])).toBe('words');
  });
});
