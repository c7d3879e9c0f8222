/** What the ledger holds under the lease of a bundle: mails that were handed to another process. */
import { type ClaimedDelivery, leased } from './deliveries.ts';
import { type Db, statement } from './open.ts';

/** Bundles hold leases under names that begin so, other than processes. */
export const bundlePrefix = 'bundle-';

/** The bundles under whose lease mails stand, with how many. */
export const listBundles = (db: Db): ReadonlyMap<string, number> =>
  new Map(
    (
      statement(
        db,
        `select lease_owner as id, count(*) as mails from deliveries
         where ${leased} and lease_owner glob '${bundlePrefix}*'
         group by lease_owner`,
      ).all() as { id: string; mails: number }[]
    ).map(({ id, mails }) => [id, mails]),
  );

type Row = Omit<ClaimedDelivery, 'plannedAt' | 'digestId'> & {
  plannedAt: number;
  digestId: number | null;
};

/** Mails of a bundle that nothing has been sent of yet, their lease prolonged. */
export const renewBundle = (db: Db, bundle: string, until: Date): readonly ClaimedDelivery[] =>
  (
    statement(
      db,
      `update deliveries set lease_until = @until
       where ${leased} and state = 'claimed' and lease_owner = @bundle
       returning id, key, kind, subscriber_id as subscriberId, digest_id as digestId, attempts,
         planned_at as plannedAt`,
    ).all({ bundle, until: until.getTime() }) as Row[]
  ).map((row) => ({
    ...row,
    plannedAt: new Date(row.plannedAt),
    digestId: row.digestId ?? undefined,
  }));

/** A mail under the lease of a bundle. */
export const findInBundle = (db: Db, bundle: string, id: number): ClaimedDelivery | undefined => {
  const row = statement(
    db,
    `select id, key, kind, subscriber_id as subscriberId, digest_id as digestId, attempts,
       planned_at as plannedAt from deliveries
     where id = ? and lease_owner = ? and state in ('claimed', 'data-sent')`,
  ).get(id, bundle) as Row | undefined;
  return row && { ...row, plannedAt: new Date(row.plannedAt), digestId: row.digestId ?? undefined };
};

/**
 * Ends a bundle that nobody works on any more: what was not begun is to be sent again, and what was
 * in doubt will be told as such.
 */
export const endBundle = (db: Db, bundle: string, now: Date): void => {
  statement(
    db,
    `update deliveries set state = 'planned', attempts = attempts - 1, lease_owner = null,
       lease_until = null where ${leased} and state = 'claimed' and lease_owner = ?`,
  ).run(bundle);
  statement(
    db,
    `update deliveries set lease_until = ? where ${leased} and state = 'data-sent' and lease_owner = ?`,
  ).run(now.getTime(), bundle);
};
