/**
 * All of the corpus, a page of rows at a time: no statement stays open between two, so that the
 * service goes on writing meanwhile.
 */

import type { Signal } from '../domain/signal.ts';
import { type Db, statement } from './open.ts';
import { type PaperRow, type StoredPaper, toPaper } from './paper-row.ts';
import { type SignalRow, toSignal } from './signals.ts';

/** Papers in the order they came; without those hidden, the sample made needless by live sources. */
export function* pagesOfPapers(db: Db): Generator<readonly StoredPaper[]> {
  const sql = 'select * from papers where hidden = 0 and id > ? order by id limit 500';
  for (const rows of pagesOf<PaperRow>(db, sql)) yield rows.map((row) => toPaper(db, row));
}

/** Signals in the order they came, but for those of hidden papers. */
export function* pagesOfSignals(db: Db): Generator<readonly Signal[]> {
  const sql = `select * from signals
    where id > ? and paper_key not in (select key from papers where hidden = 1)
    order by id limit 2000`;
  for (const rows of pagesOf<SignalRow & { readonly id: number }>(db, sql))
    yield rows.map(toSignal);
}

function* pagesOf<R extends { readonly id: number }>(db: Db, sql: string): Generator<readonly R[]> {
  for (let after = 0; ; ) {
    const rows = statement(db, sql).all(after) as R[];
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    after = last.id;
  }
}

/** How many rows an export has, about. */
export const countRows = (db: Db): number =>
  statement(
    db,
    `select (select count(*) from papers where hidden = 0) + (select count(*) from signals) +
       (select count(*) from subscribers) + (select count(*) from suppressions)`,
  )
    .pluck()
    .get() as number;
