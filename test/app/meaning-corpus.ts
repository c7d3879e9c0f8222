/** A small corpus of made-up papers about a few fields, each with words of its own. */
import { join } from 'node:path';
import { type Db, inTransaction, openDatabase } from '../../src/db/open.ts';
import { upsertPaper } from '../../src/db/papers.ts';
import { syncTopics } from '../../src/db/topics.ts';
import type { Paper } from '../../src/domain/paper.ts';

export const at = new Date('2026-03-20T00:00:00Z');
export const migrations = join(import.meta.dirname, '../../migrations');

const fields = {
  bees: [
    'bees',
    'hive',
    'nectar',
    'pollen',
    'swarm',
    'honey',
    'apiary',
    'queen',
    'foraging',
    'wax',
  ],
  tides: [
    'tides',
    'lunar',
    'ocean',
    'harbour',
    'ebb',
    'flood',
    'coast',
    'swell',
    'estuary',
    'moon',
  ],
  bread: [
    'bread',
    'dough',
    'yeast',
    'oven',
    'crust',
    'flour',
    'leaven',
    'gluten',
    'baking',
    'loaf',
  ],
} as const;

export type Field = keyof typeof fields;
export const fieldNames = Object.keys(fields) as readonly Field[];

const pick = (words: readonly string[], seed: number, count: number): string =>
  Array.from({ length: count }, (_, i) => words[(seed * 7 + i * 3 + seed * i) % words.length]).join(
    ' ',
  );

/** The n-th paper of a field; only every third names the field in so many words. */
export const paperOf = (field: Field, n: number): Paper => {
  const [name, ...others] = fields[field];
  const words = n % 3 === 0 ? [name, ...others] : others;
  return {
    id: `26${field === 'bees' ? '01' : field === 'tides' ? '02' : '03'}.${String(10_000 + n)}`,
    title: `${n % 3 === 0 ? name : ''} ${pick(words, n, 3)} ${field}${n}`.trim(),
    abstract: pick(words, n + 1, 12),
    authors: [n === 0 ? 'Ada Tides' : `Nora Writer${n % 5}`],
    categories: [
      field === 'bees' ? 'q-bio.PE' : field === 'tides' ? 'physics.ao-ph' : 'physics.soc-ph',
    ],
    listedOn: '2026-03-19',
  };
};

export const addPapers = (db: Db, papers: readonly Paper[]): void =>
  inTransaction(db, () => {
    for (const paper of papers) upsertPaper(db, paper, { at, by: 'test' });
  });

/** Forty papers a field, nothing learned yet. */
export const openCorpus = (file = ':memory:'): Db => {
  const db = openDatabase(file, migrations);
  syncTopics(db);
  addPapers(
    db,
    Array.from({ length: 40 }, (_, n) => fieldNames.map((field) => paperOf(field, n))).flat(),
  );
  return db;
};
