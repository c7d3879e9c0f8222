import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { languages, parseLanguage, pickLanguage } from '../../src/domain/language.ts';

describe('the language of a reader', () => {
  test.each([
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['de', 'de'],
    ['de-CH, fr;q=0.9', 'de'],
    ['pt-BR, es;q=0.8, en;q=0.7', 'es'],
    ['en;q=0.2, zh-Hans-CN;q=0.9', 'zh'],
    ['ja;q=0, fr;q=0.1', 'fr'],
    ['ja;q=zero, DE', 'de'],
  ])('is taken from Accept-Language "%s" as %s', (header, language) => {
    expect(pickLanguage(header)).toBe(language);
  });

  test('is always one that we write, whatever a browser says', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(languages).toContain(pickLanguage(header));
      }),
    );
  });

  test('may be written with its region', () => {
    expect(['es-MX', 'ZH_TW', ' ja '].map(parseLanguage)).toEqual(['es', 'zh', 'ja']);
    expect(['', 'xx', 'deu', 'english'].map(parseLanguage)).toEqual(Array(4).fill(undefined));
  });
});
