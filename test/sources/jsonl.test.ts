import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText } from '../../src/domain/paper.ts';
import { composePaper } from '../../src/sources/compose-paper.ts';
import { papersOf, read, rejectsOf, signalsOf } from './read.ts';

const paper = {
  arxivId: '2603.00001v2',
  title: 'Counting $\\alpha$ Sheep',
  abstract: 'We count\n  sheep.',
  authors: ['Ann One', ' Bo  Two '],
  categories: ['cs.CL', 'math.CO', 'cs.CL'],
  publishedAt: '2026-03-02',
  listedOn: '2026-03-03',
  featuredOn: '2026-03-04',
  comment: '7 pages',
  codeUrl: 'https://example.org/sheep',
  summary: 'Sheep, counted.',
  mood: 'ignored',
};
const signal = {
  arxivId: '2603.00001',
  observedAt: '2026-03-05T06:07:08Z',
  source: 'huggingface',
  kind: 'upvotes',
  value: 31,
  listedOn: '2026-03-04',
};
const rows = (...values: readonly unknown[]): string =>
  values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n');

describe('rows of JSON', () => {
  test('a paper row becomes a paper: version dropped, white space folded, TeX kept', async () => {
    expect(await read(rows(paper))).toEqual([
      {
        kind: 'paper',
        line: 1,
        paper: {
          id: '2603.00001',
          title: 'Counting $\\alpha$ Sheep',
          abstract: 'We count sheep.',
          authors: ['Ann One', 'Bo Two'],
          categories: ['cs.CL', 'math.CO'],
          publishedAt: new Date('2026-03-02T00:00:00Z'),
          listedOn: '2026-03-03',
          featuredOn: '2026-03-04',
          comment: '7 pages',
          codeUrl: 'https://example.org/sheep',
          summary: { text: 'Sheep, counted.', by: 'sample' },
        },
      },
    ]);
  });

  test('papers and signals stand in one file in any order, blank lines between', async () => {
    const records = await read(`\uFEFF${rows(signal, '', paper, signal)}\n\n`);
    expect(records.map(({ kind, line }) => [kind, line])).toEqual([
      ['signal', 1],
      ['paper', 3],
      ['signal', 4],
    ]);
    expect(signalsOf(records)[0]).toEqual({
      paperId: '2603.00001',
      source: 'huggingface',
      kind: 'upvotes',
      observedAt: new Date('2026-03-05T06:07:08Z'),
      value: 31,
      listedOn: '2026-03-04',
    });
  });

  test('chunks cut lines and characters anywhere without harm', async () => {
    const file = rows({ ...paper, title: 'Ünïcode 🐑 sheep' }, signal, paper);
    expect(await read(file, 3)).toEqual(await read(file));
  });

  test('a paper without an arXiv id is known by its title', async () => {
    const records = await read(rows({ title: 'On Sheep: A Survey' }));
    expect(papersOf(records)[0]?.id).toBe('title:on-sheep-a-survey');
  });

  test.each([
    ['no title', { ...paper, title: undefined, arxivId: undefined }, 'neither a paper'],
    ['a blank title', { ...paper, title: ' \u0000 ' }, 'title is missing'],
    ['a title of the wrong type', { ...paper, title: 7 }, 'title is a number, not text'],
    ['a foreign id', { ...paper, arxivId: 'hal-01' }, 'arxivId "hal-01" is not an arXiv id'],
    ['authors in one text', { ...paper, authors: 'A, B' }, 'authors is text, not a list'],
    ['an author that is an object', { ...paper, authors: [{}] }, 'authors holds an object'],
    ['a day that does not exist', { ...paper, listedOn: '2026-02-30' }, 'listedOn "2026-02-30"'],
    [
      'a date in words',
      { ...paper, publishedAt: 'last week' },
      'publishedAt "last week" is no date',
    ],
    ['a negative value', { ...signal, value: -1 }, 'value is negative (-1)'],
    ['a value beyond all numbers', rows(signal).replace('31', '1e999'), 'value is too large'],
    ['half an upvote', { ...signal, value: 0.5 }, 'value is no whole number'],
    ['a value in quotes', { ...signal, value: '31' }, 'value is text, not a number'],
    ['an unknown kind', { ...signal, kind: 'likes' }, 'kind "likes" is none of upvotes, comments'],
    ['no source', { ...signal, source: '' }, 'source is missing'],
    ['no time', { ...signal, observedAt: null }, 'observedAt is missing'],
    ['a time to come', { ...signal, observedAt: '2026-03-22T00:00:00Z' }, 'lies in the future'],
    ['a publication to come', { ...paper, publishedAt: '2031-01-01' }, 'publishedAt 2031-01-01'],
    ['a listing to come', { ...paper, listedOn: '2026-03-23' }, 'listedOn 2026-03-23 lies in the'],
    ['a signal of no paper', { ...signal, arxivId: undefined }, 'arxivId is missing'],
    ['a row cut short', rows(paper).slice(0, 80), 'the row is cut short'],
    ['no JSON', '{"title" oops}', 'the row is not JSON'],
    ['a list', '[1]', 'the row is not a JSON object'],
  ])('%s is rejected with its line, and the rest goes on', async (_what, bad, reason) => {
    const records = await read(rows(paper, bad, signal));
    expect(records.map(({ kind }) => kind)).toEqual(['paper', 'rejected', 'signal']);
    expect(rejectsOf(records)[0]).toContain(
      `line 2: ${reason.startsWith('neither') ? 'the row is ' : ''}`,
    );
    expect(rejectsOf(records)[0]).toContain(reason);
  });

  test('an observation from a clock some hours ahead is taken', async () => {
    const records = await read(rows({ ...signal, observedAt: '2026-03-20T20:00:00Z' }));
    expect(signalsOf(records)).toHaveLength(1);
  });

  test('only http(s) links are kept, the paper always is', async () => {
    for (const codeUrl of [
      'javascript:alert(1)',
      'data:text/html,x',
      'example.org',
      'https://a:b@c.de',
    ]) {
      expect(papersOf(await read(rows({ ...paper, codeUrl })))[0]).not.toHaveProperty('codeUrl');
    }
  });

  test('keys that would reach the prototype do nothing', async () => {
    const row = rows(paper).replace('{', '{"__proto__":{"polluted":1},"constructor":{"a":1},');
    expect(papersOf(await read(row))).toHaveLength(1);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('whatever the text, it enters the corpus exactly as cleaned', () => {
    const odd = fc.constantFrom(
      ' ',
      '\u00A0',
      '\u2003',
      '\uFEFF',
      '\u202E',
      '\uD83D',
      '\u0085',
      'é',
      '🐑',
    );
    const text = fc.array(fc.oneof(odd, fc.string({ unit: 'binary' }))).map((all) => all.join(''));
    fc.assert(
      fc.property(text, (abstract) => {
        const composed = composePaper({ arxivId: '2603.00001', title: 'T', abstract });
        expect(composed.abstract).toBe(cleanText(abstract));
      }),
    );
  });
});
