/** A month as a table of weeks; the days and weeks that have something are links. */
import { html } from 'hono/html';
import type { Day } from '../../domain/paper.ts';
import { monthOf, type Period, weeksOf } from '../../domain/period.ts';
import { renderDay, renderMonth } from './format.ts';
import type { Html } from './layout.ts';

// Two letters, so that seven columns stand side by side in the largest letters on a phone.
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

export const renderMonthTable = (
  month: Period,
  days: ReadonlySet<Day>,
  current?: string,
): Html => html`
<table class="calendar"><caption><a href="/editions/${month.name}"${here(month.name, current)}>${renderMonth(month.from)}</a></caption>
<thead><tr><th scope="col"><span class="hidden">Week</span></th>${weekdays.map((day) => html`<th scope="col" abbr="${day}">${day.slice(0, 2)}</th>`)}</tr></thead>
<tbody>${weeksOf(month).map(
  ({ week, days: shown }) =>
    html`<tr><th scope="row">${
      shown.some((day) => day !== undefined && days.has(day))
        ? html`<a href="/editions/${week.name}"${here(week.name, current)}>${week.name.slice(5)}</a>`
        : week.name.slice(5)
    }</th>${shown.map((day) => renderCell(day, days, current))}</tr>`,
)}</tbody></table>`;

const renderCell = (day: Day | undefined, days: ReadonlySet<Day>, current?: string): Html => {
  if (day === undefined) return html`<td></td>`;
  const number = Number(day.slice(8));
  return days.has(day)
    ? html`<td><a href="/editions/${day}" aria-label="${renderDay(day)}"${here(day, current)}>${number}</a></td>`
    : html`<td>${number}</td>`;
};

const here = (name: string, current: string | undefined): Html | string =>
  name === current ? html` aria-current="page"` : '';

/** The months of some days, the newest first. */
export const monthsOf = (days: readonly Day[]): readonly Period[] => {
  const names = [...new Set(days.map((day) => monthOf(day).from))].sort().reverse();
  return names.map(monthOf);
};
