import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { DatabaseError, openDatabase } from '../../src/db/open.ts';
import { builtInTopics } from '../../src/domain/topic.ts';
import {
  connect,
  migrations,
  newDbFile,
  rowsOf,
  scalar,
  tempDb,
  tempFile,
  tempFolder,
} from './temp-db.ts';

const opening = (file: string) => () => openDatabase(file, migrations);

describe('opening the database', () => {
  test('makes folder, file and tables, all strict, and finds them again', () => {
    const file = join(tempFolder(), 'deep', 'down', 'paperboy.db');
    const db = connect(file);
    const loose = rowsOf(
      db,
      `select name from pragma_table_list where schema = 'main' and type = 'table' and strict = 0
       and name not like 'sqlite_%' and name not like '__drizzle%'`,
    );
    expect(loose).toEqual([]);
    expect(scalar(db, 'pragma journal_mode')).toBe('wal');
    expect(scalar(db, 'pragma synchronous')).toBe(2);
    expect(scalar(db, 'pragma foreign_keys')).toBe(1);
    db.$client.prepare(`insert into source_states (source, attempted_at) values ('x', 1)`).run();
    expect(scalar(connect(file), 'select count(*) from source_states')).toBe(1);
  });

  test('refuses a database of a newer version and leaves it as it is', () => {
    const file = newDbFile();
    const db = connect(file);
    db.$client
      .prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)')
      .run('from the future', Date.parse('2100-01-01T00:00:00Z'));
    expect(opening(file)).toThrow(DatabaseError);
    expect(opening(file)).toThrow(/newer version of Paperboy/);
    expect(scalar(db, 'select count(*) from topics')).toBe(builtInTopics().length);
  });

  test('says so when the file is no database, or a damaged one, and does not touch it', () => {
    const text = tempFile();
    writeFileSync(text, 'Dear diary, this is no database at all. '.repeat(200));
    expect(opening(text)).toThrow(/damaged or no SQLite database: restore a backup/);
    expect(readFileSync(text, 'utf8')).toMatch(/^Dear diary/);
    const torn = newDbFile();
    const bytes = readFileSync(torn);
    bytes.fill(0xff, 100, 6_000);
    writeFileSync(torn, bytes);
    expect(opening(torn)).toThrow(/damaged or no SQLite database/);
  });

  test('says so when the folder cannot be written', () => {
    const file = tempFile();
    writeFileSync(file, '');
    // A file where the folder should be stands even in the way of root.
    expect(opening(join(file, 'paperboy.db'))).toThrow(
      /cannot be opened for writing .*DATABASE_URL/,
    );
    expect(opening(tempFolder())).toThrow(DatabaseError);
    // Nothing can be made there, and Node's own recursion would try for ever.
    expect(opening('/proc/nowhere/deeper/paperboy.db')).toThrow(/cannot be opened for writing/);
  });

  test('says so when another process holds it', () => {
    const file = newDbFile();
    const [holder, other] = [connect(file), connect(file)];
    other.$client.pragma('busy_timeout = 1');
    holder.$client.exec('begin immediate');
    expect(() => other.$client.exec('begin immediate')).toThrow(/locked/);
    holder.$client.exec('rollback');
  });

  test('goes well when several processes do it at once', async () => {
    const file = tempFile();
    const child = fileURLToPath(new URL('./open-child.ts', import.meta.url));
    const run = promisify(execFile);
    const outputs = await Promise.all(
      Array.from({ length: 3 }, () =>
        run(process.execPath, ['--import', 'tsx', child, file, migrations]),
      ),
    );
    for (const { stdout } of outputs) expect(stdout).toBe(String(builtInTopics().length));
    expect(scalar(connect(file), 'select count(*) from __drizzle_migrations')).toBe(
      scalar(tempDb(), 'select count(*) from __drizzle_migrations'),
    );
  });
});
