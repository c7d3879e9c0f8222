/** Answers kept with their validators, so that an unchanged one is not sent again. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Db, statement } from './open.ts';

export type KeptAnswer = {
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  readonly body: string;
};

export const findAnswer = (db: Db, url: string, now: Date): KeptAnswer | undefined => {
  const row = statement(
    db,
    'update http_answers set used_at = ? where url = ? returning etag, last_modified, body',
  ).get(now.getTime(), url) as
    | { etag: string | null; last_modified: string | null; body: Buffer }
    | undefined;
  return (
    row && {
      etag: row.etag ?? undefined,
      lastModified: row.last_modified ?? undefined,
      body: inflateRawSync(row.body).toString(),
    }
  );
};

export const keepAnswer = (db: Db, url: string, answer: KeptAnswer, now: Date): void => {
  statement(
    db,
    `insert into http_answers values (?, ?, ?, ?, ?) on conflict do update set etag = excluded.etag,
       last_modified = excluded.last_modified, body = excluded.body, used_at = excluded.used_at`,
  ).run(
    ...[url, answer.etag ?? null, answer.lastModified ?? null],
    deflateRawSync(answer.body),
    now.getTime(),
  );
};

export const forgetAnswer = (db: Db, url: string): void => {
  statement(db, 'delete from http_answers where url = ?').run(url);
};

/** Drops answers nobody has asked about since an instant. */
export const dropAnswers = (db: Db, before: Date): void => {
  statement(db, 'delete from http_answers where used_at < ?').run(before.getTime());
};
