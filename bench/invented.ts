/** A corpus and invented readers for the benches. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { emptyTally, importRecords } from '../src/app/import.ts';
import { ensureEdition } from '../src/app/publish.ts';
import { loadSample } from '../src/app/sample.ts';
import { type Db, inTransaction, statement } from '../src/db/open.ts';
import { insertSubscriber } from '../src/db/subscribers.ts';
import { listCatalogue } from '../src/db/topics.ts';
import type { Settings } from '../src/domain/subscription.ts';
import { newKey } from '../src/lib/token.ts';
import { readRecords } from '../src/sources/records.ts';
import { root } from './lib.ts';

const topicsEach = 5;
const papersEach = 10;

/** Reads the files into the corpus; without any, the bundled sample. */
export const loadCorpus = async (db: Db, files: readonly string[]): Promise<void> => {
  const now = new Date();
  if (files.length === 0) await loadSample(db, join(root, 'src', 'sample'), now);
  for (const file of files) {
    const records = readRecords(createReadStream(file), { now });
    await importRecords(db, records, { file, by: 'import', now }, emptyTally());
  }
};

export type Habits = Pick<Settings, 'frequency' | 'hour' | 'timeZone'>;

const atMidnight: Habits = { frequency: { kind: 'daily' }, hour: 0, timeZone: 'UTC' };

const aTransaction = 10_000;

/**
 * Topics that fill a digest by themselves. In the sample, some hundred papers, no more than five do, so
 * that all readers have the same ones. A reader who follows all is invented to have them ranked, and stays.
 */
export const fullTopics = (db: Db, at: Date): readonly CatalogueTopic[] => {
  const topics = listCatalogue(db);
  inventReaders(db, 1, at, { topics, topicsEach: topics.length });
  const full = new Set(
    ensureEdition(db, at, at, 0).lists.flatMap(({ topicId, entries }) =>
      entries.length >= papersEach ? topicId : [],
    ),
  );
  const found = topics.filter(({ id }) => full.has(id));
  if (found.length < topicsEach) throw new Error(`only ${found.length} topics fill a digest`);
  return found;
};

type Invention = {
  readonly habitsOf?: (reader: number) => Habits;
  /** To choose from; the whole catalogue unless said otherwise. */
  readonly topics?: readonly CatalogueTopic[];
  readonly topicsEach?: number;
};
type CatalogueTopic = ReturnType<typeof listCatalogue>[number];

/** Active readers, five topics each, ten papers a digest at most; daily and due at once, or by habits. */
export const inventReaders = (
  db: Db,
  readers: number,
  at: Date,
  { habitsOf = () => atMidnight, topics = listCatalogue(db), ...invention }: Invention = {},
): void => {
  const each = invention.topicsEach ?? topicsEach;
  const invent = (n: number): void => {
    // Steps that share no factor with the catalogue's length spread readers over all topics.
    const picked = Array.from(
      { length: each },
      (_, k) => topics[(n * 7 + k * 37) % topics.length],
    ).flatMap((topic) => topic ?? []);
    insertSubscriber(db, {
      key: newKey(),
      email: `reader-${n}-${each}@example.org`,
      status: 'active',
      settings: {
        topics: picked.map(({ slug }) => slug),
        ...habitsOf(n),
        language: 'en',
        papers: papersEach,
      },
      topicIds: picked.map(({ id }) => id),
      at,
    });
  };
  for (let from = 0; from < readers; from += aTransaction)
    inTransaction(db, () => {
      for (let n = from; n < Math.min(readers, from + aTransaction); n += 1) invent(n);
    });
};

/** Every mail planned so far was sent. */
export const settleAll = (db: Db): void => {
  statement(
    db,
    `update deliveries set state = 'sent', attempts = 1, settled_at = planned_at
     where state = 'planned'`,
  ).run();
};
