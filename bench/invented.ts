/** A corpus and invented readers for the benches. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { emptyTally, importRecords } from '../src/app/import.ts';
import { loadSample } from '../src/app/sample.ts';
import { type Db, inTransaction } from '../src/db/open.ts';
import { insertSubscriber } from '../src/db/subscribers.ts';
import { listCatalogue } from '../src/db/topics.ts';
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

/** Active readers with five topics each, ten papers a day. */
export const inventReaders = (db: Db, readers: number, at: Date): void => {
  const topics = listCatalogue(db);
  inTransaction(db, () => {
    for (let n = 0; n < readers; n += 1) {
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
          frequency: { kind: 'daily' },
          hour: 0,
          timeZone: 'UTC',
          language: 'en',
          papers: 10,
        },
        topicIds: picked.map(({ id }) => id),
        at,
      });
    }
  });
};
