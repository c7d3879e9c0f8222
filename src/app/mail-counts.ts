/** What a service has done with mail since it started, for Prometheus and the log. */
import type { Settlement } from '../domain/delivery.ts';

export type MailOutcome = 'planned' | Settlement['state'];

export type MailCounts = {
  readonly add: (outcome: MailOutcome, count?: number) => void;
  readonly totals: () => Readonly<Record<MailOutcome, number>>;
  /** Mails sent a second, over the last minute. */
  readonly sentPerSecond: () => number;
};

const minuteMs = 60_000;
const sliceMs = 5_000;

export const createMailCounts = (clock: () => Date): MailCounts => {
  const totals = { planned: 0, sent: 0, deferred: 0, failed: 0, unknown: 0 };
  // Sent in each slice of time, by its number; slices older than the minute go.
  const slices = new Map<number, number>();
  const sliceNow = (): number => Math.floor(clock().getTime() / sliceMs);
  const forget = (now: number): void => {
    for (const slice of slices.keys())
      if (slice <= now - minuteMs / sliceMs || slice > now) slices.delete(slice);
  };
  return {
    add: (outcome, count = 1) => {
      totals[outcome] += count;
      if (outcome !== 'sent') return;
      const slice = sliceNow();
      if (!slices.has(slice)) forget(slice);
      slices.set(slice, (slices.get(slice) ?? 0) + count);
    },
    totals: () => ({ ...totals }),
    sentPerSecond: () => {
      forget(sliceNow());
      return [...slices.values()].reduce((sum, count) => sum + count, 0) / (minuteMs / 1000);
    },
  };
};
