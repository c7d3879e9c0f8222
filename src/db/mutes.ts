/** What readers never want to see. */
import { gather } from './gather.ts';
import { type Db, statement } from './open.ts';

/** The muted terms of those of some readers who mute something, in their order. */
export const listMuted = (db: Db, ids: readonly number[]): ReadonlyMap<number, readonly string[]> =>
  gather(
    statement(
      db,
      `select subscriber_id, term from mutes
       where subscriber_id in (select value from json_each(?)) order by subscriber_id, position`,
    )
      .raw()
      .all(JSON.stringify(ids)) as [number, string][],
  );

/** Replaces a reader's muted terms; call it inside a transaction. */
export const writeMuted = (db: Db, subscriberId: number, terms: readonly string[]): void => {
  statement(db, 'delete from mutes where subscriber_id = ?').run(subscriberId);
  const insert = statement(
    db,
    'insert into mutes (subscriber_id, position, term) values (?, ?, ?)',
  );
  for (const [position, term] of terms.entries()) insert.run(subscriberId, position, term);
};
