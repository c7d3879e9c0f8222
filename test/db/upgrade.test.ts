/** Upgrades from every state a released version can have left, and the way back. */
import { copyFileSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { beforeUpgrade } from '../../src/db/copies.ts';
import { listDigests, listSeen } from '../../src/db/digests.ts';
import { DatabaseError, type Db, openDatabase } from '../../src/db/open.ts';
import { findByEmail } from '../../src/db/subscribers.ts';
import { migrations, rowsOf, scalar, tempFile, tempFolder } from './temp-db.ts';

type Journal = { entries: { tag: string; when: number }[] };
const journalIn = (folder: string): string => join(folder, 'meta', '_journal.json');
const journal: Journal = JSON.parse(readFileSync(journalIn(migrations), 'utf8'));
const tags = journal.entries.map(({ tag }) => tag);

/** The migrations as a version knew them whose newest was this one. */
const migrationsUntil = (tag: string): string => {
  const folder = join(tempFolder(), 'migrations');
  cpSync(migrations, folder, { recursive: true });
  const entries = journal.entries.slice(0, tags.indexOf(tag) + 1);
  writeFileSync(journalIn(folder), JSON.stringify({ ...journal, entries }));
  return folder;
};

const opened: Db[] = [];
const open = (file: string, folder: string): Db => {
  const db = openDatabase(file, folder);
  opened.push(db);
  return db;
};
afterEach(() => {
  for (const db of opened.splice(0)) db.$client.close();
});

type Row = Readonly<Record<string, unknown>>;

/** What a service in use had in its tables; a column that was not there yet is left out. */
const life: readonly (readonly [table: string, row: Row])[] = [
  ...[1, 2, 3].map(
    (id) =>
      [
        'papers',
        {
          ...{ id, key: `2603.1000${id}`, title_slug: `moss-${id}`, title: `Moss ${id}` },
          ...{ abstract: 'Of mosses.', visible_from: id, dated: 1, first_seen_at: id },
          origin: 'arxiv',
        },
      ] as const,
  ),
  ['paper_authors', { paper_id: 1, position: 0, name: 'Mira Moss' }],
  ['paper_categories', { paper_id: 1, position: 0, category: 'cs.CL' }],
  [
    'signals',
    {
      ...{ id: 1, paper_key: '2603.10001', source: 'huggingface', kind: 'upvotes' },
      ...{ observed_at: 7, value: 31 },
    },
  ],
  [
    'topics',
    {
      ...{ id: 1, slug: 'query:moss', name: 'moss', description: '', group: '', kind: 'own' },
      query: 'moss',
    },
  ],
  [
    'subscribers',
    {
      ...{ id: 1, key: Buffer.alloc(16, 1), email: 'Ada@Readers.example', status: 'active' },
      ...{ email_key: 'ada@readers.example', frequency: 'weekdays', hour: 7, papers: 5 },
      ...{ time_zone: 'Europe/London', awaits_first: 0, created_at: 3, confirmed_at: 4 },
    },
  ],
  ['subscriptions', { subscriber_id: 1, position: 0, topic_id: 1 }],
  ['editions', { id: 1, as_of: 9, ranked_at: 9, published_at: 9, papers_read: 3 }],
  ['edition_topics', { edition_id: 1, topic_id: 1 }],
  [
    'edition_entries',
    { edition_id: 1, topic_id: 1, rank: 1, paper_id: 2, score: 1.5, parts: '[]' },
  ],
  [
    'digests',
    {
      ...{ id: 1, key: Buffer.alloc(16, 2), subscriber_id: 1, edition_id: 1, day: '2026-03-20' },
      ...{ planned_at: 9, papers: '[2,1]', topics: '[1,1]' },
    },
  ],
  ['digest_papers', { digest_id: 1, position: 0, paper_id: 2, topic_id: 1 }],
  ['digest_papers', { digest_id: 1, position: 1, paper_id: 1, topic_id: 1 }],
  [
    'deliveries',
    {
      ...{ id: 1, key: 'digest-1', kind: 'digest', subscriber_id: 1, digest_id: 1, attempts: 1 },
      ...{ state: 'sent', planned_at: 9, next_attempt_at: 9, settled_at: 10, reason: '250 ok' },
    },
  ],
  [
    'suppressions',
    { email_hash: 'f'.repeat(64), email: null, reason: 'hard', detail: '550', since: 5 },
  ],
  ['source_states', { source: 'arxiv', attempted_at: 8, succeeded_at: 8 }],
];

const columnsOf = (db: Db, table: string): readonly string[] =>
  rowsOf(db, 'select name from pragma_table_info(?)', table).map((row) =>
    String((row as { name: string }).name),
  );

const live = (db: Db): void => {
  for (const [table, row] of life) {
    const known = columnsOf(db, table).filter((column) => column in row);
    if (known.length === 0) continue;
    const names = known.map((column) => `"${column}"`).join(', ');
    const marks = known.map((column) => `@${column}`).join(', ');
    db.$client.prepare(`insert into "${table}" (${names}) values (${marks})`).run(row);
  }
};

/** Everything in the tables, but for what the service itself writes when it starts. */
const contentOf = (db: Db): unknown =>
  Object.fromEntries(
    [...new Set(life.map(([table]) => table))].map((table) => [
      table,
      columnsOf(db, table).length > 0 && rowsOf(db, `select * from "${table}"`),
    ]),
  );

const shapeOf = (db: Db): unknown => [
  ...rowsOf(
    db,
    `select m.name as "table", c.name, c.type, c."notnull", c.pk from sqlite_master m
       join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite_%'
      order by 1, 2`,
  ),
  ...rowsOf(
    db,
    `select name, tbl_name, lower(replace(sql, '"', '')) as sql from sqlite_master
      where type = 'index' and sql is not null order by name`,
  ),
];

const makeOld = (tag: string): { readonly file: string; readonly folder: string } => {
  const file = tempFile();
  const folder = migrationsUntil(tag);
  const old = openDatabase(file, folder);
  live(old);
  old.$client.close();
  return { file, folder };
};

describe.each(tags.slice(0, -1))('a database left by %s', (tag) => {
  test('is brought up to date with everything kept', () => {
    const { file } = makeOld(tag);
    const db = open(file, migrations);
    expect(scalar(db, 'pragma integrity_check')).toBe('ok');
    expect(rowsOf(db, 'pragma foreign_key_check')).toEqual([]);
    expect(shapeOf(db)).toEqual(shapeOf(open(tempFile(), migrations)));

    expect(rowsOf(db, 'select key, title from papers order by id')).toEqual(
      [1, 2, 3].map((id) => ({ key: `2603.1000${id}`, title: `Moss ${id}` })),
    );
    expect(scalar(db, 'select value from signals')).toBe(31);
    expect(findByEmail(db, 'ada@readers.example')).toMatchObject({
      email: 'Ada@Readers.example',
      status: 'active',
      settings: { topics: ['query:moss'], hour: 7, timeZone: 'Europe/London', papers: 5 },
    });
    expect(
      listDigests(db, [1])
        .get(1)
        ?.papers.map(({ paper }) => paper),
    ).toEqual([2, 1]);
    expect([...listSeen(db, 1)].toSorted()).toEqual([1, 2]);
    expect(scalar(db, 'select score from edition_entries')).toBe(1.5);
    expect(scalar(db, `select reason from deliveries where state = 'sent'`)).toBe('250 ok');
    expect(scalar(db, 'select count(*) from suppressions')).toBe(1);
  });

  test('can be gone back to: the old version refuses the new tables and takes the copy', () => {
    const { file, folder } = makeOld(tag);
    const before = openDatabase(file, folder);
    const content = contentOf(before);
    before.$client.close();
    open(file, migrations).$client.close();

    expect(() => openDatabase(file, folder)).toThrow(DatabaseError);
    expect(() => openDatabase(file, folder)).toThrow(/newer version of Paperboy.*before-upgrade/);
    const restored = join(tempFolder(), 'paperboy.db');
    copyFileSync(beforeUpgrade(file), restored);
    expect(contentOf(open(restored, folder))).toEqual(content);
  });
});

test('a new database, and one that is up to date, leave no copy', () => {
  const file = tempFile();
  open(file, migrations);
  open(file, migrations);
  expect(existsSync(beforeUpgrade(file))).toBe(false);
});

test('only the copy from before the last upgrade is kept', () => {
  const [first = '', second = ''] = tags;
  const { file } = makeOld(first);
  open(file, migrationsUntil(second)).$client.close();
  open(file, migrations).$client.close();
  const copy = open(beforeUpgrade(file), migrationsUntil(second));
  expect(scalar(copy, 'select count(*) from __drizzle_migrations')).toBe(2);
});
