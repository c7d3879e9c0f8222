import { eq } from 'drizzle-orm';
import type { Db } from './open.ts';
import { sourceStates } from './schema.ts';

export type SourceState = {
  readonly source: string;
  readonly attemptedAt: Date;
  readonly succeededAt: Date | undefined;
  readonly error: string | undefined;
};

/** Notes an attempt; a failure keeps the time of the last success. */
export const noteAttempt = (db: Db, source: string, at: Date, error: string | undefined): void => {
  const outcome = error === undefined ? { succeededAt: at.getTime(), error: null } : { error };
  db.insert(sourceStates)
    .values({ source, attemptedAt: at.getTime(), ...outcome })
    .onConflictDoUpdate({
      target: sourceStates.source,
      set: { attemptedAt: at.getTime(), ...outcome },
    })
    .run();
};

export const listSourceStates = (db: Db): readonly SourceState[] =>
  db
    .select()
    .from(sourceStates)
    .orderBy(sourceStates.source)
    .all()
    .map((row) => ({
      source: row.source,
      attemptedAt: new Date(row.attemptedAt),
      succeededAt: row.succeededAt === null ? undefined : new Date(row.succeededAt),
      error: row.error ?? undefined,
    }));

export const findSourceState = (db: Db, source: string): SourceState | undefined =>
  listSourceStates(db).find((state) => state.source === source);

export const clearSourceState = (db: Db, source: string): void => {
  db.delete(sourceStates).where(eq(sourceStates.source, source)).run();
};
