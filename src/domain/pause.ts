/** Pauses that end by themselves. A pause is of whole days of the reader's own calendar. */
import type { Day } from './paper.ts';

export const pauseLengths = ['week', 'two-weeks', 'month'] as const;
export type PauseLength = (typeof pauseLengths)[number];

export const isPauseLength = (text: string): text is PauseLength =>
  (pauseLengths as readonly string[]).includes(text);

const dayMs = 86_400_000;

/** The first day with a digest again, for a pause that begins on a day of the reader's. */
export const pauseEnd = (from: Day, length: PauseLength): Day => {
  if (length === 'month') return monthAfter(from);
  const days = length === 'week' ? 7 : 14;
  return new Date(Date.parse(`${from}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
};

// The same day of the next month; where it has none (31 January), its last.
const monthAfter = (from: Day): Day => {
  const [year = 0, month = 1, day = 1] = from.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(day, last))).toISOString().slice(0, 10);
};
