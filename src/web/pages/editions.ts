/** What was trending: by day as published, by week and month as these days add up. */
import { html } from 'hono/html';
import type { Day } from '../../domain/paper.ts';
import { monthOf, type Period, weekOf } from '../../domain/period.ts';
import type { EditionRow, EditionView, PeriodView } from '../deps.ts';
import { monthsOf, renderMonthTable } from './calendar.ts';
import { plural, renderDate, renderDay, renderInstant, renderMonth } from './format.ts';
import { type Chrome, type Html, renderFeedLinks, renderPage } from './layout.ts';
import { itemOf, renderPaperList } from './papers.ts';

// On the page of an edition each topic shows its first few; the rest is a click away.
const papersShown = 3;
const mostMonths = 13;

const feed = { title: 'Paperboy: editions', base: '/editions/feed' };

export const renderEditionsPage = (chrome: Chrome, editions: readonly EditionRow[]): Html => {
  const days = editions.map(({ date }) => date);
  const newest = days[0];
  return renderPage(chrome, {
    title: 'Editions',
    description: 'What was trending, by day, week and month.',
    path: '/editions',
    section: '/editions',
    feed,
    main: html`<h1>Editions</h1><p class="lead">What was trending, by day, by week and by month. An edition never changes once it is out.</p>
${
  newest === undefined
    ? html`<p>None is out yet; the first comes with the first digest.</p>`
    : html`<p class="actions"><a class="button" href="/editions/${newest}">The newest</a> <a class="button quiet" href="/editions/${weekOf(newest).name}">This week</a> <a class="button quiet" href="/editions/${monthOf(newest).name}">${renderMonth(newest)}</a></p>
<div class="calendars">${monthsOf(days)
        .slice(0, mostMonths)
        .map((month) => renderMonthTable(month, new Set(days)))}</div>`
}
${renderFeedLinks(feed)}`,
  });
};

/** Without readers' own queries: those are nobody else's business. */
export const publicLists = (edition: EditionView): EditionView['lists'] =>
  edition.lists.filter((list) => list.topic.kind !== 'own');

/** All topics with their first papers, or one topic in full; `days` are those of all editions. */
export const renderEditionPage = (
  chrome: Chrome,
  edition: EditionView,
  topic: string | undefined,
  days: readonly Day[],
): Html => {
  const lists = publicLists(edition).filter((list) => list.papers.length > 0);
  const shown = topic === undefined ? lists : lists.filter((list) => list.topic.slug === topic);
  const path = `/editions/${edition.date}`;
  const brief = shown.length > 1;
  return renderPage(chrome, {
    title: `Edition of ${renderDay(edition.date)}`,
    description: `The papers that were trending on ${renderDate(edition.date)}, in every topic.`,
    path,
    feed,
    card: `/cards${path}.png`,
    main: html`<div class="issue"><div><p class="kicker"><a href="/editions">Editions</a> <a href="/editions/${weekOf(edition.date).name}">Week ${weekOf(edition.date).name.slice(6)}</a></p><h1>${renderDay(edition.date)}</h1>
<p class="hint">Published ${renderInstant(edition.publishedAt)}${topic === undefined ? '' : html` · <a href="${path}">all topics</a>`}</p>
${shown.length === 0 ? html`<p>Nothing to see here.</p>` : ''}
<div class="${brief ? 'columns' : ''}">${shown.map((list) => renderList(list, path, brief))}</div></div>
${renderAside({ kind: 'day', name: edition.date, from: edition.date, to: edition.date }, days)}</div>`,
  });
};

const renderList = (list: EditionView['lists'][number], path: string, brief: boolean): Html => {
  const rest = list.papers.length - papersShown;
  const items = list.papers.map(itemOf);
  return html`<section><h2>${list.topic.name}</h2>
${renderPaperList(brief ? items.slice(0, papersShown) : items, brief ? 'short' : 'full')}
${brief && rest > 0 ? html`<p class="more"><a href="${path}?topic=${encodeURIComponent(list.topic.slug)}">${rest} more in ${list.topic.name}</a></p>` : ''}</section>`;
};

/** A week or a month; `days` are those of all editions. */
export const renderPeriodPage = (
  chrome: Chrome,
  period: Period,
  view: PeriodView,
  days: readonly Day[],
): Html => {
  const title = period.kind === 'month' ? renderMonth(period.from) : weekTitle(period);
  return renderPage(chrome, {
    title,
    description: `The papers that stood on the front pages, ${renderDate(period.from)} to ${renderDate(period.to)}.`,
    path: `/editions/${period.name}`,
    card: `/cards/editions/${period.name}.png`,
    main: html`<div class="issue"><div><p class="kicker"><a href="/editions">Editions</a></p><h1>${title}</h1>
<p class="hint">${renderDate(period.from)} to ${renderDate(period.to)} · ${plural(view.days.length, 'edition')}. The higher a paper stood on a day’s front page, and on the more days, the higher it stands here.</p>
<h2 class="hidden">The papers</h2>
${renderPaperList(
  view.papers.map(({ paper, days: on, best }, index) => ({
    paper,
    rank: index + 1,
    note: `${plural(on, 'day')} on the front page, at best number ${best}`,
  })),
  'brief',
)}</div>${renderAside(period, days)}</div>`,
  });
};

const weekTitle = ({ name }: Period): string =>
  `Week ${Number(name.slice(6))} of ${name.slice(0, 4)}`;

/** The calendar beside an edition, and the way to its neighbours. */
const renderAside = (period: Period, days: readonly Day[]): Html => {
  const before = days.find((day) => day < period.from);
  const after = days.findLast((day) => day > period.to);
  const nameIn = (day: Day): string =>
    period.kind === 'day' ? day : (period.kind === 'week' ? weekOf(day) : monthOf(day)).name;
  return html`<aside aria-label="Calendar"><nav class="pager" aria-label="Neighbours">${
    before
      ? html`<a rel="prev" href="/editions/${nameIn(before)}">← ${shortName(nameIn(before))}</a>`
      : html`<span></span>`
  }${after ? html`<a rel="next" href="/editions/${nameIn(after)}">${shortName(nameIn(after))} →</a>` : html`<span></span>`}</nav>
${monthsOf([period.from, period.to]).map((month) => renderMonthTable(month, new Set(days), period.name))}</aside>`;
};

const shortName = (name: string): string => {
  if (name.includes('W')) return `Week ${Number(name.slice(6))}`;
  return name.length === 7 ? renderMonth(`${name}-01`) : renderDate(name).replace(/ \d{4}$/, '');
};
