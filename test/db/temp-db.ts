/** A fresh database in a folder of its own, both gone after the test. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { type Db, openDatabase } from '../../src/db/open.ts';
import { syncTopics } from '../../src/db/topics.ts';

export const migrations = fileURLToPath(new URL('../../migrations', import.meta.url));

const folders: string[] = [];
const opened: Db[] = [];

afterEach(() => {
  for (const db of opened.splice(0)) db.$client.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export const tempFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'paperboy-'));
  folders.push(folder);
  return folder;
};

export const tempFile = (): string => join(tempFolder(), 'paperboy.db');

/** Opens a database that is closed after the test; a second call is a second connection. */
export const connect = (file: string): Db => {
  const db = openDatabase(file, migrations);
  opened.push(db);
  return db;
};

// Migrated and filled with the built-in topics once; each test starts from a copy.
let template: Buffer | undefined;

const makeTemplate = (): Buffer => {
  const db = openDatabase(':memory:', migrations);
  syncTopics(db);
  const bytes = db.$client.serialize();
  db.$client.close();
  return bytes;
};

/** The file of a new database with the built-in topics. */
export const newDbFile = (): string => {
  template ??= makeTemplate();
  const file = tempFile();
  writeFileSync(file, template);
  return file;
};

/** A new database with the built-in topics. */
export const tempDb = (): Db => {
  const db = connect(newDbFile());
  // What survives a power cut is not asked here, and waiting for the disk is slow.
  db.$client.pragma('synchronous = OFF');
  return db;
};

/** One value out of the database. */
export const scalar = (db: Db, sql: string, ...values: readonly unknown[]): unknown =>
  db.$client
    .prepare(sql)
    .pluck()
    .get(...values);

export const rowsOf = (db: Db, sql: string, ...values: readonly unknown[]): readonly unknown[] =>
  db.$client.prepare(sql).all(...values);
