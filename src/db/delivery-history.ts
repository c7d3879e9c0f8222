/** What the ledger knows of one mail, and which mails it holds. */
import type { BounceVerdict } from '../domain/bounce-message.ts';
import type { DeliveryKind, DeliveryState } from '../domain/delivery.ts';
import { type Db, statement } from './open.ts';

export type Deferral = { readonly at: Date; readonly reason: string; readonly retryAt: Date };

/** Keeps what came of an attempt that is to be followed by another. */
export const insertDeferral = (db: Db, deliveryId: number, deferral: Deferral): void => {
  statement(
    db,
    `insert into delivery_attempts (delivery_id, attempt, at, reason, retry_at)
     select id, attempts, @at, @reason, @retryAt from deliveries where id = @deliveryId
     on conflict do nothing`,
  ).run({
    deliveryId,
    at: deferral.at.getTime(),
    reason: deferral.reason,
    retryAt: deferral.retryAt.getTime(),
  });
};

/** Forgets the earlier attempts of mails that are long settled. */
export const deleteDeferralsBefore = (db: Db, before: Date): number =>
  statement(db, 'delete from delivery_attempts where at < ?').run(before.getTime()).changes;

/** A row of the outbox, in full. */
export type DeliveryRecord = {
  readonly id: number;
  readonly key: string;
  readonly kind: DeliveryKind;
  readonly state: DeliveryState;
  readonly email: string;
  readonly subscriberId: number;
  readonly attempts: number;
  readonly plannedAt: Date;
  readonly nextAttemptAt: Date;
  readonly leaseOwner: string | undefined;
  readonly leaseUntil: Date | undefined;
  readonly settledAt: Date | undefined;
  readonly reason: string | undefined;
  /** How many papers the digest holds; none for a notice. */
  readonly papers: number;
};

type Row = Omit<
  DeliveryRecord,
  'plannedAt' | 'nextAttemptAt' | 'leaseOwner' | 'leaseUntil' | 'settledAt' | 'reason'
> & {
  plannedAt: number;
  nextAttemptAt: number;
  leaseOwner: string | null;
  leaseUntil: number | null;
  settledAt: number | null;
  reason: string | null;
};

const select = `
  select deliveries.id, deliveries.key, kind, state, email, deliveries.subscriber_id as subscriberId,
    attempts, deliveries.planned_at as plannedAt, next_attempt_at as nextAttemptAt,
    lease_owner as leaseOwner, lease_until as leaseUntil, settled_at as settledAt, reason,
    coalesce((select json_array_length(digests.papers) from digests
      where digests.id = deliveries.digest_id), 0) as papers
  from deliveries join subscribers on subscribers.id = deliveries.subscriber_id`;

const optionalDate = (at: number | null): Date | undefined =>
  at === null ? undefined : new Date(at);

const toRecord = (row: Row): DeliveryRecord => ({
  ...row,
  plannedAt: new Date(row.plannedAt),
  nextAttemptAt: new Date(row.nextAttemptAt),
  leaseOwner: row.leaseOwner ?? undefined,
  leaseUntil: optionalDate(row.leaseUntil),
  settledAt: optionalDate(row.settledAt),
  reason: row.reason ?? undefined,
});

/** The newest mails first; only those in one state where one is given. */
export const listDeliveries = (
  db: Db,
  state: DeliveryState | undefined,
  limit: number,
): readonly DeliveryRecord[] =>
  (
    statement(
      db,
      `${select} where @state is null or state = @state order by deliveries.id desc limit @limit`,
    ).all({ state: state ?? null, limit }) as Row[]
  ).map(toRecord);

/** The mail with this key, or with this number. */
export const findDelivery = (db: Db, keyOrId: string): DeliveryRecord | undefined => {
  const id = /^\d{1,15}$/.test(keyOrId) ? Number(keyOrId) : -1;
  const row = statement(db, `${select} where deliveries.key = ? or deliveries.id = ?`).get(
    keyOrId,
    id,
  ) as Row | undefined;
  return row && toRecord(row);
};

/** A reader's mails, the newest first. */
export const listDeliveriesTo = (
  db: Db,
  subscriberId: number,
  limit: number,
): readonly DeliveryRecord[] =>
  (
    statement(
      db,
      `${select} where deliveries.subscriber_id = ? order by deliveries.planned_at desc, deliveries.id desc limit ?`,
    ).all(subscriberId, limit) as Row[]
  ).map(toRecord);

/** The earlier attempts of a mail, the oldest first. */
export const listDeferrals = (
  db: Db,
  deliveryId: number,
): readonly (Deferral & { readonly attempt: number })[] =>
  (
    statement(
      db,
      `select attempt, at, reason, retry_at as retryAt from delivery_attempts
       where delivery_id = ? order by attempt`,
    ).all(deliveryId) as { attempt: number; at: number; reason: string; retryAt: number }[]
  ).map(({ attempt, at, reason, retryAt }) => ({
    attempt,
    at: new Date(at),
    reason,
    retryAt: new Date(retryAt),
  }));

export type BounceRecord = {
  readonly at: Date;
  readonly verdict: BounceVerdict;
  readonly status: string;
  readonly reason: string;
};

/** What came back from a reader since an instant, the oldest first. */
export const listBouncesSince = (
  db: Db,
  subscriberId: number,
  since: Date,
): readonly BounceRecord[] =>
  (
    statement(
      db,
      'select at, verdict, status, reason from bounces where subscriber_id = ? and at >= ? order by at',
    ).all(subscriberId, since.getTime()) as (Omit<BounceRecord, 'at'> & { at: number })[]
  ).map((row) => ({ ...row, at: new Date(row.at) }));
