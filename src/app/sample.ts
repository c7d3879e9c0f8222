/** The bundled sample: real papers, for a first look where no source can be reached. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from '../db/open.ts';
import { readRecords } from '../sources/records.ts';
import { emptyTally, type ImportTally, importRecords } from './import.ts';

/** Loads every file of the sample's folder. Run again, it changes nothing. */
export const loadSample = async (db: Db, folder: string, now: Date): Promise<ImportTally> => {
  const tally = emptyTally();
  const files = (await readdir(folder)).filter((file) => file.endsWith('.jsonl')).sort();
  for (const file of files) {
    const records = readRecords(createReadStream(join(folder, file)), { now });
    await importRecords(db, records, { file, by: 'sample', now }, tally);
  }
  return tally;
};
