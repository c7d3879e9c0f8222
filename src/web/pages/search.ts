/** Searching: what is looked for, narrowed and ordered by what stands in the address. */
import { html } from 'hono/html';
import type { TopicRow } from '../deps.ts';
import type { Browsed, BrowsedPapers, Hints, Order } from '../looking.ts';
import { plural, topicName } from './format.ts';
import { type Chrome, type Html, renderFeedLinks, renderPage } from './layout.ts';
import { renderPages } from './pager.ts';
import { renderPaperList } from './papers.ts';
import { renderFault } from './query-fault.ts';

/** What somebody asks for, as it stands in the address; `sort` and `page` are checked already. */
export type Asked = {
  readonly q: string;
  readonly cat: string;
  readonly from: string;
  readonly to: string;
  readonly sort: Order;
  readonly page: number;
};

export type SearchView = {
  readonly asked: Asked;
  /** What is wrong with a filter, in words. */
  readonly problem?: string;
  /** Undefined where nothing was asked. */
  readonly found?: BrowsedPapers;
  readonly perPage: number;
  readonly categories: readonly TopicRow[];
};

const examples = [
  ['diffusion language models', 'words, the most fitting first'],
  ['"chain of thought" -survey', 'a phrase, without a word'],
  ['cat:cs.CL author:"Christopher Manning"', 'a category and an author'],
  ['mamba OR rwkv', 'either of two'],
  ['like:1706.03762', 'papers like this one, by its arXiv id'],
] as const;

const orderNames: Readonly<Record<Browsed['order'], string>> = {
  relevance: 'Most fitting',
  trending: 'Trending',
  newest: 'Newest',
};

/** The address of a search; what is as usual is left out. */
const addressOf = (asked: Asked, over: Partial<Asked> = {}): string => {
  const { q, cat, from, to, sort, page } = { ...asked, ...over };
  const usual = asked.q === '' ? 'newest' : 'relevance';
  const fields = { q, cat, from, to, sort: sort === usual ? '' : sort, page: page > 1 ? page : '' };
  const address = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    if (value !== '') address.set(name, String(value));
  return `/papers?${address}`;
};

export const renderSearchPage = (chrome: Chrome, view: SearchView): Html => {
  const { asked, found } = view;
  const query = [asked.q, asked.cat === '' ? '' : `cat:${asked.cat}`].join(' ').trim();
  const search = `?q=${encodeURIComponent(query)}`;
  const feed = { title: `Paperboy: ${query}`, base: '/papers/feed', search };
  const usable = query !== '' && found?.kind === 'ok' && view.problem === undefined;
  return renderPage(chrome, {
    title: query === '' ? 'Search' : `Search: ${query}`,
    description: 'Search papers by words and meaning, by author, category and date.',
    section: '/papers',
    ...(found === undefined && { path: '/papers' }),
    ...(usable && { feed }),
    main: html`<h1>Search</h1>${renderForm(view)}
${found === undefined && view.problem === undefined ? renderExamples() : renderResult(view)}
${usable ? html`<p class="actions"><a class="button quiet" href="/subscribe?queries=${search.slice(3)}">Get this by mail</a></p>${renderFeedLinks(feed)}` : ''}`,
  });
};

const renderForm = ({ asked, found, categories, problem }: SearchView): Html => {
  const faulty = found?.kind === 'bad-query';
  const narrowed = asked.cat !== '' || asked.from !== '' || asked.to !== '';
  return html`
<form class="finder" method="get" action="/papers" role="search">
<div class="search"><label for="q" class="hidden">Search for papers</label>
<input id="q" name="q" type="search" maxlength="500" value="${asked.q}" placeholder='Words, "a phrase", cat:cs.CL, author:"…"' autocapitalize="none" spellcheck="false"${faulty ? html` aria-invalid="true" aria-describedby="fault"` : ''}>
<button type="submit">Search</button></div>
<details class="filters"${narrowed ? html` open` : ''}><summary>Narrow and sort</summary><div class="pair">
<div class="field"><label for="cat">Category</label><select id="cat" name="cat"><option value="">Any${categories.map(
    (topic) =>
      html`<option value="${topic.slug}"${topic.slug === asked.cat ? html` selected` : ''}>${topic.slug} ${topicName(topic)}`,
  )}</select></div>
<div class="field"><label for="from">From</label><input id="from" name="from" type="date" value="${asked.from}"${problem ? html` aria-invalid="true" aria-describedby="problem"` : ''}></div>
<div class="field"><label for="to">To</label><input id="to" name="to" type="date" value="${asked.to}"${problem ? html` aria-invalid="true" aria-describedby="problem"` : ''}></div>
<div class="field"><label for="sort">Order</label><select id="sort" name="sort">${Object.entries(
    orderNames,
  ).map(
    ([value, name]) =>
      html`<option value="${value}"${value === asked.sort ? html` selected` : ''}>${name}`,
  )}</select></div>
</div></details></form>`;
};

const renderExamples = (): Html =>
  html`<h2>How to ask</h2><dl class="examples">${examples.map(
    ([example, meaning]) =>
      html`<dt><a href="/papers?q=${encodeURIComponent(example)}"><code>${example}</code></a></dt><dd>${meaning}</dd>`,
  )}</dl>`;

const renderResult = ({ asked, found, problem, perPage }: SearchView): Html => {
  if (problem !== undefined)
    return html`<div class="errors" id="problem" role="alert"><p>${problem}</p></div>`;
  if (found?.kind === 'bad-query')
    return html`<div class="errors" id="fault" role="alert"><p>${found.fault.message}</p>${renderFault(asked.q, found.fault.position)}</div>`;
  if (found === undefined) return html``;
  const hints = renderHints(found.hints);
  if (found.total === 0) {
    return html`<p class="lead">No paper answers this. Fewer words, or a wider span, find more.</p>${hints}`;
  }
  const first = (asked.page - 1) * perPage + 1;
  const count = found.total >= 1000 ? 'The first 1,000 papers' : plural(found.total, 'paper');
  return html`${hints}<ul class="tabs" aria-label="Order">${Object.entries(orderNames)
    .filter(([order]) => order !== 'relevance' || asked.q !== '')
    .map(
      ([order, name]) =>
        html`<li><a href="${addressOf(asked, { sort: order as Order, page: 1 })}"${order === asked.sort ? html` aria-current="true"` : ''}>${name}</a></li>`,
    )}</ul>
<h2 class="hidden">Papers found</h2><p class="hint">${count}${asked.page > 1 ? `, from number ${first}` : ''}</p>
${renderPaperList(found.papers.map((item, index) => ({ ...item, rank: first + index })))}
${renderPages(asked.page, Math.ceil(found.total / perPage), (page) => addressOf(asked, { page }))}`;
};

const renderHints = (hints: Hints | undefined): Html =>
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
