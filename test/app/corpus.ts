/** A small invented corpus in a real database. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Db, inTransaction, openDatabase } from '../../src/db/open.ts';
import { upsertPaper } from '../../src/db/papers.ts';
import { appendSignal } from '../../src/db/signals.ts';
import { syncTopics } from '../../src/db/topics.ts';
import type { Paper } from '../../src/domain/paper.ts';
import type { Signal } from '../../src/domain/signal.ts';

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url));

export type Corpus = { readonly db: Db; readonly close: () => void };

export const openCorpus = async (): Promise<Corpus> => {
  const folder = await mkdtemp(join(tmpdir(), 'paperboy-corpus-'));
  const db = openDatabase(join(folder, 'test.db'), migrations);
  syncTopics(db);
  return {
    db,
    close: () => {
      db.$client.close();
      rmSync(folder, { recursive: true });
    },
  };
};

export const paper = (id: string, over: Partial<Paper> = {}): Paper => ({
  id,
  title: `Notes on garden number ${id}`,
  abstract: ['plot', 'bed', 'row', 'path', 'pond', 'gate', 'wall', 'tree', 'seed', 'rain']
    .map((word) => word + id.replace(/\W/g, ''))
    .join(' '),
  authors: ['Ada Example'],
  categories: ['cs.CL'],
  listedOn: '2026-03-19',
  ...over,
});

/** Upvotes as [instant, total] pairs. */
export const upvotes = (
  paperId: string,
  looks: readonly (readonly [at: string, value: number])[],
): readonly Signal[] =>
  looks.map(([at, value]) => ({
    paperId,
    source: 'huggingface',
    kind: 'upvotes',
    observedAt: new Date(at),
    value,
  }));

export const addAll = (db: Db, papers: readonly Paper[], signals: readonly Signal[]): void =>
  inTransaction(db, () => {
    for (const each of papers) upsertPaper(db, each, { at: new Date(0), by: 'test' });
    for (const signal of signals) appendSignal(db, signal);
  });
