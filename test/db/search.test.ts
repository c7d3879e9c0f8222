import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Db } from '../../src/db/open.ts';
import { listPapers } from '../../src/db/papers.ts';
import { countMembers, listMembers, searchIndex, toMatch } from '../../src/db/search.ts';
import type { Paper } from '../../src/domain/paper.ts';
import { parseQuery, type Query } from '../../src/domain/query.ts';
import { anyText } from '../any-text.ts';
import { inventPaper, takeIn } from '../invent.ts';
import { rowsOf, tempDb } from './temp-db.ts';

let db: Db;
beforeEach(() => {
  db = tempDb();
});

const queryOf = (text: string): Query => {
  const outcome = parseQuery(text);
  if (outcome.kind === 'fault') throw new Error(outcome.fault.message);
  return outcome.query;
};

const idsOf = (numbers: readonly number[]): readonly string[] =>
  listPapers(db, numbers).map((paper) => paper.id);

const members = (text: string): readonly string[] =>
  [...idsOf(listMembers(db, queryOf(text)))].sort();
const found = (text: string): readonly string[] =>
  idsOf(searchIndex(db, queryOf(text), 50).map((hit) => hit.number));

const paper = (n: number, title: string, given: Partial<Paper> = {}): Paper =>
  inventPaper(n, {
    title,
    abstract: '',
    authors: ['Mira Okonkwo'],
    categories: ['cs.LG'],
    ...given,
  });

describe('the full-text index', () => {
  beforeEach(async () => {
    await takeIn(db, [
      paper(1, 'Walking Robots', { authors: ['Yann A. LeCun', 'Ada Brook'] }),
      paper(2, 'Robots That Swim', { categories: ['cs.RO', 'cs.LG'] }),
      paper(3, 'Storing CO$_2$ in Basalt', { categories: ['physics.geo-ph'] }),
      paper(4, 'Schr\\"odinger for Bees', { authors: ['Y. LeCun'], categories: ['quant-ph'] }),
      paper(5, 'Clouds', { abstract: 'The robots of this robot house are robotic.' }),
      paper(6, 'Rivers', { authors: ['Rosa Robots', 'Brook Yann'] }),
    ]);
  });

  const answers: readonly (readonly [string, readonly number[]])[] = [
    ['robot', [1, 2, 5]],
    ['walking robots', [1]],
    ['"robots that"', [2]],
    ['"that robots"', []],
    ['robot -swim', [1, 5]],
    ['robot -swim -walking', [5]],
    ['swim OR basalt', [2, 3]],
    ['cat:cs.RO', [2]],
    ['cat:cs', [1, 2, 5, 6]],
    ['cat:physics', [3]],
    ['CO2', [3]],
    ['CO₂', [3]],
    ['schrodinger', [4]],
    ['Schrödinger', [4]],
    ['author:lecun', [1, 4]],
    ['author:"Yann LeCun"', [1, 4]],
    ['author:"Y. LeCun"', [1, 4]],
    ['author:"Xavier LeCun"', []],
    ['author:"Ada Brook"', [1]],
    ['author:"LeCun Ada"', []],
    ['(robot OR basalt) -cat:cs.RO', [1, 3, 5]],
  ];
  test.each(answers)('answers %s', (text, numbers) => {
    expect(members(text)).toEqual(numbers.map((n) => `2603.${10_000 + n}`));
    expect(countMembers(db, queryOf(text))).toBe(numbers.length);
  });

  test('finds plain words as alternatives, the title weighing most, and authors too', () => {
    expect(found('swim robots')[0]).toBe('2603.10002');
    expect(found('robots').slice(-1)).not.toContain('2603.10001');
    expect(found('lecun')).toHaveLength(2);
    expect(searchIndex(db, queryOf('robots'), 50).every(({ score }) => score > 0)).toBe(true);
    expect(searchIndex(db, queryOf('robots'), 1)).toHaveLength(1);
  });

  test('follows a paper whose text changed', async () => {
    await takeIn(db, [paper(1, 'Rolling Machines')]);
    expect(members('walking')).toEqual([]);
    expect(members('rolling')).toEqual(['2603.10001']);
  });

  test('takes FTS5 syntax as the text it is', () => {
    for (const text of [
      'title:robot',
      'robot*',
      '^robot',
      'NEAR(robot swim)',
      'robot + swim',
      '{title}:x',
    ]) {
      const outcome = parseQuery(text);
      if (outcome.kind === 'ok') expect(() => listMembers(db, outcome.query), text).not.toThrow();
    }
    expect(members('robot*')).toEqual(members('robot'));
    expect(toMatch({ kind: 'word', text: 'a" OR title : "b' }, 'member')).toBe(
      '{title abstract} : "a  OR title :  b"',
    );
    expect(toMatch({ kind: 'word', text: 'a\0b' }, 'member')).toBe('{title abstract} : "a b"');
  });

  test('runs the widest and the deepest query that can be read', () => {
    const many = (n: number, make: (i: number) => string) =>
      Array.from({ length: n }, (_, i) => make(i));
    const nest = (open: string): string => `${open.repeat(10)}x${')'.repeat(10)}`;
    const extremes = [
      many(199, (i) => `-w${i}`)
        .join(' ')
        .concat(' x'),
      many(200, (i) => `w${i}`).join(' OR '),
      many(100, (i) => `w${i} -v${i}`).join(' OR '),
      nest('a -b OR (c '),
      nest('a -(b '),
      nest('a cat:cs OR b ('),
      nest('a cat:cs OR b -c -('),
      nest('a cat:cs -b OR "d e" f -('),
      nest('a cat:cs -b OR author:"d e" cat:cs f ('),
      nest('"a b" -c author:"D E" (f OR '),
    ];
    for (const text of extremes) {
      const query = queryOf(text);
      expect(() => [listMembers(db, query), searchIndex(db, query, 3)], text).not.toThrow();
    }
  });

  test('runs whatever can be read', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '"',
        '(',
        ')',
        '-',
        ' OR ',
        'cat:cs',
        'author:"A ',
        '*',
        '^',
        'NEAR',
        ':',
        "'",
        '\0',
      ),
      anyText(12),
    );
    const source = fc.array(part, { maxLength: 25 }).map((parts) => parts.join(' '));
    let ran = 0;
    fc.assert(
      fc.property(source, (text) => {
        const outcome = parseQuery(text);
        if (outcome.kind === 'fault') return;
        ran += 1;
        listMembers(db, outcome.query);
        searchIndex(db, outcome.query, 5);
      }),
      { numRuns: 600 },
    );
    expect(ran).toBeGreaterThan(20);
    expect(rowsOf(db, 'select 1 from papers')).toHaveLength(6);
  });
});
