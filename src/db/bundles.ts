/**
 * What the ledger holds for bundles: mails that were handed to other processes. They stand under the
 * bundle's name, and under `BUNDLE.TAKE` once somebody has taken the bundle up again: whoever had it
 * before then holds no more than what they had begun to end, and what they say of the rest changes
 * nothing.
 */
import { type ClaimedDelivery, leased } from './deliveries.ts';
import { type Db, statement } from './open.ts';

/** Bundles hold leases under names that begin so, other than processes. */
export const bundlePrefix = 'bundle-';

/** The bundle that a lease is of. */
export const bundleOf = (lease: string): string => lease.split('.')[0] ?? lease;

/** The bundles under whose leases mails stand, with how many. */
export const listBundles = (db: Db): Map<string, number> => {
  const rows = statement(
    db,
    `select lease_owner as lease, count(*) as mails from deliveries
     where ${leased} and lease_owner glob '${bundlePrefix}*'
     group by lease_owner`,
  ).all() as { lease: string; mails: number }[];
  const bundles = new Map<string, number>();
  for (const { lease, mails } of rows)
    bundles.set(bundleOf(lease), (bundles.get(bundleOf(lease)) ?? 0) + mails);
  return bundles;
};

const columns = `id, key, kind, subscriber_id as subscriberId, digest_id as digestId, attempts,
  planned_at as plannedAt, note`;

type Row = Omit<ClaimedDelivery, 'plannedAt' | 'digestId' | 'note'> & {
  plannedAt: number;
  digestId: number | null;
  note: string | null;
};

const toClaimed = (row: Row): ClaimedDelivery => ({
  ...row,
  plannedAt: new Date(row.plannedAt),
  digestId: row.digestId ?? undefined,
  note: row.note ?? undefined,
});

const ofBundle = `${leased} and (lease_owner = @bundle or lease_owner glob @bundle || '.*')`;

/** Mails of a bundle that nothing has been sent of yet, handed over to a new lease. */
export const takeUpBundle = (
  db: Db,
  bundle: string,
  { lease, until }: { readonly lease: string; readonly until: Date },
): readonly ClaimedDelivery[] =>
  (
    statement(
      db,
      `update deliveries set lease_owner = @lease, lease_until = @until
       where ${ofBundle} and state = 'claimed' returning ${columns}`,
    ).all({ bundle, lease, until: until.getTime() }) as Row[]
  ).map(toClaimed);

/** A mail under a lease. */
export const findLeased = (db: Db, lease: string, id: number): ClaimedDelivery | undefined => {
  const row = statement(
    db,
    `select ${columns} from deliveries
     where id = ? and lease_owner = ? and state in ('claimed', 'data-sent')`,
  ).get(id, lease) as Row | undefined;
  return row && toClaimed(row);
};

/**
 * Ends a bundle that nobody works on any more: what was not begun is to be sent again, and what was
 * in doubt will be told as such.
 */
export const endBundle = (db: Db, bundle: string, now: Date): void => {
  statement(
    db,
    `update deliveries set state = 'planned', attempts = attempts - 1, lease_owner = null,
       lease_until = null where ${ofBundle} and state = 'claimed'`,
  ).run({ bundle });
  statement(
    db,
    `update deliveries set lease_until = @now where ${ofBundle} and state = 'data-sent'`,
  ).run({ bundle, now: now.getTime() });
};
