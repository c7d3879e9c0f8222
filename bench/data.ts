/** The development corpus in a fresh database; where it is absent a bench says so and ends. */
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emptyTally, importRecords } from '../src/app/import.ts';
import { type Db, openDatabase } from '../src/db/open.ts';
import { syncTopics } from '../src/db/topics.ts';
import { readRecords } from '../src/sources/records.ts';

const folder = fileURLToPath(new URL('../../shared/data/', import.meta.url));
const migrations = fileURLToPath(new URL('../migrations', import.meta.url));

export type Corpus = {
  readonly db: Db;
  readonly file: string;
  /** Another connection to the same database, with nothing in its memory. */
  readonly reopen: () => Db;
};

/**
 * Runs a bench on the development corpus: imported into a new folder, or, where `BENCH_DB` names a
 * database that holds it already, in that.
 */
export const withCorpus = async (run: (corpus: Corpus) => void | Promise<void>): Promise<void> => {
  const files = ['papers.jsonl.gz', 'signals.jsonl.gz'].map((name) => join(folder, name));
  if (!files.every((file) => existsSync(file))) {
    console.log('../shared/data is absent: nothing to measure on');
    return;
  }
  const made = mkdtempSync(join(tmpdir(), 'paperboy-bench-'));
  const file = process.env['BENCH_DB'] ?? join(made, 'bench.db');
  const opened: Db[] = [];
  const open = (): Db => {
    const db = openDatabase(file, migrations);
    opened.push(db);
    return db;
  };
  try {
    const db = open();
    syncTopics(db);
    if (process.env['BENCH_DB'] === undefined) await load(db, files);
    await run({ db, file, reopen: open });
  } finally {
    for (const db of opened) db.$client.close();
    rmSync(made, { recursive: true });
  }
};

const load = async (db: Db, files: readonly string[]): Promise<void> => {
  const now = new Date('2026-04-01T00:00:00Z');
  for (const file of files) {
    const records = readRecords(createReadStream(file), { now, onBytes: () => undefined });
    await importRecords(db, records, { file, by: 'import', now }, emptyTally());
  }
};

/** Runs `work` and says how long it took, in milliseconds. */
export const timed = <T>(work: () => T): { readonly ms: number; readonly value: T } => {
  const start = performance.now();
  const value = work();
  return { ms: performance.now() - start, value };
};
