import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extractOf } from '../../src/domain/extract.ts';
import { sentences } from '../../src/domain/sentences.ts';

const title = 'Hearing Meadows: Listeners That Learn from Nine Minutes of Birdsong';
const background = 'Listening models have become essential for counting birds.';
const trouble = 'However, existing listeners need years of labelled recordings.';
const point =
  'To address this problem, we propose Hearing Meadows, a listener that learns from nine minutes of birdsong.';
const detail = 'A small memory keeps what surprised it.';
const result = 'Experiments in three valleys show that it finds 93% of the species.';
const code = 'Our code is available at https://example.org/meadows.';

describe('the extract of an abstract', () => {
  test('is what is new and what was found, without background, apology or address', () => {
    const extract = extractOf(
      [background, trouble, point, detail, result, code].join(' '),
      title,
      260,
    );
    expect(extract).toBe(
      'We propose Hearing Meadows, a listener that learns from nine minutes of birdsong. … Experiments in three valleys show that it finds 93% of the species.',
    );
  });

  test('keeps the order of the abstract, and shows no gap where there is none', () => {
    expect(extractOf(`${result} ${point}`, title, 400)).toBe(`${result} ${point}`);
  });

  test('takes a third sentence only where the two leave room', () => {
    const text = [background, point, detail, result].join(' ');
    expect(extractOf(text, title, 250)).not.toContain(detail);
    expect(sentences(extractOf(`${point} ${result} ${result}`, title, 400))).toHaveLength(3);
  });

  test('of an abstract in another language is its beginning', () => {
    expect(extractOf('蜜蜂会跳舞。我们观察了它们。', '蜜蜂', 100)).toBe(
      '蜜蜂会跳舞。我们观察了它们。',
    );
  });

  test('of one endless sentence is cut between words', () => {
    const endless = `We propose ${'a very '.repeat(80)}good bee.`;
    expect(extractOf(endless, title, 60)).toMatch(/^We propose a very[a-z ]+…$/);
    expect(extractOf('', '', 60)).toBe('');
  });

  test('never exceeds what was asked and never invents a word', () => {
    const words = fc.array(
      fc.constantFrom(background, trouble, point, detail, result, code, 'Bees 3.5 e.g. ', '🐝. '),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(words, fc.integer({ min: 30, max: 600 }), (parts, most) => {
        const text = parts.join(' ');
        const extract = extractOf(text, title, most);
        expect(extract.length).toBeLessThanOrEqual(most);
        const known = new Set(text.toLowerCase().split(/[\s….,]+/));
        for (const word of extract.toLowerCase().split(/[\s….,]+/))
          expect(known.has(word) || word === '').toBe(true);
      }),
    );
  });
});
