/** Taking papers and signals into the corpus, from files, live sources and the bundled sample. */
import { type Db, inTransaction } from '../db/open.ts';
import { hideSample, upsertPaper, withdrawPaper } from '../db/papers.ts';
import { appendSignal } from '../db/signals.ts';
import { writeNote } from '../db/source-notes.ts';
import type { LiveRecord } from '../sources/records.ts';
import { takeBatch } from './batches.ts';

export type Rejection = { readonly file: string; readonly line: number; readonly reason: string };

export type ImportTally = {
  readonly papers: { new: number; updated: number; unchanged: number };
  readonly signals: { new: number; unchanged: number };
  readonly rejected: Rejection[];
};

export const emptyTally = (): ImportTally => ({
  papers: { new: 0, updated: 0, unchanged: 0 },
  signals: { new: 0, unchanged: 0 },
  rejected: [],
});

export type ImportOrigin = {
  /** Named in rejections: a file's name, or a source's. */
  readonly file: string;
  /** Who tells of these papers: `import`, `sample`, or a source's name. */
  readonly by: string;
  readonly now: Date;
};

/** Rows a transaction: enough that the disk is not waited for, few enough to lose little. */
const batchSize = 1_000;

/** A file of nothing but bad rows must not fill the memory with complaints. */
const mostRejections = 10_000;

/**
 * Takes records in as they come, adding to `tally`. Each batch is one transaction, so an
 * interrupted import has kept what it read, and run again it finds those rows unchanged.
 */
export const importRecords = async (
  db: Db,
  records: AsyncIterable<LiveRecord>,
  origin: ImportOrigin,
  tally: ImportTally,
): Promise<void> => {
  let batch: LiveRecord[] = [];
  const flush = (): void => {
    inTransaction(db, () => {
      for (const record of batch) takeRecord(db, record, origin, tally);
    });
    batch = [];
  };
  try {
    for await (const record of records) {
      batch.push(record);
      if (batch.length >= batchSize) flush();
    }
  } finally {
    flush();
    // Whoever brings papers of their own needs no sample.
    if (origin.by !== 'sample' && tally.papers.new + tally.papers.updated > 0) hideSample(db);
  }
};

const takeRecord = (
  db: Db,
  record: LiveRecord,
  { file, by, now }: ImportOrigin,
  tally: ImportTally,
): void => {
  const reject = (reason: string): void => {
    if (tally.rejected.length < mostRejections)
      tally.rejected.push({ file, line: 'line' in record ? record.line : 1, reason });
  };
  switch (record.kind) {
    case 'paper':
      tally.papers[upsertPaper(db, record.paper, { at: now, by })] += 1;
      return;
    case 'signal': {
      const result = appendSignal(db, record.signal);
      if (result.kind === 'contradiction')
        reject(`the ledger already holds ${result.recorded} for this observation`);
      else tally.signals[result.kind] += 1;
      return;
    }
    case 'deleted':
      tally.papers[withdrawPaper(db, record.id, now) ? 'updated' : 'unchanged'] += 1;
      return;
    case 'note':
      writeNote(db, { source: by, key: record.key, value: record.value }, now);
      return;
    case 'batch':
      takeBatch(db, by, record, now);
      return;
    case 'rejected':
      reject(record.reason);
      return;
    default:
      record satisfies never;
  }
};
