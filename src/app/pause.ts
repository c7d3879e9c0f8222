/** Pausing and going on again. */
import { type Db, inTransaction } from '../db/open.ts';
import { listPausedUntil, pauseSubscriber, setStatus } from '../db/subscribers.ts';
import { localTime } from '../domain/due.ts';
import { type PauseLength, pauseEnd } from '../domain/pause.ts';
import { type Change, findByToken, type Tokens } from './reader.ts';

/** Stops a reader's digests; without a length, until they resume. */
export const pause = (
  tokens: Tokens,
  manageToken: string,
  length: PauseLength | undefined,
  now: Date,
): Change =>
  inTransaction(tokens.db, () => {
    const reader = findByToken(tokens, 'manage', manageToken);
    if (!reader || !(reader.status === 'active' || reader.status === 'paused'))
      return { kind: 'invalid' };
    const today = localTime(now, reader.settings.timeZone).day;
    pauseSubscriber(tokens.db, reader.id, length && pauseEnd(today, length));
    return { kind: 'changed' };
  });

/** Makes readers active again on whose calendar the last day of their pause is over. */
export const resumePaused = (db: Db, now: Date): number => {
  const over = () =>
    listPausedUntil(db, now.toISOString().slice(0, 10)).filter(
      ({ timeZone, pausedUntil }) => localTime(now, timeZone).day >= pausedUntil,
    );
  // Asked each minute, and nearly always for nothing: that takes no write lock.
  if (over().length === 0) return 0;
  return inTransaction(db, () => {
    const resumed = over();
    for (const { id } of resumed) setStatus(db, id, 'active', now);
    return resumed.length;
  });
};
