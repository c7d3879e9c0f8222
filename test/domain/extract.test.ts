import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutAtWord, firstSentences, sentences } from '../../src/domain/extract.ts';

describe('the first sentences', () => {
  test('end where sentences end, not after an abbreviation or an initial', () => {
    expect(
      sentences('Kites fly, as J. Feldt et al. show. Ferries, e.g. ours, float. Good.'),
    ).toEqual(['Kites fly, as J. Feldt et al. show.', 'Ferries, e.g. ours, float.', 'Good.']);
    expect(sentences('It grew by 3.5 times. See Fig. 2 for more')).toHaveLength(2);
    expect(sentences('')).toEqual([]);
  });

  test('are as many as fit, and whole', () => {
    const text = 'One bee hums. Two bees dance. Three bees rest.';
    expect(firstSentences(text, 30)).toBe('One bee hums. Two bees dance.');
    expect(firstSentences(text, 400)).toBe(text);
  });

  test('are cut between words when the first alone is too long', () => {
    expect(firstSentences('A very long sentence about very many bees', 20)).toBe('A very long…');
    expect(cutAtWord('short', 5)).toBe('short');
    expect(cutAtWord('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`);
  });

  test('never exceed what was asked, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.integer({ min: 2, max: 120 }),
        (text, most) => {
          expect(firstSentences(text, most).length).toBeLessThanOrEqual(most);
        },
      ),
    );
  });
});
