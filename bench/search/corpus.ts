/** The development corpus with its page of papers, learned, and what people filed under what. */
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { emptyTally, importRecords } from '../../src/app/import.ts';
import { type Db, openDatabase } from '../../src/db/open.ts';
import { syncTopics } from '../../src/db/topics.ts';
import { titleSlug } from '../../src/domain/paper.ts';
import { parseQuery, type Query } from '../../src/domain/query.ts';
import { foldText } from '../../src/domain/tex.ts';
import { readRecords } from '../../src/sources/records.ts';

// Beside the project, or where `DATA` says.
const data = process.env['DATA'] ?? new URL('../../../shared/data/', import.meta.url).pathname;
const migrations = new URL('../../migrations', import.meta.url).pathname;
export const now = new Date('2026-04-01T00:00:00Z');

export const isDataHere = (): boolean => existsSync(join(data, 'papers.jsonl.gz'));

export const readLines = (file: string): readonly string[] =>
  gunzipSync(readFileSync(join(data, file)))
    .toString()
    .trim()
    .split('\n');

/**
 * Runs a bench on the corpus, in a temporary database, or in the one that `DATABASE` names: that
 * is filled if it is empty, and kept.
 */
export const withSearchCorpus = async (run: (db: Db) => Promise<void> | void): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'paperboy-bench-'));
  const db = openDatabase(process.env['DATABASE'] ?? join(folder, 'bench.db'), migrations);
  try {
    syncTopics(db);
    if (db.$client.prepare('select count(*) from papers').pluck().get() === 0)
      await importFile(db, 'papers.jsonl.gz');
    await importFile(db, 'hf-search-page.txt');
    await run(db);
  } finally {
    db.$client.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

const importFile = async (db: Db, file: string): Promise<void> =>
  importRecords(
    db,
    readRecords(createReadStream(join(data, file)), { now }),
    { file, by: 'bench', now },
    emptyTally(),
  );

/** A question, and the numbers of papers that people gave as answers. Others may be as good. */
export type Labelled = { readonly text: string; readonly wanted: ReadonlySet<number> };

export const readTopicLabels = (db: Db): readonly Labelled[] => {
  const labels = new Map<string, Set<number>>();
  const find = db.$client.prepare('select id from papers where key = ?').pluck();
  for (const line of readLines('topic-labels.jsonl.gz')) {
    const { query, arxivId } = JSON.parse(line) as { query: string; arxivId: string };
    const number = find.get(arxivId) as number | undefined;
    if (number !== undefined) labels.set(query, (labels.get(query) ?? new Set()).add(number));
  }
  return [...labels].map(([text, wanted]) => ({ text, wanted }));
};

/** What the page brought that this product is modelled on. */
export const readPage = async (db: Db): Promise<Labelled> => {
  const find = db.$client.prepare('select id from papers where title_slug = ?').pluck();
  const wanted = new Set<number>();
  const input = createReadStream(join(data, 'hf-search-page.txt'));
  for await (const record of readRecords(input, { now })) {
    if (record.kind !== 'paper') continue;
    const number = find.get(titleSlug(foldText(record.paper.title))) as number | undefined;
    if (number !== undefined) wanted.add(number);
  }
  return { text: 'neural network architecture', wanted };
};

export const queryOf = (text: string): Query => {
  const parsed = parseQuery(text);
  if (parsed.kind === 'fault') throw new Error(parsed.fault.message);
  return parsed.query;
};
