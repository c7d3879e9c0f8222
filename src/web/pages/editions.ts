import { html } from 'hono/html';
import type { EditionRow, EditionView } from '../deps.ts';
import { groupBy, plural, renderDay, renderInstant, renderMonth } from './format.ts';
import { type Chrome, type Html, renderPage } from './layout.ts';
import { itemOf, renderPaperList } from './papers.ts';

// On the page of an edition each topic shows its first few; the rest is a click away.
const papersShown = 3;

export const renderEditionsPage = (chrome: Chrome, editions: readonly EditionRow[]): Html => {
  const months = groupBy(editions, (edition) => renderMonth(edition.date));
  return renderPage(chrome, {
    title: 'Editions',
    description: 'What was trending, day by day.',
    path: '/editions',
    section: '/editions',
    main: html`<h1>Editions</h1><p class="lead">What was trending, day by day. An edition never changes once it is out.</p>
${
  editions.length === 0
    ? html`<p>None is out yet; the first comes with the first digest.</p>`
    : [...months].map(
        ([month, rows]) =>
          html`<section><h2>${month}</h2><ul class="plain editions">${rows.map(
            (row) =>
              html`<li><a href="/editions/${row.date}">${renderDay(row.date)}</a> <small>${plural(row.papers, 'paper')}</small></li>`,
          )}</ul></section>`,
      )
}`,
  });
};

/** Without readers' own queries: those are nobody else's business. */
export const publicLists = (edition: EditionView): EditionView['lists'] =>
  edition.lists.filter((list) => list.topic.kind !== 'own');

/** All topics with their first papers, or one topic in full. */
export const renderEditionPage = (
  chrome: Chrome,
  edition: EditionView,
  topic: string | undefined,
): Html => {
  const lists = publicLists(edition).filter((list) => list.papers.length > 0);
  const shown = topic === undefined ? lists : lists.filter((list) => list.topic.slug === topic);
  const path = `/editions/${edition.date}`;
  return renderPage(chrome, {
    title: `Edition of ${renderDay(edition.date)}`,
    path,
    main: html`<p class="kicker"><a href="/editions">Editions</a></p><h1>${renderDay(edition.date)}</h1>
<p class="hint">Published ${renderInstant(edition.publishedAt)}${topic === undefined ? '' : html` · <a href="${path}">all topics</a>`}</p>
${shown.length === 0 ? html`<p>Nothing to see here.</p>` : ''}
<div class="${topic === undefined ? 'columns' : ''}">${shown.map((list) => renderList(list, path, topic === undefined))}</div>`,
  });
};

const renderList = (list: EditionView['lists'][number], path: string, brief: boolean): Html => {
  const rest = list.papers.length - papersShown;
  const items = list.papers.map(itemOf);
  return html`<section><h2>${list.topic.name}</h2>
${renderPaperList(brief ? items.slice(0, papersShown) : items, brief ? 'short' : 'full')}
${brief && rest > 0 ? html`<p class="more"><a href="${path}?topic=${encodeURIComponent(list.topic.slug)}">${rest} more in ${list.topic.name}</a></p>` : ''}</section>`;
};
