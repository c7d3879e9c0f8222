/** When a source is asked again, after an attempt that went well or badly. */
import { type BatchVerdict, staleDeadlineMinute } from './batch.ts';

const minuteMs = 60_000;

/** After the first failure; doubled with each one after it, up to `longestBackoffMs`. */
const firstBackoffMs = 10 * minuteMs;
const longestBackoffMs = 4 * 60 * minuteMs;

/** How soon a stale or partial batch is asked for again, until its day's deadline. */
const staleRetryMs = 10 * minuteMs;

export type AttemptOutcome = {
  readonly now: Date;
  readonly everyMs: number;
  /** Failures in a row, this attempt's included; 0 when it went well. */
  readonly failures: number;
  /** Until when the source asked to be left alone. */
  readonly waitUntil?: Date | undefined;
  readonly verdict?: BatchVerdict | undefined;
  /** Minute of the day where the source is. */
  readonly minute?: number;
};

/** The earliest time of the next attempt. */
export const nextAttemptAt = (outcome: AttemptOutcome): Date => {
  const { now, everyMs, failures, waitUntil, verdict, minute = 0 } = outcome;
  const wanting = verdict === 'stale' || verdict === 'partial';
  const backoff = Math.min(firstBackoffMs * 2 ** Math.max(0, failures - 1), longestBackoffMs);
  const wait =
    failures > 0 ? backoff : wanting && minute < staleDeadlineMinute ? staleRetryMs : everyMs;
  return new Date(
    Math.max(now.getTime() + Math.min(wait, Math.max(everyMs, backoff)), waitUntil?.getTime() ?? 0),
  );
};
