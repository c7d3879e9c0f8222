import { describe, expect, test } from 'vitest';
import { likenessQuery } from '../../src/domain/similar.ts';
import { inventPaper } from '../invent.ts';

const wordsOf = (title: string, abstract: string): readonly string[] => {
  const query = likenessQuery(inventPaper(1, { title, abstract }));
  if (query?.kind !== 'any') return [];
  return query.of.map((part) => (part.kind === 'word' ? part.text : part.kind));
};

describe('what papers like this one are asked for', () => {
  test('are its words, those said often and in the title first', () => {
    expect(wordsOf('Ferry Tides', 'Lanterns light a ferry. Lanterns, lanterns!')).toEqual([
      'ferry',
      'lanterns',
      'tides',
      'light',
    ]);
  });

  test('are some forty at most, TeX shown as text', () => {
    const many = Array.from({ length: 300 }, (_, n) => `word${n}`).join(' ');
    expect(wordsOf('Schr\\"odinger', many)).toHaveLength(40);
    expect(wordsOf('Schr\\"odinger', '')).toEqual(['schrödinger']);
  });

  test('are nothing for a paper without words', () => {
    expect(likenessQuery(inventPaper(1, { title: '1 2 3', abstract: '' }))).toBeUndefined();
  });
});
