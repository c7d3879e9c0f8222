import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clampText, safeHref, wrapText } from '../../src/mail/plain.ts';

describe('clamping text', () => {
  test('leaves short text alone and cuts long text at a word', () => {
    expect(clampText('short', 10)).toBe('short');
    expect(clampText('the quick brown fox jumps', 16)).toBe('the quick brown…');
    expect(clampText('one\r\n two\u0000', 20)).toBe('one two');
  });

  test('never splits a character as readers see it', () => {
    expect(clampText('👩‍🔬'.repeat(20), 30)).toMatch(/^(?:👩‍🔬)*…$/u);
  });

  test('keeps to its limit whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 2, max: 80 }), (text, most) => {
        expect([...clampText(text, most)].length).toBeLessThanOrEqual(2 * most);
      }),
    );
  });
});

describe('wrapping text', () => {
  test('hangs further lines under the first', () => {
    const lines = wrapText('word '.repeat(30), { first: ' 1. ', indent: '    ' }).split('\n');
    expect(lines[0]).toMatch(/^ 1\. word/);
    expect(lines[1]).toMatch(/^ {4}word/);
  });

  test('counts wide characters as two columns', () => {
    const [line = ''] = wrapText('語'.repeat(100)).split('\n');
    expect([...line]).toHaveLength(36);
  });

  test('breaks long words but never a link', () => {
    expect(wrapText('y'.repeat(100)).split('\n')).toHaveLength(2);
    const link = `https://paperboy.example/${'y'.repeat(100)}`;
    expect(wrapText(link)).toBe(link);
  });

  test('loses no word', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^\w{1,20}$/)), (words) => {
        expect(wrapText(words.join(' ')).split(/\s+/).filter(Boolean)).toEqual(words);
      }),
    );
  });
});

test('a safe link keeps what it says and nothing else is one', () => {
  expect(safeHref('https://arxiv.org/abs/2603.11001')).toBe('https://arxiv.org/abs/2603.11001');
  expect(safeHref('mailto:a@b.example')).toBe('mailto:a@b.example');
  expect(safeHref('https://x.example/"><b>')).not.toMatch(/["<>]/);
  for (const bad of ['', 'x', 'JavaScript:1', 'vbscript:x', 'ftp://x.example'])
    expect(safeHref(bad)).toBe('');
});
