/**
 * When a mailbox that is "full" or "not available now" has been so for too long. One soft bounce
 * means nothing; a mailbox that takes hardly anything for weeks is abandoned, and mail to such
 * addresses is what turns into spam traps.
 */
import type { Day } from './paper.ts';

export const softRule = {
  /** Bounces on this many different days … */
  days: 5,
  /** … among this many last days … */
  withinDays: 30,
  /** … that are at least this share of the days since the first of them on which mail was sent. */
  share: 0.5,
} as const;

const dayMs = 24 * 60 * 60 * 1000;

/** The first of the days that count, today being the last. */
export const softWindowStart = (today: Day): Day =>
  new Date(Date.parse(today) - (softRule.withinDays - 1) * dayMs).toISOString().slice(0, 10);

/**
 * Whether an address is given up. `bounced` are the days with a soft bounce, `sent` those on which
 * mail for it was accepted on its way (a relay accepts what bounces later, so that a day with both
 * counts as bounced); both without repeats, in any order.
 */
export const isGivenUp = (bounced: readonly Day[], sent: readonly Day[], today: Day): boolean => {
  const start = softWindowStart(today);
  const counted = bounced.filter((day) => day >= start && day <= today).toSorted();
  const first = counted[0];
  if (first === undefined || counted.length < softRule.days) return false;
  const tried = new Set([...counted, ...sent.filter((day) => day >= first && day <= today)]);
  return counted.length >= tried.size * softRule.share;
};
