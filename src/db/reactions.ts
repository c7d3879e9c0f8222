/** What readers wanted more of, and what less. */
import type { Reaction, ReactionKind } from '../domain/liking.ts';
import { gather } from './gather.ts';
import { type Db, statement } from './open.ts';

/** Records a reaction; the last word on a paper stands. */
export const writeReaction = (
  db: Db,
  subscriberId: number,
  { paper, kind }: Reaction,
  at: Date,
): void => {
  statement(
    db,
    `insert into reactions (subscriber_id, paper_id, kind, at) values (?, ?, ?, ?)
     on conflict do update set kind = excluded.kind, at = excluded.at`,
  ).run(subscriberId, paper, kind, at.getTime());
};

export const dropReaction = (db: Db, subscriberId: number, paper: number): void => {
  statement(db, 'delete from reactions where subscriber_id = ? and paper_id = ?').run(
    subscriberId,
    paper,
  );
};

export const findReaction = (
  db: Db,
  subscriberId: number,
  paper: number,
): ReactionKind | undefined =>
  statement(db, 'select kind from reactions where subscriber_id = ? and paper_id = ?')
    .pluck()
    .get(subscriberId, paper) as ReactionKind | undefined;

export type DatedReaction = Reaction & { readonly at: Date };

/** A reader's reactions, the newest first. */
export const listReactions = (db: Db, subscriberId: number): readonly DatedReaction[] =>
  (
    statement(
      db,
      `select paper_id as paper, kind, at from reactions where subscriber_id = ?
       order by at desc, paper_id desc`,
    ).all(subscriberId) as (Reaction & { at: number })[]
  ).map((row) => ({ ...row, at: new Date(row.at) }));

/** Those of some readers who reacted to anything, the newest first. */
export const listReactionsOf = (
  db: Db,
  ids: readonly number[],
): ReadonlyMap<number, readonly Reaction[]> =>
  gather(
    (
      statement(
        db,
        `select subscriber_id, paper_id, kind from json_each(?) as reader
         cross join reactions on subscriber_id = reader.value
         order by subscriber_id, at desc, paper_id desc`,
      )
        .raw()
        .all(JSON.stringify(ids)) as [number, number, ReactionKind][]
    ).map(([reader, paper, kind]) => [reader, { paper, kind }]),
  );
