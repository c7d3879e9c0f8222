import { beforeEach, describe, expect, test } from 'vitest';
import {
  editionDaysOfPaper,
  findEdition,
  insertEdition,
  listEditionDays,
  listEntries,
  newestEdition,
  topicsOfEdition,
} from '../../src/db/editions.ts';
import type { Db } from '../../src/db/open.ts';
import { dayMs, inventPaper, later, noon, takeIn } from '../invent.ts';
import { rowsOf, tempDb } from './temp-db.ts';

let db: Db;
beforeEach(async () => {
  db = tempDb();
  await takeIn(db, [inventPaper(1), inventPaper(2)]);
});

const parts = [{ name: 'upvotes', value: '3 upvotes', points: 2.5 }];
const publish = (asOf: Date, ...papers: readonly number[]) => publishOf('day', asOf, papers);
const publishOf = (kind: 'day' | 'week', asOf: Date, papers: readonly number[]) =>
  insertEdition(
    db,
    { kind, asOf, rankedAt: asOf, publishedAt: later(asOf, 1_000), papersRead: 2 },
    [
      { topicId: 1, entries: papers.map((paper) => ({ paper, score: 2.5, parts })) },
      { topicId: 2, entries: [] },
    ],
  );

describe('an edition', () => {
  test('is found again whole, its empty lists too', () => {
    const edition = publish(noon, 2, 1);
    expect(findEdition(db, edition.id)).toEqual(edition);
    expect([...topicsOfEdition(db, edition.id)]).toEqual([1, 2]);
    expect(listEntries(db, edition.id, 1)).toEqual([
      { paper: 2, score: 2.5, parts },
      { paper: 1, score: 2.5, parts },
    ]);
    expect(listEntries(db, edition.id, 2)).toEqual([]);
    expect(findEdition(db, 99)).toBeUndefined();
  });

  test('is the newest of a span by its moment, ends included', () => {
    const [early, late] = [publish(noon), publish(later(noon, 60_000))];
    const at = noon.getTime();
    expect(newestEdition(db, at, at + 60_000)).toEqual(late);
    expect(newestEdition(db, at, at + 59_999)).toEqual(early);
    expect(newestEdition(db, at + 1, at + 59_999)).toBeUndefined();
  });

  test('of a week is found as one, and stands on no page of days', () => {
    const week = publishOf('week', noon, [1]);
    const at = noon.getTime();
    expect(newestEdition(db, at, at)).toBeUndefined();
    expect(newestEdition(db, at, at, 'week')).toEqual(week);
    expect(listEditionDays(db, 10)).toEqual([]);
    expect(editionDaysOfPaper(db, 1, 10)).toEqual([]);
  });

  test('is written whole or not at all', () => {
    expect(() => publish(noon, 1, 99)).toThrow(/FOREIGN KEY/);
    expect(rowsOf(db, 'select * from editions')).toEqual([]);
    expect(rowsOf(db, 'select * from edition_entries')).toEqual([]);
  });

  test('stands for its day, the last one of a day for all', () => {
    publish(noon, 1);
    const last = publish(later(noon, 3_600_000), 1, 2);
    publish(later(noon, -dayMs), 2);
    expect(listEditionDays(db, 10)).toEqual([
      { date: '2026-03-20', publishedAt: last.publishedAt, papers: 2 },
      { date: '2026-03-19', publishedAt: later(noon, 1_000 - dayMs), papers: 1 },
    ]);
    expect(listEditionDays(db, 1)).toHaveLength(1);
    expect(editionDaysOfPaper(db, 2, 10)).toEqual(['2026-03-20', '2026-03-19']);
  });
});
