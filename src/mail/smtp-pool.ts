/**
 * At most so many connections, kept for the next message. Where the server takes pipelining, the next
 * message begins on a connection while the answer to the one before is still on its way (RFC 2920
 * §3.1 allows commands behind the end of a message).
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { SmtpSession } from './smtp-session.ts';

/** A connection with nothing of another message on it, or with no more than an answer to come. */
export type Kept = {
  readonly session: SmtpSession;
  /** Resolves when that answer has come, and whoever waited for it has drawn conclusions. */
  readonly before?: Promise<void>;
};

/** What came of one turn, and the connection if it is still good. */
export type Turn<T> = {
  readonly result: T;
  readonly keep?: SmtpSession | undefined;
  /** No connection was given, which may be because there are too many. */
  readonly crowded?: boolean;
};

/** Lets the next message begin on a connection where this one has been ended and not answered. */
export type PassOn = (session: SmtpSession) => void;

export type SmtpPool = {
  /**
   * Waits for a turn and gives `work` a kept connection, if there is one. `undefined` when the pool
   * is closed, or `isOver` says at that turn that it came too late. `work` owns the connection until it passes it on or gives it back by returning it.
   */
  readonly use: <T>(
    work: (kept: Kept | undefined, passOn: PassOn) => Promise<Turn<T>>,
    isOver?: () => boolean,
  ) => Promise<T | undefined>;
  readonly close: () => Promise<void>;
};

// Servers commonly end a connection after a hundred messages, not always kindly.
const messagesPerSession = 100;

/** How often a connection is asked for while others of ours are leaving, and how long after they have. */
const mostTries = 3;
const afterLeavingMs = 50;

export const smtpPool = (limit: number, idleMs: number): SmtpPool => {
  const turns = turnsOf(limit);
  const kept = keptSessions(idleMs);
  const underway = new Set<Promise<unknown>>();
  let closed = false;
  const take = async <T>(
    work: (kept: Kept | undefined, passOn: PassOn) => Promise<Turn<T>>,
    isOver: (() => boolean) | undefined,
  ): Promise<T | undefined> => {
    await turns.begin();
    if (isOver?.()) {
      turns.end();
      return undefined;
    }
    for (let tries = 1; ; tries += 1) {
      const { result, crowded } = await takeTurn(work);
      if (!crowded) return result;
      // To the server those of ours that are leaving are there until it has seen them go.
      if (tries < mostTries && (await kept.haveLeft())) continue;
      // Others have the connections that it allows: this one waits for one of them.
      if (turns.shrink()) return take(work, isOver);
      void nextTurn().then(turns.end);
      return result;
    }
  };
  /** With the turn still taken where no connection was given. */
  const takeTurn = async <T>(
    work: (kept: Kept | undefined, passOn: PassOn) => Promise<Turn<T>>,
  ): Promise<{ readonly result: T; readonly crowded: boolean }> => {
    let answered = (): void => undefined;
    const answer = new Promise<void>((resolve) => {
      answered = resolve;
    });
    let passed: SmtpSession | undefined;
    let [isGood, isHeld] = [false, false];
    try {
      const {
        result,
        keep,
        crowded = false,
      } = await work(kept.take(), (session) => {
        // Its last message is waited for, and then it ends.
        if (passed || !kept.share(session, answer)) return;
        passed = session;
        turns.end();
      });
      if (passed) kept.rest(passed, keep !== undefined);
      else if (keep) kept.keep(keep);
      isGood = keep !== undefined;
      isHeld = crowded;
      return { result, crowded };
    } catch (error) {
      if (passed) kept.rest(passed, false);
      throw error;
    } finally {
      // What a lost connection means is known to whoever used it, who may want no other message tried.
      const concluded = nextTurn();
      if (!passed && !isHeld) {
        if (isGood) turns.end();
        else void concluded.then(turns.end);
      }
      void concluded.then(answered);
    }
  };
  return {
    use: async (work, isOver) => {
      if (closed) return undefined;
      const taken = take(work, isOver);
      underway.add(taken);
      return taken.finally(() => underway.delete(taken));
    },
    close: async () => {
      closed = true;
      while (underway.size > 0) await Promise.allSettled(underway);
      await kept.quitAll();
    },
  };
};

/** After so long without a refusal one connection more is tried again. */
const growAfterMs = 5 * 60_000;

const turnsOf = (most: number) => {
  const waiting: (() => void)[] = [];
  let [running, limit, refusedAt] = [0, most, 0];
  return {
    begin: async (): Promise<void> => {
      const now = performance.now();
      if (limit < most && now - refusedAt > growAfterMs) [limit, refusedAt] = [limit + 1, now];
      if (running < limit) running += 1;
      else await new Promise<void>((turn) => waiting.push(turn));
    },
    end: (): void => {
      const next = waiting.shift();
      // The turn is handed over, not given up, so nobody can slip in between.
      if (next) next();
      else running -= 1;
    },
    /** Gives a turn up for good, where others are running that the server takes; false where none is. */
    shrink: (): boolean => {
      if (running <= 1) return false;
      running -= 1;
      limit = Math.max(1, running);
      refusedAt = performance.now();
      return true;
    },
  };
};

/** What a connection that nobody writes to waits for. */
type Rest = { readonly answer?: Promise<void>; readonly timer?: NodeJS.Timeout };

const keptSessions = (idleMs: number) => {
  const resting = new Map<SmtpSession, Rest>();
  const used = new WeakMap<SmtpSession, number>();
  const leaving = new Set<Promise<void>>();
  const forget = (session: SmtpSession): void => {
    clearTimeout(resting.get(session)?.timer);
    resting.delete(session);
  };
  const quit = (session: SmtpSession): void => {
    forget(session);
    const left = session.quit().finally(() => leaving.delete(left));
    leaving.add(left);
  };
  const idle = (session: SmtpSession): void => {
    if ((used.get(session) ?? 0) >= messagesPerSession || !session.isOpen()) quit(session);
    else resting.set(session, { timer: setTimeout(() => quit(session), idleMs).unref() });
  };
  const count = (session: SmtpSession): number => {
    const uses = (used.get(session) ?? 0) + 1;
    used.set(session, uses);
    return uses;
  };
  return {
    take: (): Kept | undefined => {
      for (const [session, { answer }] of [...resting]) {
        forget(session);
        if (session.isOpen()) return { session, ...(answer && { before: answer }) };
      }
      return undefined;
    },
    /** Offers a connection to the next message; false when this is to be its last one. */
    share: (session: SmtpSession, answer: Promise<void>): boolean => {
      if ((used.get(session) ?? 0) + 1 >= messagesPerSession) return false;
      count(session);
      resting.set(session, { answer });
      return true;
    },
    /** The answer has come: a connection that nobody has taken meanwhile rests. */
    rest: (session: SmtpSession, isGood: boolean): void => {
      if (!resting.has(session)) return;
      forget(session);
      if (isGood) idle(session);
    },
    keep: (session: SmtpSession): void => {
      count(session);
      idle(session);
    },
    /** Waits for those that are leaving; false when there are none. */
    haveLeft: async (): Promise<boolean> => {
      if (leaving.size === 0) return false;
      await Promise.all(leaving);
      await sleep(afterLeavingMs);
      return true;
    },
    quitAll: async (): Promise<void> => {
      for (const session of [...resting.keys()]) quit(session);
      await Promise.all(leaving);
    },
  };
};
