/** A corpus and invented readers for the benches. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { emptyTally, importRecords } from '../src/app/import.ts';
import { loadSample } from '../src/app/sample.ts';
import { type Db, inTransaction, statement } from '../src/db/open.ts';
import { insertSubscriber } from '../src/db/subscribers.ts';
import { listCatalogue } from '../src/db/topics.ts';
import type { Settings } from '../src/domain/subscription.ts';
import { newKey } from '../src/lib/token.ts';
import { readRecords } from '../src/sources/records.ts';
import { root } from './lib.ts';

const topicsEach = 5;

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

/** Active readers with five topics each, ten papers a digest; daily and due at once, or by habits. */
export const inventReaders = (
  db: Db,
  readers: number,
  at: Date,
  habitsOf: (reader: number) => Habits = () => atMidnight,
): void => {
  const topics = listCatalogue(db);
  const invent = (n: number): void => {
    // Steps that share no factor with the catalogue's length spread readers over all topics.
    const picked = Array.from(
      { length: topicsEach },
      (_, k) => topics[(n * 7 + k * 37) % topics.length],
    ).flatMap((topic) => topic ?? []);
    insertSubscriber(db, {
      key: newKey(),
      email: `reader-${n}@example.org`,
      status: 'active',
      settings: {
        topics: picked.map(({ slug }) => slug),
        ...habitsOf(n),
        language: 'en',
        papers: 10,
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
