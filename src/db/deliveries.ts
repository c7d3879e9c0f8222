/** The ledger of mails. States and their meaning: `domain/delivery.ts`. */
import type { DeliveryKind, Settlement } from '../domain/delivery.ts';
import { insertDeferral } from './delivery-history.ts';
import { type Db, statement } from './open.ts';

export type NewDelivery = {
  /** Unique: planning the same key again changes nothing. */
  readonly key: string;
  readonly kind: DeliveryKind;
  readonly subscriberId: number;
  readonly digestId?: number;
  readonly at: Date;
  /** Not to be sent before; at once where it is left out. */
  readonly notBefore?: Date;
  /** What a notice is about, as JSON, where the reader's row does not tell. */
  readonly note?: string;
};

export type ClaimedDelivery = {
  readonly id: number;
  readonly key: string;
  readonly kind: DeliveryKind;
  readonly subscriberId: number;
  readonly digestId: number | undefined;
  readonly attempts: number;
  readonly plannedAt: Date;
  readonly note: string | undefined;
};

/** Puts a mail into the outbox; false when its key is there already. */
export const insertDelivery = (db: Db, delivery: NewDelivery): boolean =>
  statement(
    db,
    `insert into deliveries
       (key, kind, subscriber_id, digest_id, state, planned_at, next_attempt_at, note)
     values (@key, @kind, @subscriberId, @digestId, 'planned', @at, @notBefore, @note)
     on conflict do nothing`,
  ).run({
    key: delivery.key,
    kind: delivery.kind,
    subscriberId: delivery.subscriberId,
    digestId: delivery.digestId ?? null,
    at: delivery.at.getTime(),
    notBefore: (delivery.notBefore ?? delivery.at).getTime(),
    note: delivery.note ?? null,
  }).changes > 0;

export type Lease = { readonly owner: string; readonly now: Date; readonly until: Date };

type Row = Omit<ClaimedDelivery, 'plannedAt' | 'digestId' | 'note'> & {
  plannedAt: number;
  digestId: number | null;
  note: string | null;
};

/**
 * Under way, as the index of leases says it: asked for one state alone, SQLite does not see that it is
 * among these two, and reads the whole ledger.
 */
export const leased = `state in ('claimed', 'data-sent')`;

// The first of the notices or of the digests whose time has come; the index is in that order, so that
// nobody sorts all that wait for each claim.
const turn = (digests: 0 | 1): string =>
  `select * from (select id, ${digests} as digest, next_attempt_at
     from deliveries indexed by deliveries_by_turn
     where state in ('planned', 'deferred') and (kind = 'digest') = ${digests}
       and next_attempt_at <= @now
     order by next_attempt_at, id limit @limit)`;

/**
 * Claims up to `limit` mails whose time has come. One UPDATE both chooses and marks, so of two
 * senders that ask at once each row goes to one. A claim whose lease ran out is claimed anew:
 * nothing had been sent. Notices (someone waits for them) go before digests.
 */
export const claimDeliveries = (db: Db, lease: Lease, limit: number): readonly ClaimedDelivery[] =>
  (
    statement(
      db,
      `update deliveries set state = 'claimed', attempts = attempts + 1,
         lease_owner = @owner, lease_until = @until
       where id in (
         select id from (
           ${turn(0)} union all ${turn(1)} union all
           select id, kind = 'digest', next_attempt_at from deliveries
            where ${leased} and state = 'claimed' and lease_until <= @now)
         order by digest, next_attempt_at, id limit @limit)
       returning id, key, kind, subscriber_id as subscriberId, digest_id as digestId, attempts,
         planned_at as plannedAt, note`,
    ).all({
      owner: lease.owner,
      until: lease.until.getTime(),
      now: lease.now.getTime(),
      limit,
    }) as Row[]
  ).map((row) => ({
    id: row.id,
    key: row.key,
    kind: row.kind,
    subscriberId: row.subscriberId,
    digestId: row.digestId ?? undefined,
    attempts: row.attempts,
    plannedAt: new Date(row.plannedAt),
    note: row.note ?? undefined,
  }));

/**
 * Committed before the final dot. False when the lease was lost meanwhile: then the dot must not
 * be sent, since another sender may have claimed the mail. The lease holds until `until` from now on:
 * the answer to the dot may take its time.
 */
export const markDataSent = (db: Db, id: number, owner: string, until: Date): boolean =>
  statement(
    db,
    `update deliveries set state = 'data-sent', lease_until = ?
     where id = ? and state = 'claimed' and lease_owner = ?`,
  ).run(until.getTime(), id, owner).changes > 0;

/** Writes how an attempt ended; false when the lease was lost meanwhile and nothing was written. */
export const settleDelivery = (
  db: Db,
  id: number,
  owner: string,
  settlement: Settlement,
  at: Date,
): boolean => {
  const reason = settlement.reason.slice(0, 500);
  const retryAt = settlement.state === 'deferred' ? settlement.retryAt : undefined;
  const { changes } = statement(
    db,
    `update deliveries set state = @state, reason = @reason, settled_at = @at,
       next_attempt_at = coalesce(@retryAt, next_attempt_at), lease_owner = null, lease_until = null
     where id = @id and lease_owner = @owner and state in ('claimed', 'data-sent')`,
  ).run({
    id,
    owner,
    state: settlement.state,
    reason,
    at: at.getTime(),
    retryAt: retryAt?.getTime() ?? null,
  });
  // The next attempt will overwrite what the outbox says of this one.
  if (changes > 0 && retryAt) insertDeferral(db, id, { at, reason, retryAt });
  return changes > 0;
};

/** Gives a claimed mail back untouched, as if it had not been claimed; false when it was not. */
export const releaseDelivery = (db: Db, id: number, owner: string): boolean =>
  statement(
    db,
    `update deliveries set state = 'planned', attempts = attempts - 1, lease_owner = null,
       lease_until = null where id = ? and lease_owner = ? and state = 'claimed'`,
  ).run(id, owner).changes > 0;

export type Postponement = {
  readonly until: Date;
  /** Why it may not go before. */
  readonly why: string;
};

/**
 * Gives a claimed mail back as if it had not been claimed, to be claimed again from then on. What a server
 * has said of it before says more than why it waits.
 */
export const postponeDelivery = (
  db: Db,
  id: number,
  owner: string,
  { until, why }: Postponement,
): boolean =>
  statement(
    db,
    `update deliveries set state = iif(attempts > 1, 'deferred', 'planned'),
       reason = iif(attempts > 1, reason, ?),
       attempts = attempts - 1, next_attempt_at = ?, lease_owner = null, lease_until = null
     where id = ? and lease_owner = ? and state = 'claimed'`,
  ).run(why, until.getTime(), id, owner).changes > 0;

/** Mails whose sender is gone after the data went out: nobody can know, so nobody sends again. */
export const settleDoubtful = (db: Db, now: Date): number =>
  statement(
    db,
    `update deliveries set state = 'unknown', settled_at = @now, lease_owner = null,
       lease_until = null, reason = 'the sender stopped before the server answered'
     where ${leased} and state = 'data-sent' and lease_until <= @now`,
  ).run({ now: now.getTime() }).changes;

/** Ends the leases of senders that are known to be gone, so that nobody waits for them. */
export const endLeases = (db: Db, isGone: (owner: string) => boolean, now: Date): void => {
  const owners = statement(db, `select distinct lease_owner from deliveries where ${leased}`)
    .pluck()
    .all() as string[];
  for (const owner of owners.filter(isGone))
    statement(db, `update deliveries set lease_until = ? where ${leased} and lease_owner = ?`).run(
      now.getTime(),
      owner,
    );
};

/** The digests of some readers that wait, by reader, of those planned since a moment (milliseconds). */
export const listWaitingDigests = (
  db: Db,
  subscriberIds: readonly number[],
  since: number,
): ReadonlyMap<number, number> =>
  new Map(
    statement(
      db,
      `select subscriber_id, deliveries.id from json_each(?) as reader
       cross join deliveries on subscriber_id = reader.value and planned_at >= ?
       where state in ('planned', 'deferred') and kind = 'digest' order by deliveries.id`,
    )
      .raw()
      .all(JSON.stringify(subscriberIds), since) as [number, number][],
  );

/** Gives up a digest that waits, since a newer one takes its place; not one that is under way. */
export const supersedeDigest = (db: Db, id: number, at: Date): void => {
  statement(
    db,
    `update deliveries set state = 'failed', settled_at = ?,
       reason = 'superseded: the next digest holds what it would have brought'
     where id = ? and state in ('planned', 'deferred')`,
  ).run(at.getTime(), id);
};

/** Whether a notice of a kind to a reader still waits for its first attempt. */
export const isNoticeWaiting = (db: Db, subscriberId: number, kind: DeliveryKind): boolean =>
  statement(
    db,
    `select 1 from deliveries where subscriber_id = ? and kind = ? and state = 'planned'`,
  ).get(subscriberId, kind) !== undefined;

/**
 * Whether a reader was sent, or is about to be sent, a mail since an instant whose link makes them
 * active: a request to confirm, or a goodbye with its way back.
 */
export const wasAskedToConfirm = (db: Db, subscriberId: number, since: Date): boolean =>
  statement(
    db,
    `select 1 from deliveries
     where subscriber_id = ? and kind in ('confirmation', 'goodbye') and planned_at >= ?`,
  ).get(subscriberId, since.getTime()) !== undefined;
