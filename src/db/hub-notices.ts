import { type Db, statement } from './open.ts';

/** What a WebSub hub was told of a topic. */
export type HubNotice = {
  /** The last edition it was told of; 0 before the first. */
  readonly editionId: number;
  /** Failures in a row since then. */
  readonly attempts: number;
  readonly retryAt: Date;
};

export const findHubNotice = (db: Db, topicId: number): HubNotice | undefined => {
  const row = statement(
    db,
    `select edition_id as editionId, attempts, retry_at as retryAt from hub_notices
     where topic_id = ?`,
  ).get(topicId) as { editionId: number; attempts: number; retryAt: number } | undefined;
  return row && { ...row, retryAt: new Date(row.retryAt) };
};

export const saveHubNotice = (db: Db, topicId: number, notice: HubNotice): void => {
  statement(
    db,
    `insert into hub_notices (topic_id, edition_id, attempts, retry_at) values (?, ?, ?, ?)
     on conflict (topic_id) do update set edition_id = excluded.edition_id,
       attempts = excluded.attempts, retry_at = excluded.retry_at`,
  ).run(topicId, notice.editionId, notice.attempts, notice.retryAt.getTime());
};
