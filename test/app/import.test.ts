import { createReadStream, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { emptyTally, importRecords } from '../../src/app/import.ts';
import { rankCorpus } from '../../src/app/ranking.ts';
import type { Db } from '../../src/db/open.ts';
import { countCorpus, findPaper, hideSample } from '../../src/db/papers.ts';
import { titleId } from '../../src/domain/paper.ts';
import { readRecords } from '../../src/sources/records.ts';
import { rowsOf, tempDb, tempFile } from '../db/temp-db.ts';
import { hourMs, inventPaper, inventSignal, later, noon, takeIn } from '../invent.ts';

let db: Db;
beforeEach(() => {
  db = tempDb();
});

const everything = (): unknown =>
  ['papers', 'paper_authors', 'paper_categories', 'signals'].map((table) =>
    rowsOf(db, `select * from ${table}`),
  );
const papers = [1, 2, 3].map((n) => inventPaper(n));
const signals = papers.map((paper, n) => inventSignal(paper.id, 10 + n));

describe('an import', () => {
  test('counts what it took in', async () => {
    expect(await takeIn(db, papers, signals)).toEqual({
      papers: { new: 3, updated: 0, unchanged: 0 },
      signals: { new: 3, unchanged: 0 },
      rejected: [],
    });
  });

  test('repeated changes nothing', async () => {
    await takeIn(db, papers, signals);
    const before = everything();
    expect(await takeIn(db, papers, signals, { now: later(noon, hourMs) })).toEqual({
      papers: { new: 0, updated: 0, unchanged: 3 },
      signals: { new: 0, unchanged: 3 },
      rejected: [],
    });
    expect(everything()).toEqual(before);
  });

  test('keeps signals of a paper not known yet, which count once it arrives', async () => {
    await takeIn(db, [], signals.slice(0, 1));
    expect(rankCorpus(db, noon).papers).toEqual([]);
    await takeIn(db, papers);
    const ranking = rankCorpus(db, noon);
    const [first] = ranking.papers;
    if (!first) throw new Error('nothing is ranked');
    expect(first.id).toBe(papers[0]?.id);
    expect(ranking.explain(first, false).parts.map((part) => part.name)).toContain('upvotes');
  });

  test('says which row contradicts the ledger, and takes the rest', async () => {
    await takeIn(db, papers, signals);
    const tally = await takeIn(
      db,
      [],
      [inventSignal('2603.10001', 11), inventSignal('2603.10002', 11, { kind: 'comments' })],
    );
    expect(tally.signals).toEqual({ new: 1, unchanged: 0 });
    expect(tally.rejected).toEqual([
      { file: 'invented', line: 1, reason: 'the ledger already holds 10 for this observation' },
    ]);
  });

  test('gives the same corpus in any order of files', async () => {
    const byTitle = { ...inventPaper(1), id: titleId(inventPaper(1).title), authors: [] };
    const told = [byTitle, inventPaper(1), inventPaper(1, { abstract: '', comment: '3 figures' })];
    for (const paper of told) await takeIn(db, [paper]);
    const one = findPaper(db, '2603.10001');
    db = tempDb();
    for (const paper of told.toReversed()) await takeIn(db, [paper]);
    expect(findPaper(db, '2603.10001')).toEqual(one);
    expect(countCorpus(db).papers).toBe(1);
  });

  test('keeps what came before the input broke', async () => {
    async function* breaking() {
      yield { kind: 'paper' as const, line: 1, paper: inventPaper(1) };
      throw new Error('the disk is gone');
    }
    const origin = { file: 'x', by: 'import', now: noon };
    await expect(importRecords(db, breaking(), origin, emptyTally())).rejects.toThrow('the disk');
    expect(countCorpus(db).papers).toBe(1);
  });

  test('of a file reports the bad rows by line and takes the good ones', async () => {
    const row = (n: number): string =>
      JSON.stringify({ arxivId: `2603.1000${n}`, title: `Invented ${n}`, listedOn: '2026-03-20' });
    const file = tempFile();
    writeFileSync(file, [row(1), row(2).slice(0, 30), '', row(3), '[]', row(4)].join('\n'));
    const tally = emptyTally();
    const origin = { file: 'rows.jsonl', by: 'import', now: noon };
    await importRecords(db, readRecords(createReadStream(file), { now: noon }), origin, tally);
    expect(tally.papers.new).toBe(3);
    expect(tally.rejected.map(({ file: named, line }) => `${named}:${line}`)).toEqual([
      'rows.jsonl:2',
      'rows.jsonl:5',
    ]);
  });
});

describe('the sample', () => {
  const shown = (): readonly string[] =>
    rankCorpus(db, noon)
      .papers.map(({ id }) => id)
      .sort();

  test('goes away once papers of one’s own come, but for those that came again', async () => {
    await takeIn(db, papers, [], { by: 'sample' });
    expect(countCorpus(db)).toMatchObject({ papers: 3, sample: 3 });
    await takeIn(db, [papers[0] ?? inventPaper(1), inventPaper(9)]);
    expect(shown()).toEqual(['2603.10001', '2603.10009']);
    expect(hideSample(db)).toBe(0);
  });

  test('stays when a file brings signals alone', async () => {
    await takeIn(db, papers, [], { by: 'sample' });
    await takeIn(db, [], signals);
    expect(shown()).toHaveLength(3);
  });
});
