/** Addresses never mailed again. Only a hash of the address decides, so it may outlive erasure. */
import { eq } from 'drizzle-orm';
import { emailKey, emailKeys } from '../domain/subscription.ts';
import { sha256Hex } from '../lib/sha256.ts';
import { type Db, statement } from './open.ts';
import { suppressions } from './schema-readers.ts';

const hashOf = (email: string): string => sha256Hex(emailKey(email));

export const suppressionReasons = ['hard', 'soft', 'complaint', 'manual'] as const;
/** `manual`: by the operator's hand or list. */
export type SuppressionReason = (typeof suppressionReasons)[number];

/** Suppresses an address; the first reason stays. False when it was suppressed already. */
export const suppress = (
  db: Db,
  email: string,
  reason: SuppressionReason,
  detail: string,
  at: Date,
): boolean =>
  db
    .insert(suppressions)
    .values({ emailHash: hashOf(email), email, reason, detail, since: at.getTime() })
    .onConflictDoNothing()
    .run().changes > 0;

export const isSuppressed = (db: Db, email: string): boolean =>
  listSuppressed(db, [email]).size > 0;

/** Which of some addresses are suppressed. */
export const listSuppressed = (db: Db, emails: readonly string[]): ReadonlySet<string> => {
  const byHash = new Map(
    emails.flatMap((email) => emailKeys(email).map((key) => [sha256Hex(key), email] as const)),
  );
  const found = statement(
    db,
    'select email_hash from suppressions where email_hash in (select value from json_each(?))',
  )
    .pluck()
    .all(JSON.stringify([...byHash.keys()])) as string[];
  return new Set(found.flatMap((hash) => byHash.get(hash) ?? []));
};

/**
 * Forgets the address itself, and the server's answer, which often quotes it; that it must not be
 * mailed stays known.
 */
export const forgetSuppressedAddress = (db: Db, email: string): void => {
  db.update(suppressions)
    .set({ email: null, detail: '' })
    .where(eq(suppressions.emailHash, hashOf(email)))
    .run();
};

export type Suppression = {
  /** Unknown once its reader asked to be erased. */
  readonly email: string | undefined;
  /** By which it is found again: SHA-256 of the address as it is compared, in hex. */
  readonly emailHash: string;
  readonly reason: string;
  readonly detail: string;
  readonly since: Date;
};

/** All suppressions, the oldest first. */
export function* iterateSuppressions(db: Db): Generator<Suppression> {
  const rows = db.$client
    .prepare(
      `select email, email_hash as emailHash, reason, detail, since from suppressions
        order by since, email_hash`,
    )
    .iterate() as IterableIterator<
    Omit<Suppression, 'email' | 'since'> & { email: string | null; since: number }
  >;
  for (const row of rows)
    yield { ...row, email: row.email ?? undefined, since: new Date(row.since) };
}

/** Suppresses an address of which only the hash is known, as an exported list may hold it. */
export const suppressHash = (
  db: Db,
  emailHash: string,
  reason: SuppressionReason,
  detail: string,
  at: Date,
): boolean =>
  db
    .insert(suppressions)
    .values({ emailHash, email: null, reason, detail, since: at.getTime() })
    .onConflictDoNothing()
    .run().changes > 0;

/** Lets an address be mailed again; false when it was not suppressed. */
export const unsuppress = (db: Db, email: string): boolean =>
  db
    .delete(suppressions)
    .where(eq(suppressions.emailHash, hashOf(email)))
    .run().changes > 0;

/** How many addresses are suppressed for each reason. */
export const countSuppressions = (db: Db): { readonly [reason in SuppressionReason]: number } => {
  const rows = statement(
    db,
    'select reason, count(*) as count from suppressions group by reason',
  ).all() as { reason: SuppressionReason; count: number }[];
  const none = { hard: 0, soft: 0, complaint: 0, manual: 0 };
  return { ...none, ...Object.fromEntries(rows.map(({ reason, count }) => [reason, count])) };
};
