import { describe, expect, test } from 'vitest';
import { papersOf, read, rejectsOf } from './read.ts';

const abstract = (about: string): string => `This paragraph is about ${about}. `.repeat(12).trim();

describe('a plain list of titles and abstracts', () => {
  test('is read after its call to subscribe, which is glued to the first title', async () => {
    const records = await read(
      [
        'Papers for breakfast!',
        'Papers for breakfast, every day!',
        'SubscribeA First Look at Sheep',
        abstract('sheep'),
        'Shearing in $O(n)$',
        abstract('shearing'),
        '',
      ].join('\n'),
    );
    expect(records.map(({ kind, line }) => [kind, line])).toEqual([
      ['paper', 3],
      ['paper', 5],
    ]);
    const [first, second] = papersOf(records);
    expect(first).toEqual({
      id: 'title:a-first-look-at-sheep',
      title: 'A First Look at Sheep',
      abstract: abstract('sheep'),
      authors: [],
      categories: [],
    });
    expect(second?.title).toBe('Shearing in $O(n)$');
  });

  test('needs no preamble, and its lines may end as on Windows', async () => {
    const records = await read(['One', abstract('one'), 'Two', abstract('two')].join('\r\n'));
    expect(papersOf(records).map(({ title }) => title)).toEqual(['One', 'Two']);
  });

  test('may lack an abstract here and there, and reports a paragraph too many', async () => {
    const pairs = Array.from({ length: 9 }, (_, n) => [`Title ${n}`, abstract(`${n}`)]).flat();
    const records = await read([...pairs, abstract('nothing'), 'Alone', 'Last'].join('\n'));
    expect(
      papersOf(records)
        .slice(-2)
        .map(({ title, abstract: text }) => [title, text]),
    ).toEqual([
      ['Alone', ''],
      ['Last', ''],
    ]);
    expect(rejectsOf(records)).toEqual([
      expect.stringContaining('line 19: a paragraph without a title before it'),
    ]);
  });

  test('is not taken for one when it is prose under headings', async () => {
    const prose = ['Heading', abstract('a'), abstract('b'), abstract('c'), 'End', abstract('d')];
    expect(papersOf(await read(prose.join('\n')))).toEqual([]);
  });
});
