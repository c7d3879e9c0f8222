import { html } from 'hono/html';
import type { Paper } from '../../domain/paper.ts';
import { authorPath, plural } from './format.ts';
import { type Chrome, type Html, renderFeedLinks, renderPage } from './layout.ts';
import { renderPages } from './pager.ts';
import { renderPaperList } from './papers.ts';

export type AuthorView = {
  readonly name: string;
  readonly papers: readonly Paper[];
  readonly total: number;
  readonly page: number;
  readonly perPage: number;
};

const mostCompanions = 8;

/** Everything somebody of this name wrote: names are all arXiv tells, so namesakes share a page. */
export const renderAuthorPage = (chrome: Chrome, view: AuthorView): Html => {
  const { name, papers, total, page, perPage } = view;
  const path = authorPath(name);
  const feed = { title: `Paperboy: ${name}`, base: `${path}/feed` };
  const companions = companionsOf(name, papers);
  return renderPage(chrome, {
    title: name,
    description: `Papers by ${name}, the newest first.`,
    path,
    feed,
    main: html`<p class="kicker">Author</p><h1>${name}</h1>
<p class="actions"><a class="button" href="/subscribe?authors=${encodeURIComponent(name)}">Follow by mail</a> <span class="hint">${total >= 1000 ? 'more than 1,000 papers' : plural(total, 'paper')}</span></p>
${renderFeedLinks(feed)}
${companions.length > 0 ? html`<p class="hint">Writes with ${companions.map((each, index) => html`${index > 0 ? ', ' : ''}<a href="${authorPath(each)}">${each}</a>`)}</p>` : ''}
<h2>The newest first</h2>
${renderPaperList(papers.map((paper) => ({ paper })))}
${renderPages(page, Math.ceil(total / perPage), (to) => `${path}?page=${to}`)}`,
  });
};

const companionsOf = (name: string, papers: readonly Paper[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const each of papers.flatMap((paper) => paper.authors))
    if (each !== name) counts.set(each, (counts.get(each) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > 1)
    .sort((a, b) => b[1] - a[1])
    .slice(0, mostCompanions)
    .map(([each]) => each);
};
