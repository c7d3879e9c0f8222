/** At most so many messages under way, over connections kept for the next one. */
import type { SmtpSession } from './smtp-session.ts';

/** What came of one turn, and the connection if it is still good. */
export type Turn<T> = { readonly result: T; readonly keep?: SmtpSession | undefined };

export type SmtpPool = {
  /**
   * Waits for a turn and gives `work` a kept connection, if there is one. `undefined` when the pool
   * is closed. `work` owns the connection until it gives it back by returning it.
   */
  readonly use: <T>(
    work: (kept: SmtpSession | undefined) => Promise<Turn<T>>,
  ) => Promise<T | undefined>;
  readonly close: () => Promise<void>;
};

// Servers commonly end a connection after a hundred messages, not always kindly.
const messagesPerSession = 100;

export const smtpPool = (limit: number, idleMs: number): SmtpPool => {
  const turns = turnsOf(limit);
  const kept = keptSessions(idleMs);
  let closed = false;
  return {
    use: async (work) => {
      if (closed) return undefined;
      return turns.run(async () => {
        const { result, keep } = await work(kept.take());
        if (keep) kept.keep(keep);
        return result;
      });
    },
    close: async () => {
      closed = true;
      await turns.over();
      await kept.quitAll();
    },
  };
};

const turnsOf = (limit: number) => {
  const waiting: (() => void)[] = [];
  const onOver: (() => void)[] = [];
  let running = 0;
  const end = (): void => {
    const next = waiting.shift();
    // The turn is handed over, not given up, so nobody can slip in between.
    if (next) next();
    else running -= 1;
    if (running === 0) for (const done of onOver.splice(0)) done();
  };
  return {
    run: async <T>(work: () => Promise<T>): Promise<T> => {
      if (running < limit) running += 1;
      else await new Promise<void>((turn) => waiting.push(turn));
      return work().finally(end);
    },
    over: async (): Promise<void> => {
      if (running > 0) await new Promise<void>((done) => onOver.push(done));
    },
  };
};

const keptSessions = (idleMs: number) => {
  const idle = new Map<SmtpSession, NodeJS.Timeout>();
  const used = new WeakMap<SmtpSession, number>();
  const leaving = new Set<Promise<void>>();
  const forget = (session: SmtpSession): void => {
    clearTimeout(idle.get(session));
    idle.delete(session);
  };
  const quit = (session: SmtpSession): void => {
    forget(session);
    const left = session.quit().finally(() => leaving.delete(left));
    leaving.add(left);
  };
  return {
    take: (): SmtpSession | undefined => {
      for (const session of [...idle.keys()]) {
        forget(session);
        if (session.isOpen()) return session;
      }
      return undefined;
    },
    keep: (session: SmtpSession): void => {
      const count = (used.get(session) ?? 0) + 1;
      used.set(session, count);
      if (count >= messagesPerSession || !session.isOpen()) quit(session);
      else idle.set(session, setTimeout(() => quit(session), idleMs).unref());
    },
    quitAll: async (): Promise<void> => {
      for (const session of [...idle.keys()]) quit(session);
      await Promise.all(leaving);
    },
  };
};
