import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepLoaded, openMeaning } from '../../src/app/meaning.ts';
import { foldNewPapers, learnMeaning, refreshMeaning } from '../../src/app/meaning-learn.ts';
import { membershipOf } from '../../src/app/membership.ts';
import { listFolded } from '../../src/db/meanings.ts';
import { type Db, openDatabase } from '../../src/db/open.ts';
import { findPaper } from '../../src/db/papers.ts';
import { appendPapers, emptyIndex, type MeaningIndex } from '../../src/domain/meaning-index.ts';
import { parseQuery } from '../../src/domain/query.ts';
import { answerWords } from '../../src/domain/relevance.ts';
import { addPapers, fieldNames, migrations, openCorpus, paperOf } from './meaning-corpus.ts';

let folder: string;
let db: Db;
let other: Db;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paperboy-'));
  db = openCorpus(join(folder, 'corpus.db'));
  other = openDatabase(join(folder, 'corpus.db'), migrations);
  refreshMeaning(db);
});
afterEach(() => {
  db.$client.close();
  other.$client.close();
  rmSync(folder, { recursive: true });
});

const indexOf = (of: Db): MeaningIndex => {
  const meaning = openMeaning(of);
  if (!meaning) throw new Error('nothing is learned');
  return meaning.index;
};

const later = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) =>
    fieldNames.map((field) => paperOf(field, from + n)),
  ).flat();

const members = (of: Db, text: string): readonly string[] => {
  const parsed = parseQuery(text);
  if (parsed.kind === 'fault') throw new Error(parsed.fault.message);
  const membership = membershipOf(of, parsed.query);
  const rows = of.$client.prepare('select id, key from papers order by id').raw().all();
  return (rows as [number, string][]).filter(([id]) => membership.has(id)).map(([, key]) => key);
};

describe('the meaning in memory', () => {
  it('takes in what another process has folded, without reading the rest again', () => {
    const before = indexOf(db);
    addPapers(other, later(60, 3));
    expect(foldNewPapers(other, 100)).toBe(9);
    const after = indexOf(db);
    expect(after.model).toBe(before.model);
    expect(after.slots).toBe(before.slots + 9);
    const number = findPaper(db, paperOf('tides', 61).id)?.number;
    expect([...after.numbers.subarray(before.slots, after.slots)]).toContain(number);
    expect(before.slots).toBe(120);
  });

  it('answers the same whether papers came at once or a few at a time', () => {
    addPapers(db, later(60, 30));
    while (foldNewPapers(db, 50) > 0);
    const { model } = indexOf(db);
    const { papers } = listFolded(db, 1, 0);
    const atOnce = appendPapers(emptyIndex(model), papers, 120);
    let pieces = emptyIndex(model);
    for (let from = 0; from < papers.length; from += 7)
      pieces = appendPapers(pieces, papers.slice(from, from + 7), 120);
    expect(pieces.frozen).toBe(120);
    const asked = { terms: [0, 3], rare: [] };
    expect(answerWords(pieces, asked, 50, undefined)).toEqual(
      answerWords(atOnce, asked, 50, undefined),
    );
  });

  it('answers by the old model until the new one is read', async () => {
    const { signal } = new AbortController();
    await keepLoaded(db, signal);
    const before = indexOf(db);
    addPapers(other, later(60, 5));
    expect(learnMeaning(other)).toBe(true);
    expect(indexOf(db).model).toBe(before.model);
    await keepLoaded(db, signal);
    expect(indexOf(db).model).not.toBe(before.model);
    expect(indexOf(db).slots).toBe(135);
  });

  it('finds a hidden paper no more, and again once it is shown', () => {
    const { id, number = 0 } = findPaper(db, paperOf('bees', 3).id) ?? { id: '' };
    const isFound = () => indexOf(db).alive[(indexOf(db).places[number] as number) - 1];
    expect(isFound()).toBe(1);
    other.$client.prepare('update papers set hidden = 1 where key = ?').run(id);
    expect(isFound()).toBe(0);
    other.$client.prepare('update papers set hidden = 0 where key = ?').run(id);
    expect(isFound()).toBe(1);
  });
});

describe('a topic learned anew from half as many papers again', () => {
  it('keeps nearly all it held, and takes in nothing of other fields', () => {
    const before = new Set(members(db, 'bees hive'));
    addPapers(db, later(60, 20));
    refreshMeaning(db);
    expect(indexOf(db).model.papers).toBe(180);
    const after = members(db, 'bees hive');
    const kept = after.filter((id) => before.has(id));
    expect(kept.length).toBeGreaterThanOrEqual(0.9 * before.size);
    expect(after.every((id) => id.startsWith('2601.'))).toBe(true);
  });
});
