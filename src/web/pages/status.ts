/** The operator's page: how sources, editions, mails and readers are doing, in figures and plots. */
import { html } from 'hono/html';
import { deliveryStates } from '../../domain/delivery.ts';
import type { Finding } from '../../domain/finding.ts';
import {
  type DayTotal,
  type MailDay,
  type OperatingReport,
  type SlowLook,
  type SourceReport,
  sumOf,
} from '../../domain/operating-report.ts';
import { statuses } from '../../domain/subscription.ts';
import type { OperatorView } from '../deps.ts';
import { plural, renderCount, renderDate, renderInstant, sourceName } from './format.ts';
import { type Chrome, type Html, renderPage } from './layout.ts';
import { renderPlot } from './plot.ts';

const verdicts = ['hard', 'soft', 'complaint', 'opt-out'] as const;

export const renderStatusPage = (chrome: Chrome, { report, look }: OperatorView): Html =>
  renderPage(chrome, {
    title: 'Status',
    main: html`<div class="status"><h1>Status</h1>
<p class="lead">${renderInstant(report.at)}: ${summary(report)}</p>
${renderFindings(report.findings)}${renderLook(report.at, look)}
<section><h2>Readers and papers</h2>
<div class="plots">${renderGrowth('readers', report.readersByDay)}${renderGrowth('papers', report.papersByDay)}</div>
${renderGrowthTable(report)}
<p>Readers: ${statuses.map((status) => `${renderCount(report.readers[status] ?? 0)} ${status}`).join(', ')}. Never mailed again: ${plural(report.suppressed, 'address', 'addresses')}.</p></section>
<section><h2>Mails</h2>${renderMails(report.mailDays)}${renderQueue(report)}</section>
<section><h2>Sources</h2>${renderSources(report.sources)}</section>
<section><h2>Editions</h2>${renderEditions(report)}</section></div>`,
  });

const summary = ({ mailDays, queue, readers }: OperatingReport): string => {
  const today = mailDays.at(-1)?.mails ?? {};
  return `${plural(readers.active ?? 0, 'reader')}, ${plural(today.sent ?? 0, 'mail')} sent of those planned today, ${queue.waiting === 0 ? 'none waiting' : `${renderCount(queue.waiting)} waiting`}.`;
};

const renderFindings = (findings: readonly Finding[]): Html => {
  const ailing = findings.filter(({ level }) => level !== 'ok');
  const well = findings.filter(({ level }) => level === 'ok');
  return html`<section><h2>What ails</h2>
${ailing.length === 0 ? html`<p>The doctor finds nothing amiss.</p>` : html`<ul class="findings">${ailing.map(renderFinding)}</ul>`}
${well.length === 0 ? '' : html`<details><summary>${plural(well.length, 'thing')} found well</summary><ul>${well.map(({ what }) => html`<li>${what}</li>`)}</ul></details>`}</section>`;
};

const renderFinding = ({ level, what, why, do: cure, id }: Finding): Html =>
  html`<li class="is-${level}"><p><strong class="level">${level}</strong> ${what}</p>
<p class="because">${why}</p><p class="cure"><strong>What to do:</strong> ${cure}</p><p class="hint">${id}</p></li>`;

/** What was looked at when, and the way to have it looked at again. */
const renderLook = (
  at: Date,
  look: SlowLook | undefined,
): Html => html`<p class="hint">Settings, files, disk, sources and queue: looked at ${renderInstant(at)}. ${lookWords(look)}</p>
${look && !look.running ? html`<form method="post"><p><button type="submit" class="quiet">Look again now</button></p></form>` : ''}`;

const lookWords = (look: SlowLook | undefined): string => {
  if (!look) return 'All the rest: paperboy doctor.';
  const what = look.network
    ? 'Mail server, DNS, address, clock, templates and the whole database'
    : 'Templates and the whole database (mails become files here, so the network is not asked)';
  const when = look.at ? `looked at ${renderInstant(look.at)}` : 'not looked at yet';
  return `${what}: ${when}${look.running ? '; another look is under way, load this page again in half a minute' : ''}.`;
};

const renderGrowth = (name: string, totals: readonly DayTotal[]): Html =>
  renderPlot(
    `${name}, at the end of each of ${totals.length} days`,
    totals.map(({ day, total }) => ({ observedAt: new Date(`${day}T00:00:00Z`), value: total })),
  );

type Column = { readonly name: string; readonly number?: boolean };

const text = (name: string): Column => ({ name });
const number = (name: string): Column => ({ name, number: true });

/** A table with its caption; the first column heads the rows. */
const renderTable = (
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly (string | number)[])[],
): Html => html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption class="hidden">${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col"${column.number ? html` class="number"` : ''}>${column.name}</th>`)}</tr></thead>
<tbody>${rows.map(
  (row) =>
    html`<tr>${row.map((cell, index) => {
      const shown = typeof cell === 'number' ? renderCount(cell) : cell;
      if (index === 0) return html`<th scope="row">${shown}</th>`;
      return html`<td${columns[index]?.number ? html` class="number"` : ''}>${shown}</td>`;
    })}</tr>`,
)}</tbody></table></div>`;

const renderGrowthTable = ({ readersByDay, papersByDay }: OperatingReport): Html =>
  html`<details class="numbers-table"><summary>The numbers</summary>${renderTable(
    'Readers and papers by day',
    [text('End of'), number('Readers'), number('Papers')],
    readersByDay
      .map(({ day, total }, index) => [renderDate(day), total, papersByDay[index]?.total ?? 0])
      .toReversed(),
  )}</details>`;

const renderMails = (days: readonly MailDay[]): Html => {
  const told = deliveryStates.filter((state) => days.some(({ mails }) => mails[state]));
  const all = sumOf(days.map(({ mails }) => mails));
  const back = sumOf(days.map(({ bounces }) => bounces));
  if (told.length === 0) return html`<p>No mail was planned in the last ${days.length} days.</p>`;
  const points = days.map(({ day, mails }) => ({
    observedAt: new Date(`${day}T00:00:00Z`),
    value: mails.sent ?? 0,
  }));
  return html`<p>In ${days.length} days: ${told.map((state) => `${renderCount(all[state] ?? 0)} ${state}`).join(', ')}; came back: ${verdicts.map((verdict) => `${renderCount(back[verdict] ?? 0)} ${verdict}`).join(', ')}.</p>
<div class="plots">${renderPlot('sent, of the mails planned each day', points)}</div>
${renderTable(
  'Mails by the day they were planned, and what came back',
  [text('Planned on'), ...told.map(number), ...verdicts.map(number)],
  days
    .map(({ day, mails, bounces }) => [
      renderDate(day),
      ...told.map((state) => mails[state] ?? 0),
      ...verdicts.map((verdict) => bounces[verdict] ?? 0),
    ])
    .toReversed(),
)}`;
};

const minuteMs = 60_000;

const renderAge = (ms: number): string => {
  const minutes = Math.round(ms / minuteMs);
  return minutes < 120 ? plural(minutes, 'minute') : plural(Math.round(minutes / 60), 'hour');
};

const renderQueue = ({ queue }: OperatingReport): Html => html`<h3>The queue</h3>
<p>${queue.waiting === 0 ? 'No mail waits.' : `${plural(queue.waiting, 'mail')} wait${queue.waiting === 1 ? 's' : ''}; the oldest was planned ${renderAge(queue.oldestMs)} ago.`} ${queue.shut.length === 0 ? 'No way is shut.' : ''}</p>
${
  queue.shut.length === 0
    ? ''
    : renderTable(
        'Ways that are shut',
        [text('Shut'), text('Since'), text('Until'), text('Because')],
        queue.shut.map(({ way, since, until, reason }) => [
          way,
          renderInstant(since),
          renderInstant(until),
          reason,
        ]),
      )
}`;

const renderSources = (sources: readonly SourceReport[]): Html =>
  sources.length === 0
    ? html`<p>No source has been asked yet.</p>`
    : renderTable(
        'Sources and their last batches',
        [text('Source'), text('Read'), text('Last batch'), number('Papers'), number('New')],
        sources.map(({ source, succeededAt, failures, error, batch }) => [
          sourceName(source),
          (succeededAt ? renderInstant(succeededAt) : 'never') +
            (failures > 0 ? `; failed ${plural(failures, 'time')} since: ${error ?? ''}` : ''),
          batch ? `${renderDate(batch.day)}, ${batch.verdict}: ${batch.detail}` : '–',
          batch?.papers ?? '–',
          batch?.fresh ?? '–',
        ]),
      );

const renderEditions = ({ editions }: OperatingReport): Html =>
  editions.length === 0
    ? html`<p>No edition yet.</p>`
    : renderTable(
        'The last editions',
        [text('Day'), text('Published'), number('Papers in the first tens')],
        editions.map(({ date, publishedAt, papers }) => [
          renderDate(date),
          renderInstant(publishedAt),
          papers,
        ]),
      );
