/** Numbers by which one sees how the sending is doing. */
import { countSettledSince } from './delivery-counts.ts';
import { type Db, statement } from './open.ts';

export type Waiting = {
  readonly since: Date;
  readonly count: number;
  /** What the server said to the oldest, if it was tried. */
  readonly reason: string | undefined;
};

/** The mails whose turn it is and that have not left, and since when the oldest waits. */
export const oldestWaiting = (db: Db): Waiting | undefined => {
  const row = statement(
    db,
    `select min(planned_at) as since, count(*) as count, reason from deliveries
      where state in ('planned', 'deferred')`,
  ).get() as { since: number | null; count: number; reason: string | null };
  return row.since === null
    ? undefined
    : { since: new Date(row.since), count: row.count, reason: row.reason ?? undefined };
};

/** How many readers' addresses are suppressed, of those who have not left. */
export const suppressedShare = (
  db: Db,
): { readonly suppressed: number; readonly readers: number; readonly share: number } => {
  const count = (sql: string): number => statement(db, sql).pluck().get() as number;
  const suppressed = count(`select count(*) from suppressions where reason in ('hard', 'soft')`);
  const readers = count(`select count(*) from subscribers where status <> 'unsubscribed'`);
  return { suppressed, readers, share: readers === 0 ? 0 : suppressed / readers };
};

/** Mails taken by a server since a moment, and the complaints that came back. */
export const bounceShare = (
  db: Db,
  since: Date,
): { readonly sent: number; readonly complaints: number } => ({
  sent: countSettledSince(db, ['sent'], since),
  complaints: statement(db, `select count(*) from bounces where verdict = 'complaint' and at >= ?`)
    .pluck()
    .get(since.getTime()) as number,
});

/** When the newest edition was published. */
export const lastEditionAt = (db: Db): Date | undefined => {
  const at = statement(db, 'select max(published_at) from editions').pluck().get() as number | null;
  return at === null ? undefined : new Date(at);
};
