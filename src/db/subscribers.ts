import { asc, eq, sql } from 'drizzle-orm';
import type { Day } from '../domain/paper.ts';
import {
  emailKey,
  emailKeys,
  parseFrequency,
  renderFrequency,
  type Settings,
  type Status,
} from '../domain/subscription.ts';
import { gather } from './gather.ts';
import { listMuted, writeMuted } from './mutes.ts';
import { type Db, inTransaction, statement } from './open.ts';
import { subscribers, subscriptions } from './schema-readers.ts';

export type Subscriber = {
  readonly id: number;
  /** What all of the reader's tokens are made from. */
  readonly key: Buffer;
  readonly email: string;
  readonly status: Status;
  readonly settings: Settings;
  readonly awaitsFirst: boolean;
  readonly createdAt: Date;
  readonly confirmedAt: Date | undefined;
  readonly unsubscribedAt: Date | undefined;
  /** The reader's day on which a pause ends by itself. */
  readonly pausedUntil: Day | undefined;
};

type Row = typeof subscribers.$inferSelect;

/** Rows with what other tables hold of them, by one statement a table. */
const toSubscribers = (db: Db, rows: readonly Row[]): readonly Subscriber[] => {
  const ids = rows.map(({ id }) => id);
  const topics = topicSlugs(db, ids);
  const muted = listMuted(db, ids);
  return rows.map((row) => toSubscriber(row, topics.get(row.id) ?? [], muted.get(row.id)));
};

const toSubscriber = (
  row: Row,
  topics: readonly string[],
  muted: readonly string[] | undefined,
): Subscriber => ({
  id: row.id,
  key: row.key,
  email: row.email,
  status: row.status,
  settings: {
    topics,
    frequency: parseFrequency(row.frequency) ?? { kind: 'daily' },
    hour: row.hour,
    timeZone: row.timeZone,
    papers: row.papers,
    language: row.language,
    ...(muted && { muted }),
  },
  awaitsFirst: Boolean(row.awaitsFirst),
  createdAt: new Date(row.createdAt),
  confirmedAt: row.confirmedAt === null ? undefined : new Date(row.confirmedAt),
  unsubscribedAt: row.unsubscribedAt === null ? undefined : new Date(row.unsubscribedAt),
  pausedUntil: row.pausedUntil ?? undefined,
});

const topicSlugs = (db: Db, ids: readonly number[]): ReadonlyMap<number, readonly string[]> =>
  gather(
    statement(
      db,
      `select subscriber_id, slug from subscriptions join topics on topics.id = topic_id
       where subscriber_id in (select value from json_each(?)) order by subscriber_id, position`,
    )
      .raw()
      .all(JSON.stringify(ids)) as [number, string][],
  );

// Asked of every batch of mails, so prepared once: building the query costs more than running it.
const selectSubscriber = `select id, key, email, email_key as emailKey, status, frequency, hour,
  time_zone as timeZone, papers, language, awaits_first as awaitsFirst, created_at as createdAt,
  confirmed_at as confirmedAt, unsubscribed_at as unsubscribedAt, paused_until as pausedUntil
  from subscribers`;

const findWhere = (db: Db, where: string, value: unknown): Subscriber | undefined => {
  const row = statement(db, `${selectSubscriber} where ${where} = ?`).get(value) as Row | undefined;
  return row && toSubscribers(db, [row])[0];
};

/** Readers by number, for a batch of mails. */
export const listSubscribers = (
  db: Db,
  ids: readonly number[],
): ReadonlyMap<number, Subscriber> => {
  const rows = statement(
    db,
    `${selectSubscriber} where id in (select value from json_each(?))`,
  ).all(JSON.stringify(ids)) as Row[];
  return new Map(toSubscribers(db, rows).map((reader) => [reader.id, reader]));
};

export const findByEmail = (db: Db, email: string): Subscriber | undefined => {
  for (const key of emailKeys(email)) {
    const found = findWhere(db, 'email_key', key);
    if (found) return found;
  }
  return undefined;
};

export const findByKey = (db: Db, key: Buffer): Subscriber | undefined => findWhere(db, 'key', key);

export const findById = (db: Db, id: number): Subscriber | undefined => findWhere(db, 'id', id);

/** Everyone, oldest first, one at a time: a list of a million readers does not fit in memory. */
export function* iterateSubscribers(db: Db): Generator<Subscriber> {
  for (let after = 0; ; ) {
    const rows = db
      .select()
      .from(subscribers)
      .where(sql`${subscribers.id} > ${after}`)
      .orderBy(asc(subscribers.id))
      .limit(500)
      .all();
    yield* toSubscribers(db, rows);
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

export type NewSubscriber = {
  readonly key: Buffer;
  readonly email: string;
  readonly status: Status;
  readonly settings: Settings;
  /** Topic numbers in the reader's order. */
  readonly topicIds: readonly number[];
  readonly at: Date;
};

const settingColumns = (settings: Settings) => ({
  frequency: renderFrequency(settings.frequency),
  hour: settings.hour,
  timeZone: settings.timeZone,
  papers: settings.papers,
  language: settings.language,
});

/** Adds a reader; the address must be new. */
export const insertSubscriber = (db: Db, reader: NewSubscriber): number =>
  inTransaction(db, () => {
    const { lastInsertRowid } = statement(
      db,
      `insert into subscribers (key, email, email_key, status, frequency, hour, time_zone, papers,
         language, awaits_first, created_at, confirmed_at)
       values (@key, @email, @emailKey, @status, @frequency, @hour, @timeZone, @papers, @language, 0,
         @createdAt, @confirmedAt)`,
    ).run({
      key: reader.key,
      email: reader.email,
      emailKey: emailKey(reader.email),
      status: reader.status,
      ...settingColumns(reader.settings),
      createdAt: reader.at.getTime(),
      confirmedAt: reader.status === 'active' ? reader.at.getTime() : null,
    });
    const id = Number(lastInsertRowid);
    writeSubscriptions(db, id, reader.topicIds);
    if (reader.settings.muted) writeMuted(db, id, reader.settings.muted);
    return id;
  });

/** Replaces a reader's settings and topics; what is muted stays where nothing is said of it. */
export const updateSettings = (
  db: Db,
  id: number,
  settings: Settings,
  topicIds: readonly number[],
): void =>
  inTransaction(db, () => {
    db.update(subscribers).set(settingColumns(settings)).where(eq(subscribers.id, id)).run();
    db.delete(subscriptions).where(eq(subscriptions.subscriberId, id)).run();
    writeSubscriptions(db, id, topicIds);
    if (settings.muted) writeMuted(db, id, settings.muted);
  });

const writeSubscriptions = (db: Db, id: number, topicIds: readonly number[]): void => {
  const insert = statement(
    db,
    'insert into subscriptions (subscriber_id, position, topic_id) values (?, ?, ?) on conflict do nothing',
  );
  for (const [position, topicId] of topicIds.entries()) insert.run(id, position, topicId);
};

/** Stops a reader's digests, for good or until a day of theirs. */
export const pauseSubscriber = (db: Db, id: number, until: Day | undefined): void => {
  statement(db, `update subscribers set status = 'paused', paused_until = ? where id = ?`).run(
    until ?? null,
    id,
  );
};

/** Readers whose pause has an end that may have come: their day is at most one ahead of UTC's. */
export const listPausedUntil = (
  db: Db,
  day: Day,
): readonly { readonly id: number; readonly timeZone: string; readonly pausedUntil: Day }[] =>
  statement(
    db,
    `select id, time_zone as timeZone, paused_until as pausedUntil
     from subscribers indexed by subscribers_paused_until
     where status = 'paused' and paused_until is not null and paused_until <= date(?, '+1 day')`,
  ).all(day) as { id: number; timeZone: string; pausedUntil: Day }[];

/** Moves a reader to another status, noting when they confirmed or left. */
export const setStatus = (db: Db, id: number, status: Status, at: Date): void => {
  const noted =
    status === 'unsubscribed' ? { unsubscribedAt: at.getTime(), awaitsFirst: false } : {};
  db.update(subscribers)
    .set({ status, pausedUntil: null, ...noted })
    .where(eq(subscribers.id, id))
    .run();
};

/** The click on the confirmation link: the reader is active and a first digest is due at once. */
export const confirmSubscriber = (db: Db, id: number, at: Date): void => {
  db.update(subscribers)
    .set({
      ...{ status: 'active', confirmedAt: at.getTime(), unsubscribedAt: null, pausedUntil: null },
      awaitsFirst: true,
    })
    .where(eq(subscribers.id, id))
    .run();
};

/** Removes a reader and everything kept of them, digests and deliveries included. */
export const deleteSubscriber = (db: Db, id: number): void => {
  db.delete(subscribers).where(eq(subscribers.id, id)).run();
};

/** The topics of many readers at once, in each reader's order. */
export const listTopicIds = (
  db: Db,
  ids: readonly number[],
): ReadonlyMap<number, readonly number[]> =>
  gather(
    statement(
      db,
      `select subscriber_id, topic_id from subscriptions
       where subscriber_id in (select value from json_each(?)) order by subscriber_id, position`,
    )
      .raw()
      .all(JSON.stringify(ids)) as [number, number][],
  );

export const countSubscribers = (db: Db): { readonly [status in Status]?: number } =>
  Object.fromEntries(
    db
      .select({ status: subscribers.status, count: sql<number>`count(*)` })
      .from(subscribers)
      .groupBy(subscribers.status)
      .all()
      .map(({ status, count }) => [status, count]),
  );
