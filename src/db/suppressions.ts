/** Addresses never mailed again. Only a hash of the address decides, so it may outlive erasure. */
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { emailKey } from '../domain/subscription.ts';
import { type Db, statement } from './open.ts';
import { suppressions } from './schema.ts';

const hashOf = (email: string): string =>
  createHash('sha256').update(emailKey(email)).digest('hex');

export type SuppressionReason = 'hard' | 'soft' | 'complaint';

/** Suppresses an address; the first reason stays. */
export const suppress = (
  db: Db,
  email: string,
  reason: SuppressionReason,
  detail: string,
  at: Date,
): void => {
  db.insert(suppressions)
    .values({ emailHash: hashOf(email), email, reason, detail, since: at.getTime() })
    .onConflictDoNothing()
    .run();
};

export const isSuppressed = (db: Db, email: string): boolean =>
  statement(db, 'select 1 from suppressions where email_hash = ?').get(hashOf(email)) !== undefined;

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
