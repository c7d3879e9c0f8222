import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { headlineOf, leadOf } from '../../src/domain/headline.ts';

describe('a headline', () => {
  test.each([
    ['Hearing Meadows', 'Hearing Meadows'],
    [
      'Kites: How Paper Birds Learn to Land in a Storm of Nine Minutes',
      'How Paper Birds Learn to Land in a Storm of Nine Minutes',
    ],
    [
      'A Survey of Lanterns and Kites: Everything That Was Ever Said about Them by Anybody at All, Ever',
      'A Survey of Lanterns and Kites',
    ],
    [
      'Bees: Small Models That Learn to Dance in the Dark with Nine Minutes of Moonlight',
      'Small Models That Learn to Dance in the Dark',
    ],
    [
      'Small Models That Learn to Dance in the Dark with Nine Minutes of Moonlight',
      'Small Models That Learn to Dance in the Dark',
    ],
    ['Unbreakable '.repeat(9).trim(), 'Unbreakable Unbreakable Unbreakable Unbreakable…'],
  ])('of "%s" is "%s"', (title, headline) => {
    expect(headlineOf(title, 58)).toBe(headline);
  });

  test('fits, and is never empty where the title is not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (title) => {
        expect(headlineOf(title, 70).length).toBeLessThanOrEqual(70);
        if (/[\p{L}\p{N}]/u.test(title.slice(0, 30))) expect(headlineOf(title, 70)).not.toBe('');
      }),
    );
  });
});

test('a subject speaks of no paper that an earlier one spoke of, while there is another', () => {
  expect(leadOf([4, 5, 6], new Set())).toBe(0);
  expect(leadOf([4, 5, 6], new Set([4, 5]))).toBe(2);
  expect(leadOf([4], new Set([4]))).toBe(0);
});
