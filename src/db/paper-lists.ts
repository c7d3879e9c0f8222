/** Papers in an order that is not the ranking's. */
import type { Day } from '../domain/paper.ts';
import { type Db, statement } from './open.ts';

/** Of some papers, by number, those known last, newest first. */
export const listNewestOf = (db: Db, among: readonly number[], limit: number): readonly number[] =>
  statement(
    db,
    `select id from papers where hidden = 0 and id in (select value from json_each(?))
     order by visible_from desc, id desc limit ?`,
  )
    .pluck()
    .all(JSON.stringify(among), limit) as number[];

/** The numbers of the papers featured on a day. */
export const listFeaturedOn = (db: Db, day: Day): readonly number[] =>
  statement(db, 'select id from papers where hidden = 0 and featured_on = ? order by id')
    .pluck()
    .all(day) as number[];

/** The numbers of featured papers, those featured last first. */
export const listFeatured = (db: Db, limit: number): readonly number[] =>
  statement(
    db,
    `select id from papers where hidden = 0 and featured_on is not null
     order by featured_on desc, id desc limit ?`,
  )
    .pluck()
    .all(limit) as number[];
