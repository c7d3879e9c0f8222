import { beforeEach, describe, expect, test } from 'vitest';
import type { Db } from '../../src/db/open.ts';
import {
  countCorpus,
  countListed,
  findPaper,
  hideSample,
  listPapers,
  upsertPaper,
} from '../../src/db/papers.ts';
import { searchIndex } from '../../src/db/search.ts';
import { type Paper, titleId } from '../../src/domain/paper.ts';
import { dayMs, inventPaper, noon } from '../invent.ts';
import { rowsOf, scalar, tempDb } from './temp-db.ts';

let db: Db;
beforeEach(() => {
  db = tempDb();
});

const take = (paper: Paper, by = 'import') => upsertPaper(db, paper, { at: noon, by });
const rows = (): unknown => scalar(db, 'select count(*) from papers');
const hits = (word: string): readonly string[] =>
  listPapers(
    db,
    searchIndex(db, { kind: 'word', text: word }, 50).map(({ number }) => number),
  ).map((paper) => paper.id);

const title = 'Kites that Remember';
const full = inventPaper(1, { title });
const byTitle: Paper = {
  id: titleId(title),
  title: 'Kites That  Remember!',
  abstract: 'Found on a page.',
  authors: [],
  categories: [],
};

describe('a paper', () => {
  test('is stored whole and found under its id', () => {
    const paper = inventPaper(1, {
      publishedAt: new Date('2026-03-19T10:00:00Z'),
      featuredOn: '2026-03-20',
      comment: '9 pages',
      codeUrl: 'https://example.org/code',
      summary: { text: 'In short.', by: 'somebody' },
    });
    expect(take(paper)).toBe('new');
    expect(findPaper(db, paper.id)).toEqual({ number: 1, ...paper });
    expect(findPaper(db, '2603.99999')).toBeUndefined();
  });

  test('told again changes nothing', () => {
    take(full);
    const before = rowsOf(db, 'select * from papers');
    expect(take(full)).toBe('unchanged');
    expect(rowsOf(db, 'select * from papers')).toEqual(before);
  });

  test('is one paper in two versions and from two sources', () => {
    take(full);
    expect(take({ ...full, title: 'Kites that Remember, Revised', abstract: '' }, 'arxiv')).toBe(
      'updated',
    );
    expect(
      take(inventPaper(1, { title, authors: [], categories: [], featuredOn: '2026-03-21' }), 'hf'),
    ).toBe('updated');
    expect(rows()).toBe(1);
    expect(findPaper(db, full.id)).toMatchObject({
      authors: full.authors,
      featuredOn: '2026-03-21',
      abstract: full.abstract,
    });
  });
});

describe('a paper known by its title alone', () => {
  test('gets its arXiv id once a source tells it, and is the same paper', () => {
    expect(take(byTitle)).toBe('new');
    expect(take(full)).toBe('updated');
    expect(rows()).toBe(1);
    expect(findPaper(db, full.id)?.number).toBe(1);
    expect(findPaper(db, byTitle.id)).toBeUndefined();
    expect(take(byTitle)).toBe('updated');
    expect(take(byTitle)).toBe('unchanged');
    expect(rows()).toBe(1);
  });

  test('is the same paper when the arXiv id came first', () => {
    take(full);
    take(byTitle);
    expect(rows()).toBe(1);
    expect(findPaper(db, full.id)?.id).toBe(full.id);
  });

  test('does not join two works that both have an arXiv id', () => {
    take(full);
    take(inventPaper(2, { title }));
    expect(rows()).toBe(2);
  });

  test('gives way when a known paper turns out to bear its title', () => {
    take(inventPaper(1, { title: 'A Working Title' }));
    take(byTitle);
    expect(countCorpus(db).papers).toBe(2);
    take(full);
    expect(countCorpus(db).papers).toBe(1);
    expect(hits('kites')).toEqual([full.id]);
    // Told of once more it belongs to the paper that stayed, and a namesake is a paper of its own.
    take({ ...byTitle, abstract: 'Another page about kites.' });
    expect(hits('kites')).toEqual([full.id]);
    take(inventPaper(3, { title }));
    expect(hits('kites')).toHaveLength(2);
  });
});

describe('the sample', () => {
  test('can be hidden from every list, and is not shown again by itself', () => {
    take(full, 'sample');
    take(inventPaper(2), 'import');
    expect(hideSample(db)).toBe(1);
    expect(findPaper(db, full.id)).toBeUndefined();
    expect(hits('kites')).toEqual([]);
    expect(countCorpus(db)).toMatchObject({ papers: 1, sample: 0 });
    take({ ...full, abstract: 'Kites, told of anew.' }, 'sample');
    expect(hits('kites')).toEqual([]);
    expect(findPaper(db, full.id)).toBeUndefined();
  });

  test('is adopted paper by paper as real sources tell of them', () => {
    take(full, 'sample');
    take(full, 'import');
    expect(hideSample(db)).toBe(0);
    expect(findPaper(db, full.id)?.id).toBe(full.id);
  });

  test('is adopted out of hiding too, changed or not', () => {
    take(full, 'sample');
    take(inventPaper(2, { title: 'Sleeping Kites' }), 'sample');
    hideSample(db);
    take(full, 'import');
    take(inventPaper(2, { title: 'Sleeping Kites', abstract: 'Changed.' }), 'import');
    expect([...hits('kites')].sort()).toEqual([full.id, '2603.10002']);
    expect(countCorpus(db)).toMatchObject({ papers: 2, sample: 0 });
  });
});

describe('counting', () => {
  test('knows papers by the day they became known, not those without any date', () => {
    take(full);
    take(inventPaper(2, { listedOn: '2026-03-19' }));
    const { listedOn: _, ...undated } = inventPaper(3);
    take(undated);
    const midnight = Date.parse('2026-03-20T00:00:00Z');
    expect(countListed(db, midnight - 1, midnight)).toBe(1);
    expect(countListed(db, midnight - 1 - dayMs, midnight)).toBe(2);
    expect(countCorpus(db)).toEqual({
      papers: 3,
      signals: 0,
      sample: 0,
      newestListing: '2026-03-20',
    });
  });
});
