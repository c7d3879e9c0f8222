import { html } from 'hono/html';
import type { Listing, ServiceStatus } from '../deps.ts';
import type { SettingsForm } from './form-parts.ts';
import { plural, renderDay } from './format.ts';
import { type Chrome, type Html, renderFeedLinks, renderPage } from './layout.ts';
import { itemOf, renderPaperList } from './papers.ts';
import { renderSubscribeForm } from './subscribe.ts';

const feed = { title: 'Paperboy: trending papers', base: '/feed' };

const lead =
  'Paperboy reads what arXiv and the people who follow it bring every day, works out what is trending in your fields, and delivers the best of it to your inbox, at your own hour. Never the same paper twice, and one click to stop.';

export const renderHome = (
  chrome: Chrome,
  parts: {
    readonly listing: Listing;
    readonly status: ServiceStatus;
    readonly form: SettingsForm;
  },
): Html =>
  renderPage(chrome, {
    title: 'Paperboy',
    description: 'Get trending research papers in your email inbox once a day.',
    path: '/',
    section: '/',
    feed,
    main: html`
<section class="hero"><h1>Papers worth your coffee</h1><p class="lead">${lead}</p>
<p class="actions"><a class="button" href="#subscribe">Subscribe</a></p>
<p class="numbers">${renderNumbers(parts.status)}</p></section>
<div class="frontpage">
<section aria-labelledby="today"><h2 id="today">Trending ${whenOf(chrome, parts.listing)}</h2>
${renderFront(parts.listing)}
<p class="more"><a href="/topics">Choose a topic</a>, read <a href="/trending-explained">how trending is worked out</a>, or take it as a feed.</p>${renderFeedLinks(feed)}</section>
<aside id="subscribe" aria-labelledby="subscribe-title">${renderSubscribeForm(parts.form)}</aside>
</div>`,
  });

const dayMs = 86_400_000;

// A list ranked for an earlier day must not pass for today's.
const whenOf = (chrome: Chrome, listing: Listing): string => {
  if (chrome.sample) return 'in the sample';
  if (listing.kind !== 'ok' || listing.asOf.getTime() - listing.rankedAt.getTime() < dayMs)
    return 'today';
  return `on ${renderDay(listing.rankedAt)}, our sources’ last news`;
};

const renderFront = (listing: Listing): Html =>
  listing.kind === 'ok' && listing.papers.length > 0
    ? renderPaperList(listing.papers.map(itemOf), 'front')
    : html`<p>No papers yet. They appear here with the first fetch, or with <code>paperboy import</code>.</p>`;

const renderNumbers = (status: ServiceStatus): Html =>
  html`${plural(status.papers, 'paper')} · ${plural(status.signals, 'observation')} of attention`;
