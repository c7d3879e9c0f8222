/** The frame around every page: head, masthead, navigation, foot. */
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Assets } from '../assets.ts';
import { renderDay } from './format.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** What every page knows. */
export type Chrome = {
  readonly assets: Assets;
  readonly baseUrl: string;
  readonly version: string;
  readonly now: Date;
  /** Whether the bundled sample is what is shown. */
  readonly sample: boolean;
};

export type PageParts = {
  readonly title: string;
  readonly description?: string;
  /** The page's address in the site; left out where it holds a secret or is no page to index. */
  readonly path?: string;
  /** The picture to stand beside a link to it; the service's own when left out. */
  readonly card?: string;
  /** The address of its feed without extension, and any query after it. */
  readonly feed?: { readonly title: string; readonly base: string; readonly search?: string };
  /** The navigation entry to mark as the current one. */
  readonly section?: string;
  readonly main: Html;
};

const sections = [
  ['/', 'Today'],
  ['/topics', 'Topics'],
  ['/editions', 'Editions'],
  ['/papers', 'Search'],
] as const;

export const renderPage = (chrome: Chrome, parts: PageParts): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${parts.title === 'Paperboy' ? 'Paperboy: trending papers, once a day' : `${parts.title} · Paperboy`}</title>
${renderMeta(chrome, parts)}
<link rel="icon" href="${chrome.assets.icon.path}" type="image/svg+xml">
<link rel="apple-touch-icon" href="/apple-touch-icon.png">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="${chrome.assets.style.path}">
<script type="module" src="${chrome.assets.script.path}"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="masthead">
<p class="dateline"><span>${renderDay(chrome.now)}</span> <span class="motto">Trending papers, once a day</span></p>
<p class="nameplate"><a href="/">Paperboy</a></p>
<nav aria-label="Main"><ul>${sections.map(
  ([path, name]) =>
    html`<li><a href="${path}"${parts.section === path ? html` aria-current="page"` : ''}>${name}</a></li>`,
)}<li><a class="call" href="/#subscribe">Subscribe</a></li></ul></nav>
</header>
${chrome.sample ? sampleNotice : ''}
<main id="main" tabindex="-1">
${parts.main}
</main>
<footer class="foot">
<p>Paperboy ${chrome.version} is free software. No account, no cookies, no tracking.</p>
<p><a href="/trending-explained">Trending, explained</a> · <a href="/privacy">Privacy</a> · <a href="/embed">On your own site</a></p>
<p><a href="/feed.xml">RSS</a> · <a href="/feed.atom">Atom</a> · <a href="/feed.json">JSON Feed</a> · <a href="/feeds.opml">All feeds (OPML)</a> · <a href="/api/trending">API</a></p>
<p>Thank you to <a href="https://arxiv.org">arXiv</a> for use of its open access interoperability. Paperboy is not endorsed by arXiv.</p>
</footer>
</body>
</html>`;

const sampleNotice = html`<p class="notice" role="note"><strong>You are reading the bundled sample.</strong> No live source has been reached yet, so these are real papers of some time ago with the attention they had then. Today’s papers take their place with the first successful fetch.</p>`;

const renderMeta = (
  chrome: Chrome,
  { title, description, path, feed, card }: PageParts,
): Html => html`
${description ? html`<meta name="description" content="${description}">` : ''}
${
  path === undefined
    ? html`<meta name="robots" content="noindex">`
    : html`<link rel="canonical" href="${chrome.baseUrl}${path}">
<meta property="og:type" content="website"><meta property="og:site_name" content="Paperboy">
<meta property="og:title" content="${title}">${description ? html`<meta property="og:description" content="${description}">` : ''}
<meta property="og:url" content="${chrome.baseUrl}${path}">
<meta property="og:image" content="${chrome.baseUrl}${card ?? '/cards/home.png'}"><meta property="og:image:width" content="1200"><meta property="og:image:height" content="630">
<meta name="twitter:card" content="summary_large_image">`
}
${feed || path !== undefined ? renderFeedHeads(feed ?? siteFeed) : ''}`;

/** What a page without a feed of its own leads to. */
const siteFeed = { title: 'Paperboy: trending papers', base: '/feed' };

const feedKinds = [
  ['xml', 'application/rss+xml', 'RSS'],
  ['atom', 'application/atom+xml', 'Atom'],
  ['json', 'application/feed+json', 'JSON Feed'],
] as const;

type FeedPart = NonNullable<PageParts['feed']>;

const renderFeedHeads = (feed: FeedPart): Html[] =>
  feedKinds.map(
    ([extension, type, name]) =>
      html`<link rel="alternate" type="${type}" title="${feed.title} (${name})" href="${feed.base}.${extension}${feed.search ?? ''}">
`,
  );

/** The same feeds as a line of links. */
export const renderFeedLinks = (feed: FeedPart): Html =>
  html`<p class="feeds"><span>Feed:</span> ${feedKinds.map(
    ([extension, , name]) =>
      html`<a href="${feed.base}.${extension}${feed.search ?? ''}">${name}</a> `,
  )}</p>`;

/** A page that says one thing. */
export const renderMessage = (
  chrome: Chrome,
  message: { readonly title: string; readonly body: Html },
): Html =>
  renderPage(chrome, {
    title: message.title,
    main: html`<div class="narrow"><h1>${message.title}</h1>${message.body}</div>`,
  });
