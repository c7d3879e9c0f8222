/** The verdicts on sources' daily batches, as a history. */
import type { BatchVerdict, JudgedBatch } from '../domain/batch.ts';
import { type Db, statement } from './open.ts';

export type StoredBatch = JudgedBatch & { readonly source: string; readonly judgedAt: Date };

type Row = {
  source: string;
  day: string;
  verdict: BatchVerdict;
  papers: number;
  fresh: number;
  detail: string;
  judged_at: number;
};

const toBatch = (row: Row): StoredBatch => ({
  source: row.source,
  day: row.day,
  verdict: row.verdict,
  papers: row.papers,
  fresh: row.fresh,
  detail: row.detail,
  judgedAt: new Date(row.judged_at),
});

/** Adds a verdict, unless it says what the last one said. Tells whether it was a change. */
export const appendBatch = (db: Db, source: string, batch: JudgedBatch, at: Date): boolean => {
  const last = lastBatch(db, source, at);
  const same =
    last !== undefined &&
    (['day', 'verdict', 'papers', 'fresh'] as const).every((key) => last[key] === batch[key]);
  if (same) return false;
  statement(
    db,
    `insert into source_batches (source, day, verdict, papers, fresh, detail, judged_at)
     values (?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    ...[source, batch.day, batch.verdict, batch.papers, batch.fresh, batch.detail, at.getTime()],
  );
  return true;
};

/** What was known of a source's newest batch at an instant. */
export const lastBatch = (db: Db, source: string, until: Date): StoredBatch | undefined => {
  const row = statement(
    db,
    `select * from source_batches where source = ? and judged_at <= ?
     order by judged_at desc, id desc limit 1`,
  ).get(source, until.getTime());
  return row === undefined ? undefined : toBatch(row as Row);
};

/** The newest verdict on each source at an instant. */
export const listBatches = (db: Db, until: Date): readonly StoredBatch[] =>
  (
    statement(db, 'select distinct source from source_batches order by source')
      .pluck()
      .all() as string[]
  ).flatMap((source) => lastBatch(db, source, until) ?? []);
