import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arxivIdOf,
  cleanText,
  isTitleId,
  mergePapers,
  type Paper,
  parseArxivId,
  titleId,
  titleSlug,
} from '../../src/domain/paper.ts';
import { anyText } from '../any-text.ts';
import { inventPaper } from '../invent.ts';

describe('arXiv ids', () => {
  const ids: readonly (readonly [string, string | undefined])[] = [
    ['2405.12345', '2405.12345'],
    ['2405.12345v3', '2405.12345'],
    ['0704.0001', '0704.0001'],
    ['cs/0112017', 'cs/0112017'],
    ['cs/0112017v2', 'cs/0112017'],
    ['math.GT/0309136', 'math/0309136'],
    ['arXiv:2405.12345', '2405.12345'],
    ['oai:arXiv.org:cs/0112017', 'cs/0112017'],
    ['https://arxiv.org/abs/2405.12345v1', '2405.12345'],
    ['http://export.arxiv.org/pdf/2405.12345.pdf', '2405.12345'],
    ['https://arxiv.org/pdf/2405.12345v2.pdf?download=1#page=2', '2405.12345'],
    [' 2405.12345 ', '2405.12345'],
    ['2413.12345', undefined],
    ['2405.123', undefined],
    ['2405.12345; drop', undefined],
    ['https://example.org/abs/2405.12345', undefined],
    ['title:robots', undefined],
    ['', undefined],
  ];
  test.each(ids)('in "%s" is %s', (text, id) => {
    expect(parseArxivId(text)).toBe(id);
  });

  test('are never found in a text that is not wholly one', () => {
    fc.assert(
      fc.property(anyText(60), (text) => {
        const id = parseArxivId(text);
        if (id !== undefined) expect(parseArxivId(id)).toBe(id);
      }),
    );
  });
});

describe('a paper without an arXiv id', () => {
  test('is known by its title, whatever its case, accents and punctuation', () => {
    expect(titleId('Café Robots: A Study!')).toBe('title:cafe-robots-a-study');
    expect(titleSlug('  Cafe — robots (a study)')).toBe(titleSlug('CAFÉ ROBOTS: A STUDY'));
    expect(titleSlug('机器人 2')).toBe('机器人-2');
    expect(titleSlug('x'.repeat(1_000))).toHaveLength(200);
  });

  test('has no arXiv id to show', () => {
    expect(isTitleId('title:x')).toBe(true);
    expect(arxivIdOf({ id: 'title:x' })).toBeUndefined();
    expect(arxivIdOf({ id: 'cs/0112017' })).toBe('cs/0112017');
  });
});

describe('text at the door', () => {
  test('loses what XML cannot hold and what turns text around', () => {
    expect(cleanText(' a\u0000b\u001b\u202ec\u2066 \uFFFE d\ud800 ')).toBe('abc d');
    expect(cleanText('line\r\n\tbreak')).toBe('line break');
    expect(cleanText('👩‍🔬 ok')).toBe('👩‍🔬 ok');
  });

  test('is clean once cleaned, and holds only characters of XML', () => {
    const xmlText = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
    fc.assert(
      fc.property(anyText(100), (text) => {
        const clean = cleanText(text);
        expect(clean).toMatch(xmlText);
        expect(cleanText(clean)).toBe(clean);
      }),
    );
  });
});

describe('two views of one paper', () => {
  const known = inventPaper(1, {
    listedOn: '2026-03-18',
    comment: '9 pages',
    publishedAt: new Date('2026-03-17T10:00:00Z'),
  });

  test('become one: new text wins, what is left out stays, first dates stay', () => {
    const incoming: Paper = {
      ...inventPaper(1, { title: 'A Better Title', abstract: '', authors: [], categories: [] }),
      listedOn: '2026-03-19',
      featuredOn: '2026-03-20',
      publishedAt: new Date('2026-03-16T10:00:00Z'),
    };
    expect(mergePapers(known, incoming)).toEqual({
      ...known,
      title: 'A Better Title',
      listedOn: '2026-03-18',
      featuredOn: '2026-03-20',
      publishedAt: new Date('2026-03-16T10:00:00Z'),
    });
  });

  test('keep the arXiv id, whichever of the two brings it', () => {
    const byTitle = { ...known, id: titleId(known.title) };
    expect(mergePapers(known, byTitle).id).toBe(known.id);
    expect(mergePapers(byTitle, known).id).toBe(known.id);
  });

  test('change nothing when they are the same', () => {
    expect(mergePapers(known, known)).toEqual(known);
  });
});
