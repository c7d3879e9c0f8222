/**
 * Active readers by what decides when they are due: zone, frequency, the day they last had a digest
 * for, hour. An index holds them in that order, so that whole groups are ruled out without a reader
 * being read. It is made of the readers' rows themselves and cannot be older than they are.
 */
import type { Day } from '../domain/paper.ts';
import { type Db, statement } from './open.ts';
import type { subscribers } from './schema-readers.ts';

type Row = typeof subscribers.$inferSelect;

export type ActiveReader = Pick<
  Row,
  'id' | 'email' | 'frequency' | 'hour' | 'timeZone' | 'papers' | 'awaitsFirst' | 'digestOn'
>;

export type ReaderGroup = {
  readonly timeZone: string;
  readonly frequency: string;
  /** A day for which all of them have a digest; empty for those who never had one. */
  readonly digestOn: Day | '';
};

// Named, so that no statistics lead SQLite to walk all readers instead.
const clock = `subscribers indexed by subscribers_by_clock where status = 'active' and awaits_first = 0`;
const awaiting = `subscribers indexed by subscribers_awaiting where status = 'active' and awaits_first = 1`;

/** Every group that has a reader; who awaits a first digest is in none. */
export const listReaderGroups = (db: Db): readonly ReaderGroup[] => {
  // From the head of one group to that of the next: the steps are as many as the groups. Beyond any
  // hour, for SQLite seeks what is equal or greater and would walk through the group.
  const next = statement(
    db,
    `select time_zone as timeZone, frequency, digest_on as digestOn from ${clock}
       and (time_zone, frequency, digest_on, hour) > (@timeZone, @frequency, @digestOn, 1e9)
     order by time_zone, frequency, digest_on, hour limit 1`,
  );
  const groups: ReaderGroup[] = [];
  let group: ReaderGroup | undefined = { timeZone: '', frequency: '', digestOn: '' };
  for (;;) {
    group = next.get(group) as ReaderGroup | undefined;
    if (!group) return groups;
    groups.push(group);
  }
};

/** How many of a group chose an hour up to one. */
export const countInGroup = (db: Db, group: ReaderGroup, upTo: number): number =>
  statement(
    db,
    `select count(*) from ${clock} and time_zone = @timeZone and frequency = @frequency
       and digest_on = @digestOn and hour <= @upTo`,
  )
    .pluck()
    .get({ ...group, upTo }) as number;

const columns = 'id, email, frequency, hour, time_zone, papers, awaits_first, digest_on';

/** A reader's place in a group: the next page begins after it. */
export type GroupPlace = { readonly hour: number; readonly id: number };

/** Those of a group who chose an hour up to one, by hour and number, at most `limit` after a place. */
export const listInGroup = (
  db: Db,
  group: ReaderGroup,
  upTo: number,
  { hour, id }: GroupPlace,
  limit: number,
): readonly ActiveReader[] =>
  statement(
    db,
    `select ${columns} from ${clock} and time_zone = @timeZone and frequency = @frequency
       and digest_on = @digestOn and (hour, id) > (@hour, @id) and hour <= @upTo
     order by hour, id limit @limit`,
  )
    .raw()
    .all({ ...group, upTo, hour, id, limit })
    .map(toActiveReader);

/** Those who await a first digest, by number. */
export const listAwaitingFirst = (db: Db, after: number, limit: number): readonly ActiveReader[] =>
  statement(db, `select ${columns} from ${awaiting} and id > ? order by id limit ?`)
    .raw()
    .all(after, limit)
    .map(toActiveReader);

export const countAwaitingFirst = (db: Db): number =>
  statement(db, `select count(*) from ${awaiting}`).pluck().get() as number;

// Objects written out here are copied at once; those that the driver makes of rows, over a hash table
// that lives for long.
const toActiveReader = (row: unknown): ActiveReader => {
  const [id, email, frequency, hour, timeZone, papers, awaitsFirst, digestOn] = row as [
    ...[number, string, string, number, string, number, number, Day],
  ];
  return { id, email, frequency, hour, timeZone, papers, awaitsFirst: awaitsFirst === 1, digestOn };
};

/** Notes days for which readers have a digest, so that they are not looked at again for them. */
export const noteDigestDays = (
  db: Db,
  readers: readonly { readonly id: number; readonly day: Day }[],
): void => {
  const note = statement(db, 'update subscribers set digest_on = ? where id = ?');
  for (const { id, day } of readers) note.run(day, id);
};
