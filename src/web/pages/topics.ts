import { html } from 'hono/html';
import { groupBy } from '../../lib/group.ts';
import type { Listing, TopicRow } from '../deps.ts';
import { plural, renderCount, renderInstant, topicName, topicPath } from './format.ts';
import { type Chrome, type Html, renderFeedLinks, renderPage } from './layout.ts';
import { itemOf, renderPaperList } from './papers.ts';
import { renderFault } from './query-fault.ts';

export const renderTopicsPage = (chrome: Chrome, topics: readonly TopicRow[]): Html => {
  const shelf = (kind: TopicRow['kind']) =>
    groupBy(
      topics.filter((topic) => topic.kind === kind),
      (topic) => topic.group,
    );
  return renderPage(chrome, {
    title: 'Topics',
    description: 'Research themes and arXiv categories to follow by mail or feed.',
    path: '/topics',
    section: '/topics',
    main: html`<h1>Topics</h1>
<p class="lead">Each has its own trending list, its own feed, and a place in your digest if you like. For anything else, <a href="/papers">search</a> and follow the query.</p>
<div data-picker><input class="wide" type="search" data-filter hidden aria-label="Filter the topics" placeholder="Filter the topics…" autocomplete="off">
<h2>Research themes</h2>${renderShelf(shelf('theme'))}
<h2>arXiv categories</h2>${renderShelf(shelf('category'))}
<p data-none hidden>No topic has that in its name.</p></div>`,
  });
};

const renderShelf = (groups: ReadonlyMap<string, readonly TopicRow[]>): Html =>
  html`<div class="shelves">${[...groups].map(
    ([group, topics]) =>
      html`<section data-group><h3>${group}</h3><ul class="topics">${topics.map(renderTopic)}</ul></section>`,
  )}</div>`;

const renderTopic = (topic: TopicRow): Html =>
  html`<li data-item><a href="${topicPath(topic.slug)}">${topicName(topic)}</a>${topic.kind === 'category' ? html` <i>${topic.slug}</i>` : ''} <small>${renderCount(topic.papers)}</small>${topic.kind === 'theme' && topic.description ? html`<p>${topic.description}</p>` : ''}</li>
`;

export const renderTopicPage = (chrome: Chrome, topic: TopicRow, listing: Listing): Html => {
  const feed = { title: `Paperboy: ${topic.name}`, base: `${topicPath(topic.slug)}/feed` };
  return renderPage(chrome, {
    title: topic.name,
    description: topic.description,
    path: topicPath(topic.slug),
    card: `/cards${topicPath(topic.slug)}.png`,
    feed,
    main: html`<p class="kicker"><a href="/topics">${topic.group}</a></p>
<h1>${topic.name}</h1>${topic.description ? html`<p class="lead">${topic.description}</p>` : ''}
<p class="actions"><a class="button" href="/subscribe?topics=${encodeURIComponent(topic.slug)}">Get it by mail</a> <span class="hint">${plural(topic.papers, 'paper')}</span></p>
${renderFeedLinks(feed)}
<details class="query"><summary>What belongs to it</summary><p>Papers that answer this query:</p><pre>${topic.query}</pre></details>
${renderListing(listing, topic.query)}`,
  });
};

export const renderListing = (listing: Listing, query: string): Html => {
  switch (listing.kind) {
    case 'ok':
      return html`<h2>Trending now</h2><p class="hint">As of ${renderInstant(listing.rankedAt)}</p>${
        listing.papers.length > 0
          ? renderPaperList(listing.papers.map(itemOf))
          : html`<p>Nothing here yet.</p>`
      }`;
    case 'bad-query':
      return html`<div class="errors" role="alert"><p>${listing.fault.message}</p>${renderFault(query, listing.fault.position)}</div>`;
    case 'unknown-topic':
      return html`<p>There is no such topic.</p>`;
    default:
      return listing satisfies never;
  }
};
