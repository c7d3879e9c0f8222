import type { Day } from '../domain/paper.ts';
import { gather } from './gather.ts';
import { type Db, statement } from './open.ts';
import { noteDigestDays } from './reader-groups.ts';

export type Digest = {
  readonly id: number;
  /** 16 random bytes, from which the address of the mail's web version is made. */
  readonly key: Buffer;
  readonly subscriberId: number;
  readonly editionId: number;
  /** The reader's calendar day. */
  readonly day: Day;
  readonly plannedAt: Date;
  /** In the order of the mail; `like`: the paper whose likeness moved this one up. */
  readonly papers: readonly {
    readonly paper: number;
    readonly topicId: number;
    readonly like?: number;
  }[];
};

export type NewDigest = Omit<Digest, 'id'>;

/** Readers' digests of the days from one on: each one's day, and the moment (milliseconds) it was for. */
export const listDigestsSince = (
  db: Db,
  subscriberIds: readonly number[],
  from: Day,
): ReadonlyMap<number, readonly { readonly day: Day; readonly asOf: number }[]> => {
  const rows = statement(
    db,
    `select subscriber_id, day, as_of from json_each(?) as reader
     cross join digests on subscriber_id = reader.value and day >= ?
     join editions on editions.id = edition_id`,
  )
    .raw()
    .all(JSON.stringify(subscriberIds), from) as [number, Day, number][];
  return gather(rows.map(([reader, day, asOf]) => [reader, { day, asOf }]));
};

/** Records a digest; `undefined` when the reader already has one for that day. */
export const insertDigest = (db: Db, digest: NewDigest): number | undefined => {
  const { papers } = digest;
  const likes = papers.some(({ like }) => like !== undefined);
  const { changes, lastInsertRowid } = statement(
    db,
    `insert into digests
       (key, subscriber_id, edition_id, day, planned_at, papers, topics, likes)
     values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
  ).run(
    digest.key,
    digest.subscriberId,
    digest.editionId,
    digest.day,
    digest.plannedAt.getTime(),
    JSON.stringify(papers.map(({ paper }) => paper)),
    JSON.stringify(papers.map(({ topicId }) => topicId)),
    likes ? JSON.stringify(papers.map(({ like }) => like ?? null)) : null,
  );
  if (changes === 0) return undefined;
  noteDigestDays(db, [{ id: digest.subscriberId, day: digest.day }]);
  return Number(lastInsertRowid);
};

type Row = Omit<Digest, 'papers' | 'plannedAt'> & {
  plannedAt: number;
  papers: string;
  topics: string;
  likes: string | null;
};

// Written out: a row copied with `...` is put where only a large collection of memory finds it, and
// there is one for each mail.
const toDigest = (row: Row): Digest => ({
  id: row.id,
  key: row.key,
  subscriberId: row.subscriberId,
  editionId: row.editionId,
  day: row.day,
  plannedAt: new Date(row.plannedAt),
  papers: unpack(row.papers, row.topics, row.likes),
});

const unpack = (papers: string, topics: string, likes: string | null): Digest['papers'] => {
  const broughtBy = JSON.parse(topics) as number[];
  const liked = likes === null ? [] : (JSON.parse(likes) as (number | null)[]);
  return (JSON.parse(papers) as number[]).map((paper, place) => {
    const like = liked[place];
    const topicId = broughtBy[place] ?? 0;
    return typeof like === 'number' ? { paper, topicId, like } : { paper, topicId };
  });
};

export const findDigestByKey = (db: Db, key: Buffer): Digest | undefined => {
  const id = statement(db, 'select id from digests where key = ?').pluck().get(key) as
    | number
    | undefined;
  return id === undefined ? undefined : listDigests(db, [id]).get(id);
};

/** Digests by number, for a batch of mails. */
export const listDigests = (db: Db, ids: readonly number[]): ReadonlyMap<number, Digest> => {
  const rows = statement(
    db,
    `select id, key, subscriber_id as subscriberId, edition_id as editionId, day,
       planned_at as plannedAt, papers, topics, likes
     from digests where id in (select value from json_each(?))`,
  ).all(JSON.stringify(ids)) as Row[];
  return new Map(rows.map((row) => [row.id, toDigest(row)]));
};

/** Which of some digests are the first of their reader. */
export const listFirstDigests = (db: Db, ids: readonly number[]): ReadonlySet<number> =>
  new Set(
    statement(
      db,
      `select id from digests as one where id in (select value from json_each(?)) and not exists (
         select 1 from digests as other
         where other.subscriber_id = one.subscriber_id and other.id < one.id)`,
    )
      .pluck()
      .all(JSON.stringify(ids)) as number[],
  );

/** Every paper a reader was sent or is about to be. */
export const listSeen = (db: Db, subscriberId: number): ReadonlySet<number> =>
  listSeenSince(db, [[subscriberId, '']]).get(subscriberId) ?? new Set();

/**
 * Every paper that readers were sent, or are about to be, by digests of a day or later: a day for
 * each reader. What failed, or may have been lost, was not seen: the next digest heals it. Readers
 * who were sent nothing are left out.
 */
export const listSeenSince = (
  db: Db,
  asked: readonly (readonly [subscriberId: number, from: Day])[],
): ReadonlyMap<number, ReadonlySet<number>> => {
  const rows = statement(
    db,
    `select subscriber_id, papers from json_each(?) as asked
     cross join digests on subscriber_id = asked.value ->> 0 and day >= asked.value ->> 1
     where not exists (select 1 from deliveries
       where digest_id = digests.id and state in ('failed', 'unknown'))`,
  )
    .raw()
    .all(JSON.stringify(asked)) as [number, string][];
  const seen = new Map<number, Set<number>>();
  for (const [reader, papers] of rows) {
    const known = seen.get(reader) ?? new Set();
    seen.set(reader, known);
    for (const paper of JSON.parse(papers) as number[]) known.add(paper);
  }
  return seen;
};

/** A reader's last digests, newest first. */
export const listLastDigests = (db: Db, subscriberId: number, limit: number): readonly Digest[] => {
  const ids = statement(
    db,
    'select id from digests where subscriber_id = ? order by planned_at desc, id desc limit ?',
  )
    .pluck()
    .all(subscriberId, limit) as number[];
  const digests = listDigests(db, ids);
  return ids.flatMap((id) => digests.get(id) ?? []);
};

/** A weekly digest's paper comes again a week later. */
const doubtedMs = 8 * 86_400_000;

/**
 * For some digests, the papers that led earlier ones of the same reader whose mails failed or may
 * have been lost: those papers come again, and the mail may have been read.
 */
export const listSpokenOf = (
  db: Db,
  ids: readonly number[],
): ReadonlyMap<number, ReadonlySet<number>> => {
  const rows = statement(
    db,
    `select one.id, json_extract(other.papers, '$[0]') from digests as one
     join deliveries on deliveries.subscriber_id = one.subscriber_id
       and deliveries.planned_at > one.planned_at - ${doubtedMs}
       and state in ('failed', 'unknown')
     join digests as other on other.id = deliveries.digest_id and other.id < one.id
     where one.id in (select value from json_each(?))`,
  )
    .raw()
    .all(JSON.stringify(ids)) as [number, number | null][];
  const spokenOf = new Map<number, Set<number>>();
  for (const [id, paper] of rows)
    if (paper !== null) spokenOf.set(id, (spokenOf.get(id) ?? new Set()).add(paper));
  return spokenOf;
};

/** The first digest has been planned. */
export const noteFirstDigest = (db: Db, subscriberId: number): void => {
  statement(db, 'update subscribers set awaits_first = 0 where id = ?').run(subscriberId);
};
