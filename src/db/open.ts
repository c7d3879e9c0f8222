/** Opening the database: pragmas, migrations, and errors an operator understands. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { makeFolder } from '../lib/folder.ts';
import { beforeUpgrade, keepBeforeUpgrade } from './copies.ts';

export type Db = BetterSQLite3Database & { readonly $client: Database.Database };

export class DatabaseError extends Error {}

/**
 * Opens (and makes, if need be) the database and brings its tables up to date. Throws
 * `DatabaseError` with what to do when the folder cannot be written, the file is no database, or a
 * newer version of Paperboy has already changed it.
 */
export const openDatabase = (file: string, migrationsFolder: string): Db => {
  const client = openFile(file);
  try {
    client.pragma('journal_mode = WAL');
    // The ledger must survive a power cut: WAL's usual NORMAL may lose the last commits.
    client.pragma('synchronous = FULL');
    client.pragma('foreign_keys = ON');
    client.pragma('temp_store = MEMORY');
    client.pragma('cache_size = -32000');
    // 32 MB between checkpoints: an import writes each page of the index far more often than once.
    client.pragma('wal_autocheckpoint = 8000');
    const db = drizzle(client);
    bringUpToDate(db, file, migrationsFolder);
    return db;
  } catch (error) {
    client.close();
    throw explain(error, file);
  }
};

/**
 * Opens a database that somebody else writes, or a copy of one, and never changes a byte of it.
 * Throws `DatabaseError` when it is missing, damaged, or of another version.
 */
export const openReadOnly = (file: string, migrationsFolder: string): Db => {
  let client: Database.Database | undefined;
  try {
    client = new Database(file, { readonly: true, fileMustExist: true, timeout: 10_000 });
    client.pragma('temp_store = MEMORY');
    client.pragma('cache_size = -32000');
    const db = drizzle(client);
    const [wanted, found] = [newestMigration(migrationsFolder), appliedMigration(db.$client)];
    if (found !== wanted)
      throw new DatabaseError(
        `${file} is of ${found > wanted ? 'a newer' : 'an older'} version of Paperboy, and a read-only service cannot bring it up to date: run the same version here as where it is written`,
      );
    return db;
  } catch (error) {
    client?.close();
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw code.startsWith('SQLITE_CANTOPEN') || !existsSync(file)
      ? new DatabaseError(
          `the database ${file} cannot be opened for reading: it must exist, with its -wal and -shm files where it has them (DATABASE_URL)`,
        )
      : explain(error, file);
  }
};

/** Whether something failed because another process held the database for longer than we wait. */
export const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');

/** Whether nothing can be kept in this database. */
export const isReadOnly = (db: Db): boolean => db.$client.readonly;

const openFile = (file: string): Database.Database => {
  try {
    if (file !== ':memory:') makeFolder(dirname(file));
    // Another process may hold the write lock for as long as one of its transactions takes.
    return new Database(file, { timeout: 10_000 });
  } catch (error) {
    throw explain(error, file);
  }
};

const explain = (error: unknown, file: string): unknown => {
  if (error instanceof DatabaseError || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT')
    return new DatabaseError(
      `${file} is damaged or no SQLite database: restore a backup, or move the file away to start anew`,
    );
  if (/^(EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EEXIST|SQLITE_CANTOPEN|SQLITE_READONLY)/.test(code))
    return new DatabaseError(
      `the database ${file} cannot be opened for writing (${error.message}): check the folder's owner and DATABASE_URL`,
    );
  if (code === 'SQLITE_FULL' || code === 'ENOSPC')
    return new DatabaseError(`there is no room left on the disk that holds ${file}`);
  if (code.startsWith('SQLITE_BUSY'))
    return new DatabaseError(`${file} is held by another process; try again when it is done`);
  return error;
};

const bringUpToDate = (db: Db, file: string, folder: string): void => {
  const wanted = newestMigration(folder);
  const found = appliedMigration(db.$client);
  if (found > wanted)
    throw new DatabaseError(
      `${file} was made by a newer version of Paperboy: start that version, or go back to ${beforeUpgrade(file)} or a backup from before the upgrade`,
    );
  if (found === wanted) return;
  if (found > 0 && file !== ':memory:')
    keepBeforeUpgrade(db.$client, file, (copy) => appliedMigration(copy) === found);
  try {
    migrate(db, { migrationsFolder: folder });
  } catch (error) {
    // Two processes may start at once: when the other one has done it, all is well.
    if (appliedMigration(db.$client) !== wanted) throw error;
  }
};

const newestMigration = (folder: string): number => {
  const journal = JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as {
    entries: { when: number }[];
  };
  return Math.max(...journal.entries.map((entry) => entry.when));
};

const appliedMigration = (client: Database.Database): number => {
  const table = client
    .prepare(`select 1 from sqlite_master where name = '__drizzle_migrations'`)
    .get();
  if (!table) return 0;
  const row = client.prepare('select max(created_at) as at from __drizzle_migrations').get();
  return Number((row as { at: number | null }).at ?? 0);
};

/**
 * Runs `work` in one transaction; whatever it calls on `db` is part of it, since there is one
 * connection and all of it is synchronous. IMMEDIATE takes the write lock at once: a transaction
 * that read first and then wanted to write could only fail with SQLITE_BUSY.
 */
export const inTransaction = <T>(db: Db, work: () => T): T =>
  db.$client.transaction(work).immediate();

const prepared = new WeakMap<Database.Database, Map<string, Database.Statement>>();

/** A prepared statement, compiled once for each connection. For the paths that are walked often. */
export const statement = (db: Db, sql: string): Database.Statement => {
  const ofConnection = prepared.get(db.$client) ?? new Map<string, Database.Statement>();
  prepared.set(db.$client, ofConnection);
  const known = ofConnection.get(sql);
  if (known) return known;
  const made = db.$client.prepare(sql);
  ofConnection.set(sql, made);
  return made;
};
