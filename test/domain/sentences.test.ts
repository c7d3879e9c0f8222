import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutAtWord, firstSentences, sentences } from '../../src/domain/sentences.ts';

describe('sentences', () => {
  test('end where their authors ended them, not after an abbreviation or an initial', () => {
    expect(
      sentences('Kites fly, as J. Feldt et al. show. Ferries, e.g. ours, float. Good.'),
    ).toEqual(['Kites fly, as J. Feldt et al. show.', 'Ferries, e.g. ours, float.', 'Good.']);
    expect(sentences('It grew by 3.5 times. See Fig. 2 for more')).toHaveLength(2);
    expect(sentences('We follow Okonkwo et al. We differ.')).toEqual([
      'We follow Okonkwo et al.',
      'We differ.',
    ]);
    expect(sentences('Bees rest on set A. The others fly.')).toHaveLength(2);
    expect(sentences('Bees (cf. Fig. 2. below) rest. So do we.')).toHaveLength(2);
    expect(sentences('')).toEqual([]);
  });

  test('end in Chinese and Japanese too, and where a space was lost', () => {
    expect(sentences('蜜蜂会跳舞。我们观察了它们。')).toEqual(['蜜蜂会跳舞。', '我们观察了它们。']);
    expect(sentences('ミツバチは踊る。私たちは見た。')).toHaveLength(2);
    expect(sentences('There are four phases.Phase 1 is short.')).toEqual([
      'There are four phases.',
      'Phase 1 is short.',
    ]);
  });

  test('go on past a question in brackets, a name with a mark, and lines of a file', () => {
    expect(sentences('The Yahoo! answers (really?) are short. Good.')).toHaveLength(2);
    expect(sentences('One bee\nhums. Two\n\nbees dance.')).toEqual([
      'One bee hums.',
      'Two bees dance.',
    ]);
  });

  test('hold together every word of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const bare = (of: string): string => of.replace(/\s+/g, '');
        expect(bare(sentences(text).join(''))).toBe(bare(text));
      }),
    );
  });
});

describe('the first sentences', () => {
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
