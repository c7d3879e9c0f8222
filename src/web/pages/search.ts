import { html } from 'hono/html';
import type { FoundPapers, Listing } from '../deps.ts';
import { plural } from './format.ts';
import { type Chrome, type Html, renderFeedLinks, renderPage } from './layout.ts';
import { renderPaperList } from './papers.ts';
import { renderFault } from './query-fault.ts';
import { renderListing } from './topics.ts';

export type SearchResult =
  | { readonly kind: 'nothing-asked' }
  | { readonly kind: 'relevance'; readonly found: FoundPapers }
  | { readonly kind: 'trending'; readonly listing: Listing };

const examples = [
  ['diffusion language models', 'words, the most fitting first'],
  ['"chain of thought" -survey', 'a phrase, without a word'],
  ['cat:cs.CL author:"Christopher Manning"', 'a category and an author'],
  ['mamba OR rwkv', 'either of two'],
  ['like:1706.03762', 'papers like this one, by its arXiv id'],
] as const;

export const renderSearchPage = (chrome: Chrome, query: string, result: SearchResult): Html => {
  const search = `?q=${encodeURIComponent(query)}`;
  const faulty =
    (result.kind === 'relevance' && result.found.kind === 'bad-query') ||
    (result.kind === 'trending' && result.listing.kind === 'bad-query');
  const feed = { title: `Paperboy: ${query}`, base: '/papers/feed', search };
  const usable = query !== '' && !faulty;
  return renderPage(chrome, {
    title: query === '' ? 'Search' : `Search: ${query}`,
    section: '/papers',
    ...(query === '' ? { path: '/papers' } : {}),
    ...(usable ? { feed } : {}),
    main: html`<h1>Search</h1>
<form class="search" method="get" action="/papers" role="search"><label for="q" class="hidden">Search for papers</label>
<input id="q" name="q" type="search" maxlength="500" value="${query}" placeholder='Words, "a phrase", cat:cs.CL, author:"…"' autocapitalize="none" spellcheck="false"${faulty ? html` aria-invalid="true" aria-describedby="fault"` : ''}>
<button type="submit">Search</button></form>
${usable ? renderFollow(search, result.kind, feed) : ''}
${renderResult(query, result)}`,
  });
};

const renderFollow = (
  search: string,
  shown: SearchResult['kind'],
  feed: { readonly title: string; readonly base: string; readonly search: string },
): Html => html`<ul class="tabs"><li><a href="/papers${search}"${shown === 'relevance' ? html` aria-current="page"` : ''}>Most fitting</a></li>
<li><a href="/papers${search}&amp;sort=trending"${shown === 'trending' ? html` aria-current="page"` : ''}>Trending</a></li>
<li><a href="/subscribe?queries=${search.slice(3)}">Get it by mail</a></li></ul>${renderFeedLinks(feed)}`;

const renderResult = (query: string, result: SearchResult): Html => {
  switch (result.kind) {
    case 'nothing-asked':
      return html`<h2>How to ask</h2><dl class="examples">${examples.map(
        ([example, meaning]) =>
          html`<dt><a href="/papers?q=${encodeURIComponent(example)}"><code>${example}</code></a></dt><dd>${meaning}</dd>`,
      )}</dl>`;
    case 'trending':
      return html`<div id="fault">${renderListing(result.listing, query)}</div>`;
    case 'relevance':
      return renderFound(query, result.found);
    default:
      return result satisfies never;
  }
};

const renderFound = (query: string, found: FoundPapers): Html => {
  if (found.kind === 'bad-query') {
    return html`<div class="errors" id="fault" role="alert"><p>${found.fault.message}</p>${renderFault(query, found.fault.position)}</div>`;
  }
  const hints = renderHints(found.hints);
  if (found.papers.length === 0) {
    return html`<p>No paper answers this. Fewer words find more.</p>${hints}`;
  }
  return html`${hints}<h2>The most fitting papers</h2>${renderPaperList(found.papers.map(({ paper }, index) => ({ paper, rank: index + 1 })))}`;
};

type Hints = Extract<FoundPapers, { readonly kind: 'ok' }>['hints'];

const renderHints = (hints: Hints): Html =>
  hints === undefined
    ? html``
    : html`${hints.didYouMean === undefined ? '' : html`<p>Did you mean ${linkTo(hints.didYouMean)}?</p>`}${
        hints.wouldMatch.length === 0
          ? ''
          : html`<p>These find papers:</p><ul>${hints.wouldMatch.map(
              ({ query, papers }) => html`<li>${linkTo(query)} (${plural(papers, 'paper')})</li>`,
            )}</ul>`
      }`;

const linkTo = (query: string): Html =>
  html`<a href="/papers?q=${encodeURIComponent(query)}">${query}</a>`;
