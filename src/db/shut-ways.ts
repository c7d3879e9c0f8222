/** Ways for mail that are shut for a while: `domain/breaker.ts` says when and for how long. */
import { type Db, statement } from './open.ts';

export type ShutWay = {
  /** `server`, or a domain. */
  readonly way: string;
  readonly times: number;
  readonly until: Date;
  readonly reason: string;
  readonly since: Date;
};

export const listShutWays = (db: Db): readonly ShutWay[] =>
  (
    statement(db, 'select way, times, until, reason, since from shut_ways order by way').all() as {
      way: string;
      times: number;
      until: number;
      reason: string;
      since: number;
    }[]
  ).map((row) => ({ ...row, until: new Date(row.until), since: new Date(row.since) }));

/** Shuts a way, or keeps it shut for longer; since when it has been shut stays. */
export const shutWay = (db: Db, { way, times, until, reason, since }: ShutWay): void => {
  statement(
    db,
    `insert into shut_ways (way, times, until, reason, since)
     values (@way, @times, @until, @reason, @since)
     on conflict (way) do update set times = @times, until = @until, reason = @reason`,
  ).run({
    ...{ way, times, reason: reason.slice(0, 500) },
    until: until.getTime(),
    since: since.getTime(),
  });
};

export const openWayAgain = (db: Db, way: string): void => {
  statement(db, 'delete from shut_ways where way = ?').run(way);
};
