import { afterEach, expect, test } from 'vitest';
import { type Commits, openCommits } from '../../src/db/commits.ts';
import { type Db, openDatabase } from '../../src/db/open.ts';
import { connect, migrations, newDbFile, scalar } from './temp-db.ts';

const opened: Commits[] = [];
afterEach(async () => {
  for (const commits of opened.splice(0)) await commits.close();
});

const commitsOf = (db: Db): Commits => {
  const commits = openCommits(db);
  opened.push(commits);
  return commits;
};

const note = (db: Db, value: string): void => {
  db.$client.prepare(`insert into source_notes values ('test', ?, 'x', 0)`).run(value);
};
const notes = `select count(*) from source_notes where source = 'test'`;

test('a commit is seen by others at once, and then synced', async () => {
  const file = newDbFile();
  const db = connect(file);
  const commits = commitsOf(db);
  const done = commits.commit(() => {
    note(db, 'a');
    return 'done';
  });
  expect(done).toBe('done');
  expect(scalar(connect(file), notes)).toBe(1);
  await commits.synced();
  note(db, 'b');
  await commits.synced();
});

test('a commit that breaks leaves nothing, and every other commit waits for the disk as before', () => {
  const db = connect(newDbFile());
  const commits = commitsOf(db);
  expect(() =>
    commits.commit(() => {
      note(db, 'a');
      expect(db.$client.pragma('synchronous', { simple: true })).toBe(1);
      throw new Error('broken');
    }),
  ).toThrow('broken');
  expect(scalar(db, notes)).toBe(0);
  expect(db.$client.pragma('synchronous', { simple: true })).toBe(2);
});

test('a log that is gone is an error, not a silence', async () => {
  const db = connect(newDbFile());
  const commits = commitsOf(db);
  db.$client.close();
  await expect(commits.synced()).rejects.toThrow('ENOENT');
});

test('a database in memory has no log to sync', async () => {
  const db = openDatabase(':memory:', migrations);
  const commits = commitsOf(db);
  commits.commit(() => note(db, 'a'));
  await commits.synced();
  expect(scalar(db, notes)).toBe(1);
  db.$client.close();
});
