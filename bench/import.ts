/**
 * How fast is an import? `node --import tsx bench/import.ts FILE…`
 *
 * Measures a whole import of the files (unpacking, parsing, checking, merging, authors, categories,
 * full-text index, durable commits) into a new database. The reference, measured in the same run
 * right after it: the same papers' title and abstract put into a bare FTS5 table, 100 a
 * transaction, with synchronous=FULL, and nothing else done for them.
 */
import { createReadStream, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { emptyTally, importRecords } from '../src/app/import.ts';
import type { Db } from '../src/db/open.ts';
import { statement } from '../src/db/open.ts';
import { readRecords } from '../src/sources/records.ts';
import {
  print,
  printRate,
  printRatio,
  sumTimes,
  type Time,
  timed,
  watch,
  withDatabase,
} from './lib.ts';

const files = process.argv.slice(2);
const rowsATransaction = 100;

type Imported = Time & { readonly papers: number; readonly rows: number };

const importFile = async (db: Db, file: string): Promise<Imported> => {
  const tally = emptyTally();
  const { seconds, cpu } = await timed(() => {
    const now = new Date();
    const records = readRecords(createReadStream(file), { now });
    return importRecords(db, records, { file, by: 'import', now }, tally);
  });
  const counts = [...Object.values(tally.papers), ...Object.values(tally.signals)];
  const rows = counts.reduce((sum, count) => sum + count, 0);
  return { papers: tally.papers.new, rows, seconds, cpu };
};

const importAll = async (db: Db, name: string): Promise<readonly Imported[]> => {
  const imported: Imported[] = [];
  for (const file of files) {
    const result = await importFile(db, file);
    printRate(`${name}: ${basename(file)}`, result.rows, result);
    imported.push(result);
  }
  return imported;
};

type Text = { readonly title: string; readonly abstract: string };

/** Time for the reference alone; reading the rows back is not counted. */
const indexBare = (db: Db, file: string): Time => {
  const bare = new Database(file);
  bare.pragma('journal_mode = WAL');
  bare.pragma('synchronous = FULL');
  bare.exec(`create virtual table bare using fts5(title, abstract, tokenize = 'porter unicode61')`);
  const insert = bare.prepare('insert into bare (title, abstract) values (?, ?)');
  const insertAll = bare.transaction((rows: readonly Text[]) => {
    for (const { title, abstract } of rows) insert.run(title, abstract);
  });
  const page = statement(db, 'select title, abstract from papers order by id limit ? offset ?');
  const times: Time[] = [];
  for (let offset = 0; ; offset += rowsATransaction) {
    const rows = page.all(rowsATransaction, offset) as Text[];
    if (rows.length === 0) break;
    const read = watch();
    insertAll.immediate(rows);
    times.push(read());
  }
  bare.close();
  return sumTimes(times);
};

const run = async (db: Db, folder: string): Promise<void> => {
  const imported = (await importAll(db, 'import')).filter(({ papers }) => papers > 0);
  const papers = imported.reduce((sum, file) => sum + file.papers, 0);
  await importAll(db, 'again (nothing changes)');
  if (papers === 0) return print('no papers in these files, so no reference');
  const reference = indexBare(db, join(folder, 'bare.db'));
  printRate('reference: bare FTS5, 100 a transaction', papers, reference);
  printRatio('papers a CPU second: import', sumTimes(imported), reference);
  db.$client.pragma('wal_checkpoint(truncate)');
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
  print(`database: ${megabytes(statSync(join(folder, 'bench.db')).size)}`);
  print(`peak memory: ${megabytes(process.resourceUsage().maxRSS * 1024)}`);
};

if (files.length === 0) {
  process.stderr.write('usage: node --import tsx bench/import.ts FILE…\n');
  process.exitCode = 2;
} else await withDatabase(run);
