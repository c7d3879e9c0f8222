/** Deleting what is old, a piece at a time so that nobody waits long for the write lock. */
import { type Db, inTransaction, statement } from './open.ts';

/** Rows a transaction. */
const pieceSize = 2_000;

/** What is old, by kind: which rows of which table. Each takes the moment (ms) before which it is. */
const old = {
  // Their digests' rows go with them; a mail not settled yet is not old, whatever its date.
  digests: `select id from digests where planned_at < @before and not exists (
      select 1 from deliveries where digest_id = digests.id
       and state in ('planned', 'claimed', 'data-sent', 'deferred'))`,
  deliveries: `select id from deliveries where digest_id is null and planned_at < @before
      and state in ('sent', 'failed', 'unknown')`,
  bounces: 'select id from bounces where at < @before',
  // The last edition of a day is the one that its page shows; others go once no digest is made of them.
  editions: `select id from editions where as_of < @before
      and not exists (select 1 from digests where edition_id = editions.id)
      and exists (select 1 from editions later
        where later.as_of / 86400000 = editions.as_of / 86400000 and later.kind = editions.kind
          and (later.as_of, later.id) > (editions.as_of, editions.id))`,
  // Of several looks at one number on one day the last is kept, which is also the highest.
  signals: `select id from signals where observed_at < @before
      and exists (select 1 from signals later
        where later.paper_key = signals.paper_key and later.source = signals.source
          and later.kind = signals.kind and later.observed_at > signals.observed_at
          and later.observed_at < (signals.observed_at / 86400000 + 1) * 86400000)`,
} as const;

export type Prunable = keyof typeof old;

/** How many rows are old. */
export const countOld = (db: Db, kind: Prunable, before: Date): number =>
  statement(db, `select count(*) from (${old[kind]})`)
    .pluck()
    .get({ before: before.getTime() }) as number;

/** Deletes one piece; how many rows went, 0 when none is left. */
export const deleteOld = (db: Db, kind: Prunable, before: Date): number =>
  inTransaction(
    db,
    () =>
      statement(
        db,
        `delete from ${kind} where id in (select id from (${old[kind]}) limit ${pieceSize})`,
      ).run({ before: before.getTime() }).changes,
  );

/** The moments before which models were learned, and what they say they were learned from. */
export const listModelCuts = (db: Db): readonly { readonly cut: number; readonly from: string }[] =>
  statement(db, 'select cut, learned_from as "from" from models').all() as {
    cut: number;
    from: string;
  }[];

export const relabelModel = (db: Db, cut: number, from: string): void => {
  statement(db, 'update models set learned_from = ? where cut = ?').run(from, cut);
};

/**
 * Lets SQLite refresh what it knows of its tables, and takes the log in. Where somebody reads meanwhile
 * (what copies the log reads all the time) as much as can be, without waiting for them.
 */
export const tidy = (db: Db): void => {
  const { $client: client } = db;
  const patience = client.pragma('busy_timeout', { simple: true });
  client.pragma('optimize');
  client.pragma('busy_timeout = 0');
  try {
    client.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    client.pragma(`busy_timeout = ${patience}`);
  }
};

/** Writes the file anew without its holes; everybody who writes waits meanwhile. */
export const vacuum = (db: Db): void => {
  db.$client.exec('vacuum');
};
