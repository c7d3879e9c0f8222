/** What readers never want to see. */
import { type Db, statement } from './open.ts';

/** A reader's muted terms, in their order. */
export const listMuted = (db: Db, subscriberId: number): readonly string[] =>
  statement(db, 'select term from mutes where subscriber_id = ? order by position')
    .pluck()
    .all(subscriberId) as string[];

/** Every reader's, for planning: most readers mute nothing, so one look is cheaper than many. */
export const listAllMuted = (db: Db): ReadonlyMap<number, readonly string[]> => {
  const rows = statement(
    db,
    'select subscriber_id, term from mutes order by subscriber_id, position',
  )
    .raw()
    .all() as [number, string][];
  const muted = new Map<number, string[]>();
  for (const [reader, term] of rows) muted.set(reader, [...(muted.get(reader) ?? []), term]);
  return muted;
};

/** Replaces a reader's muted terms; call it inside a transaction. */
export const writeMuted = (db: Db, subscriberId: number, terms: readonly string[]): void => {
  statement(db, 'delete from mutes where subscriber_id = ?').run(subscriberId);
  const insert = statement(
    db,
    'insert into mutes (subscriber_id, position, term) values (?, ?, ?)',
  );
  for (const [position, term] of terms.entries()) insert.run(subscriberId, position, term);
};
