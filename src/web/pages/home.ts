import { html } from 'hono/html';
import type { Listing, ServiceStatus } from '../deps.ts';
import { plural, renderDay } from './format.ts';
import { type Chrome, type Html, renderFeedLinks, renderPage } from './layout.ts';
import { itemOf, renderPaperList } from './papers.ts';
import {
  renderEmailField,
  renderErrorSummary,
  renderSettingsFields,
  type SettingsForm,
} from './settings-form.ts';

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
<p class="more"><a href="/topics">Choose a topic</a> or take it as a feed.</p>${renderFeedLinks(feed)}</section>
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

/** The form alone, when what was typed needs another look or somebody comes by a link. */
export const renderSubscribePage = (chrome: Chrome, form: SettingsForm): Html =>
  renderPage(chrome, {
    title: 'Subscribe',
    description: 'Choose your topics and your hour.',
    main: html`<div class="narrow" id="subscribe">${renderErrorSummary(form.errors)}${renderSubscribeForm(form, 1)}</div>`,
  });

const renderSubscribeForm = (form: SettingsForm, level: 1 | 2 = 2): Html => html`
<form class="coupon" method="post" action="/subscribe" novalidate>
${level === 1 ? html`<h1 id="subscribe-title">Subscribe</h1>` : html`<h2 id="subscribe-title">Subscribe</h2>`}
<p>Free, no account. You confirm by one click in a first mail.</p>
${renderEmailField(form)}${renderSettingsFields(form)}
<p><button type="submit">Send me papers</button></p>
<p class="hint">Your address is used for this and nothing else. Each mail has links to change everything and to leave.</p>
</form>`;

/** The same whoever asks and whether the address is known: it must tell nothing about readers. */
export const renderAccepted = (chrome: Chrome, email: string, outbox: boolean): Html =>
  renderPage(chrome, {
    title: 'One more click',
    main: html`<div class="narrow"><h1>One more click</h1>
<p class="lead">Please look into your inbox. If <strong>${email}</strong> is not subscribed yet, a mail with a link to confirm is on its way there.</p>
<p>It comes within a few minutes, once a day at most. Nothing there? Look into the spam folder, or <a href="/#subscribe">try again</a> in case the address has a slip.</p>
${outbox ? html`<p class="aside">This Paperboy has no mail server yet: its mails are files. <a href="/outbox">Open the outbox</a> to read them and confirm.</p>` : ''}
<p><a href="/">Back to today’s papers</a></p></div>`,
  });
