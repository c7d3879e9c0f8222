import type { Day } from '../domain/paper.ts';
import { type Db, statement } from './open.ts';

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

/** Whether the reader already has a digest (be it an empty one) for a day. */
export const hasDigest = (db: Db, subscriberId: number, day: Day): boolean =>
  statement(db, 'select 1 from digests where subscriber_id = ? and day = ?').get(
    subscriberId,
    day,
  ) !== undefined;

/** The moments of a reader's digests in a span (milliseconds, ends included), whatever their day. */
export const listDigestMoments = (
  db: Db,
  subscriberId: number,
  from: number,
  to: number,
): readonly Date[] =>
  (
    statement(
      db,
      `select as_of from digests join editions on editions.id = edition_id
       where subscriber_id = ? and as_of between ? and ?`,
    )
      .pluck()
      .all(subscriberId, from, to) as number[]
  ).map((at) => new Date(at));

/** Records a digest; `undefined` when the reader already has one for that day. */
export const insertDigest = (db: Db, digest: NewDigest): number | undefined => {
  const { changes, lastInsertRowid } = statement(
    db,
    `insert into digests (key, subscriber_id, edition_id, day, planned_at) values (?, ?, ?, ?, ?)
     on conflict do nothing`,
  ).run(digest.key, digest.subscriberId, digest.editionId, digest.day, digest.plannedAt.getTime());
  if (changes === 0) return undefined;
  const id = Number(lastInsertRowid);
  const paper = statement(
    db,
    `insert into digest_papers (digest_id, position, paper_id, topic_id, like_paper_id)
     values (?, ?, ?, ?, ?)`,
  );
  for (const [position, { paper: number, topicId, like }] of digest.papers.entries())
    paper.run(id, position, number, topicId, like ?? null);
  return id;
};

type Row = Omit<Digest, 'papers' | 'plannedAt'> & { plannedAt: number };

const selectDigest = `select id, key, subscriber_id as subscriberId, edition_id as editionId, day,
  planned_at as plannedAt from digests`;

const toDigest = (row: Row, papers: Digest['papers']): Digest => ({
  ...row,
  plannedAt: new Date(row.plannedAt),
  papers,
});

export const findDigestByKey = (db: Db, key: Buffer): Digest | undefined => {
  const id = statement(db, 'select id from digests where key = ?').pluck().get(key) as
    | number
    | undefined;
  return id === undefined ? undefined : listDigests(db, [id]).get(id);
};

/** Digests by number, for a batch of mails. */
export const listDigests = (db: Db, ids: readonly number[]): ReadonlyMap<number, Digest> => {
  const among = JSON.stringify(ids);
  const papers = new Map<number, { paper: number; topicId: number }[]>(ids.map((id) => [id, []]));
  const refs = statement(
    db,
    `select digest_id, paper_id, topic_id, like_paper_id from digest_papers
     where digest_id in (select value from json_each(?)) order by digest_id, position`,
  )
    .raw()
    .all(among) as [number, number, number, number | null][];
  for (const [digest, paper, topicId, like] of refs)
    papers.get(digest)?.push({ paper, topicId, ...(like !== null && { like }) });
  const rows = statement(db, `${selectDigest} where id in (select value from json_each(?))`).all(
    among,
  ) as Row[];
  return new Map(rows.map((row) => [row.id, toDigest(row, papers.get(row.id) ?? [])]));
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

/**
 * Every paper a reader was sent or is about to be. What failed, or may have been lost, was not
 * seen: the next digest heals it.
 */
export const listSeen = (db: Db, subscriberId: number): ReadonlySet<number> =>
  new Set(
    statement(
      db,
      `select paper_id from digests
       join deliveries on deliveries.digest_id = digests.id
       join digest_papers on digest_papers.digest_id = digests.id
       where digests.subscriber_id = ? and state not in ('failed', 'unknown')`,
    )
      .pluck()
      .all(subscriberId) as number[],
  );

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

/** The first digest has been planned. */
export const noteFirstDigest = (db: Db, subscriberId: number): void => {
  statement(db, 'update subscribers set awaits_first = 0 where id = ?').run(subscriberId);
};
