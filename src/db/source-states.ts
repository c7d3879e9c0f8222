import { eq } from 'drizzle-orm';
import { type Db, statement } from './open.ts';
import { sourceStates } from './schema-sources.ts';

export type SourceState = {
  readonly source: string;
  readonly attemptedAt: Date;
  readonly succeededAt: Date | undefined;
  readonly error: string | undefined;
  /** Failures in a row. */
  readonly failures: number;
  /** The earliest time the service asks again of itself. */
  readonly nextAt: Date | undefined;
  /** Until when the source asked to be left alone. */
  readonly askedToWaitUntil: Date | undefined;
};

export type Attempt = {
  readonly error?: string | undefined;
  readonly nextAt?: Date | undefined;
  readonly askedToWaitUntil?: Date | undefined;
};

/** Notes an attempt; a failure keeps the time of the last success. */
export const noteAttempt = (db: Db, source: string, at: Date, attempt: Attempt): void => {
  const { error } = attempt;
  const before = findSourceState(db, source);
  const outcome = {
    attemptedAt: at.getTime(),
    ...(error === undefined && { succeededAt: at.getTime() }),
    error: error ?? null,
    failures: error === undefined ? 0 : (before?.failures ?? 0) + 1,
    nextAt: attempt.nextAt?.getTime() ?? null,
    askedToWaitUntil: attempt.askedToWaitUntil?.getTime() ?? null,
  };
  db.insert(sourceStates)
    .values({ source, ...outcome })
    .onConflictDoUpdate({ target: sourceStates.source, set: outcome })
    .run();
};

const instant = (ms: number | null): Date | undefined => (ms === null ? undefined : new Date(ms));

/** Sources that were read, or tried, at least once. */
export const listSourceStates = (db: Db): readonly SourceState[] =>
  db
    .select()
    .from(sourceStates)
    .orderBy(sourceStates.source)
    .all()
    // A source being read for the first time has a lease and nothing else to tell.
    .filter((row) => row.attemptedAt > 0)
    .map((row) => ({
      source: row.source,
      attemptedAt: new Date(row.attemptedAt),
      succeededAt: instant(row.succeededAt),
      error: row.error ?? undefined,
      failures: row.failures,
      nextAt: instant(row.nextAt),
      askedToWaitUntil: instant(row.askedToWaitUntil),
    }));

export const findSourceState = (db: Db, source: string): SourceState | undefined =>
  listSourceStates(db).find((state) => state.source === source);

export const clearSourceState = (db: Db, source: string): void => {
  db.delete(sourceStates).where(eq(sourceStates.source, source)).run();
};

export type Lease = {
  readonly owner: string;
  readonly now: Date;
  readonly leaseMs: number;
  /** Whether the process that holds the lease is known to be gone. */
  readonly isGone: (owner: string) => boolean;
};

/**
 * Claims a source for one process: two that read it at once would ask it twice as often as it
 * allows. One conditional write, so that of two claims only one succeeds. Claiming again renews.
 */
export const claimSource = (db: Db, source: string, lease: Lease): boolean => {
  const now = lease.now.getTime();
  const holder = statement(db, 'select owner from source_states where source = ?')
    .pluck()
    .get(source) as string | null | undefined;
  const gone = holder && lease.isGone(holder) ? holder : '';
  const { changes } = statement(
    db,
    `insert into source_states (source, attempted_at, owner, leased_until) values (?, 0, ?, ?)
     on conflict (source) do update set owner = excluded.owner, leased_until = excluded.leased_until
     where owner is null or owner in (excluded.owner, ?) or leased_until <= ?`,
  ).run(source, lease.owner, now + lease.leaseMs, gone, now);
  return changes > 0;
};

export const releaseSource = (db: Db, source: string, owner: string): void => {
  statement(
    db,
    'update source_states set owner = null, leased_until = null where source = ? and owner = ?',
  ).run(source, owner);
};
