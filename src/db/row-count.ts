/** How many rows a table holds that grows at its end. */
import { type Db, statement } from './open.ts';

/** After this time the whole table is counted again, since rows may have been let go. */
const recountMs = 60 * 60_000;

/** Counts the whole table once in an hour, and then what is new: it may hold a hundred million rows. */
export const createRowCount = (
  db: Db,
  table: 'signals' | 'deliveries',
): ((now: Date) => number) => {
  let known = { at: Number.NEGATIVE_INFINITY, upTo: 0, count: 0 };
  return (now) => {
    const at = now.getTime();
    const newest = statement(db, `select max(id) from ${table}`).pluck().get() as number | null;
    // Ids are given again once the newest rows are gone.
    const isOld = Math.abs(at - known.at) >= recountMs || (newest ?? 0) < known.upTo;
    const from = isOld ? { at, upTo: 0, count: 0 } : known;
    const added = statement(db, `select count(*) from ${table} where id > ?`)
      .pluck()
      .get(from.upTo) as number;
    known = { at: from.at, upTo: newest ?? 0, count: from.count + added };
    return known.count;
  };
};
