import type { Signal, SignalKind } from '../domain/signal.ts';
import { type Db, statement } from './open.ts';

export type AppendResult =
  | { readonly kind: 'new' }
  | { readonly kind: 'unchanged' }
  /** The ledger holds another value for the same observation; the first one told stays. */
  | { readonly kind: 'contradiction'; readonly recorded: number };

/** Appends one observation to the ledger. A repeat changes nothing. */
export const appendSignal = (db: Db, signal: Signal): AppendResult => {
  const key = [signal.paperId, signal.source, signal.kind, signal.observedAt.getTime()] as const;
  const { changes } = statement(
    db,
    `insert into signals (paper_key, source, kind, observed_at, value, listed_on)
     values (?, ?, ?, ?, ?, ?) on conflict do nothing`,
  ).run(...key, signal.value, signal.listedOn ?? null);
  if (changes > 0) return { kind: 'new' };
  const recorded = statement(
    db,
    'select value from signals where paper_key = ? and source = ? and kind = ? and observed_at = ?',
  )
    .pluck()
    .get(...key) as number;
  return recorded === signal.value ? { kind: 'unchanged' } : { kind: 'contradiction', recorded };
};

/** A row of `signals`. */
export type SignalRow = {
  paper_key: string;
  source: string;
  kind: SignalKind;
  observed_at: number;
  value: number;
  listed_on: string | null;
};

export const toSignal = (row: SignalRow): Signal => ({
  paperId: row.paper_key,
  source: row.source,
  kind: row.kind,
  observedAt: new Date(row.observed_at),
  value: row.value,
  ...(row.listed_on !== null && { listedOn: row.listed_on }),
});

/** Everything observed of one paper until an instant, oldest first. */
export const listSignals = (db: Db, paperId: string, until: Date): readonly Signal[] =>
  (
    statement(
      db,
      `select * from signals where paper_key = ? and observed_at <= ?
       order by observed_at, kind, source`,
    ).all(paperId, until.getTime()) as SignalRow[]
  ).map(toSignal);

/** How many papers were seen with an upvote in a span of time (milliseconds, end included). */
export const countNoticed = (db: Db, after: number, until: number): number =>
  statement(
    db,
    `select count(distinct paper_key) from signals
     where kind = 'upvotes' and value > 0 and observed_at > ? and observed_at <= ?`,
  )
    .pluck()
    .get(after, until) as number;
