/** The ledger of our politeness: when each service may be asked next, and how often it was. */
import type { Day } from '../domain/paper.ts';
import { type Db, inTransaction, statement } from './open.ts';

export type Turn =
  | { readonly kind: 'granted'; readonly waitMs: number }
  /** The day's allowance is spent. */
  | { readonly kind: 'spent'; readonly requests: number };

const mostQueued = 10;

/**
 * Claims the next request to a service, at the earliest `intervalMs` after the one before. In the
 * database and not in memory, so that two processes keep the interval between them, and so does one
 * started again at once.
 */
export const claimRequest = (
  db: Db,
  service: string,
  rule: { readonly intervalMs: number; readonly mostADay: number },
  now: Date,
): Turn =>
  inTransaction(db, () => {
    const day = now.toISOString().slice(0, 10);
    const requests = countRequests(db, service, day);
    if (requests >= rule.mostADay) return { kind: 'spent', requests };
    const lastAt = statement(db, 'select max(last_at) from source_requests where service = ?')
      .pluck()
      .get(service) as number | null;
    const due = lastAt === null ? 0 : lastAt + rule.intervalMs - now.getTime();
    // Others may be queued before us, but a far longer wait comes of a clock that was set back.
    const waitMs = Math.min(Math.max(0, due), mostQueued * rule.intervalMs);
    statement(
      db,
      `insert into source_requests values (?, ?, 1, ?) on conflict do update set
         requests = requests + 1, last_at = excluded.last_at`,
    ).run(service, day, now.getTime() + waitMs);
    return { kind: 'granted', waitMs };
  });

/** Requests to a service on a UTC day. */
export const countRequests = (db: Db, service: string, day: Day): number =>
  (statement(db, 'select requests from source_requests where service = ? and day = ?')
    .pluck()
    .get(service, day) as number | undefined) ?? 0;

export const listRequests = (
  db: Db,
  day: Day,
): readonly { readonly service: string; readonly requests: number }[] =>
  statement(db, 'select service, requests from source_requests where day = ? order by service').all(
    day,
  ) as { service: string; requests: number }[];
