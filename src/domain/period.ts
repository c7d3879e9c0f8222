/** Days, ISO weeks and months of the calendar, all in UTC, named as in an address. */
import type { Day } from './paper.ts';

export type Period = {
  readonly kind: 'day' | 'week' | 'month';
  /** `2026-03-20`, `2026-W12` or `2026-03`. */
  readonly name: string;
  readonly from: Day;
  /** The last day, included. */
  readonly to: Day;
};

const dayMs = 86_400_000;
const dayOf = (at: number): Day => new Date(at).toISOString().slice(0, 10);
const startOf = (day: Day): number => Date.parse(`${day}T00:00:00Z`);

/** A day that exists, as `YYYY-MM-DD`. */
export const isDay = (text: string): text is Day =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(startOf(text)) && dayOf(startOf(text)) === text;

/** The day so many days later, or earlier. */
export const addDays = (day: Day, days: number): Day => dayOf(startOf(day) + days * dayMs);

/** The period of a name; `undefined` when the calendar has none such. */
export const parsePeriod = (name: string): Period | undefined => {
  if (isDay(name)) return { kind: 'day', name, from: name, to: name };
  const first = `${name}-01`;
  if (/^\d{4}-\d{2}$/.test(name) && isDay(first)) return monthOf(first);
  const [, year, week] = /^(\d{4})-W(\d{2})$/.exec(name) ?? [];
  if (year === undefined || week === undefined) return undefined;
  // ISO 8601: the first week holds the fourth of January.
  const period = weekOf(addDays(`${year}-01-04`, 7 * (Number(week) - 1)));
  return period.name === name ? period : undefined;
};

/** The month a day lies in. */
export const monthOf = (day: Day): Period => {
  const name = day.slice(0, 7);
  const [year, month] = name.split('-').map(Number);
  return { kind: 'month', name, from: `${name}-01`, to: dayOf(Date.UTC(year ?? 0, month ?? 0, 0)) };
};

/** The ISO week a day lies in: Monday to Sunday, counted in the year its Thursday lies in. */
export const weekOf = (day: Day): Period => {
  const sinceMonday = (new Date(startOf(day)).getUTCDay() + 6) % 7;
  const from = addDays(day, -sinceMonday);
  const thursday = addDays(from, 3);
  const year = thursday.slice(0, 4);
  const week = 1 + Math.floor((startOf(thursday) - startOf(`${year}-01-01`)) / dayMs / 7);
  const name = `${year}-W${String(week).padStart(2, '0')}`;
  return { kind: 'week', name, from, to: addDays(from, 6) };
};

/** The weeks a month touches, each as its seven days; those of another month are left out. */
export const weeksOf = (month: Period): readonly { week: Period; days: (Day | undefined)[] }[] => {
  const weeks = [];
  for (let week = weekOf(month.from); week.from <= month.to; week = weekOf(addDays(week.to, 1))) {
    const days = [0, 1, 2, 3, 4, 5, 6]
      .map((offset) => addDays(week.from, offset))
      .map((day) => (day >= month.from && day <= month.to ? day : undefined));
    weeks.push({ week, days });
  }
  return weeks;
};
