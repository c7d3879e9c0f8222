import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listDigests, listSeen } from '../../src/db/digests.ts';
import { openDatabase } from '../../src/db/open.ts';
import { connect, migrations, rowsOf, tempFolder } from './temp-db.ts';

/** The migrations there were before digests were packed. */
const migrationsBefore = (name: string): string => {
  const folder = join(tempFolder(), 'migrations');
  cpSync(migrations, folder, { recursive: true });
  const file = join(folder, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8')) as { entries: { tag: string }[] };
  const upTo = journal.entries.findIndex(({ tag }) => tag.endsWith(name));
  expect(upTo).toBeGreaterThan(0);
  writeFileSync(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, upTo) }));
  return folder;
};

test('an upgrade packs the papers of the digests there are, in their order', () => {
  const file = join(tempFolder(), 'old.db');
  const old = openDatabase(file, migrationsBefore('packed-digests'));
  old.$client.exec(`
    insert into papers (id, key, title_slug, title, abstract, visible_from, dated, first_seen_at, origin)
      select value, 'title:' || value, value, value, '', 0, 1, 0, 'import' from json_each('[1,2,3,4,5]');
    insert into topics values (1, 'a', 'A', '', '', 'own', ''), (2, 'b', 'B', '', '', 'own', '');
    insert into subscribers (id, key, email, email_key, status, frequency, hour, time_zone, papers,
      awaits_first, created_at) values (1, x'01', 'a@b.example', 'a@b.example', 'active', 'daily', 8,
      'UTC', 10, 0, 0);
    insert into editions (id, as_of, ranked_at, published_at, papers_read) values (1, 0, 0, 0, 0);
    insert into digests (id, key, subscriber_id, edition_id, day, planned_at) values
      (1, x'01', 1, 1, '2026-03-18', 0), (2, x'02', 1, 1, '2026-03-19', 0),
      (3, x'03', 1, 1, '2026-03-20', 0);
    insert into digest_papers (digest_id, position, paper_id, topic_id, like_paper_id) values
      (1, 1, 3, 1, null), (1, 0, 5, 2, null), (2, 0, 4, 1, 5), (2, 1, 2, 1, null);`);
  old.$client.close();
  const db = connect(file);
  const packed = listDigests(db, [1, 2, 3]);
  expect([1, 2, 3].map((id) => packed.get(id)?.papers)).toEqual([
    [
      { paper: 5, topicId: 2 },
      { paper: 3, topicId: 1 },
    ],
    [
      { paper: 4, topicId: 1, like: 5 },
      { paper: 2, topicId: 1 },
    ],
    [],
  ]);
  expect([...listSeen(db, 1)].sort()).toEqual([2, 3, 4, 5]);
  expect(rowsOf(db, 'pragma foreign_key_check')).toEqual([]);
});
