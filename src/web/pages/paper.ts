/** One paper: what it says, where to read it, and the attention it gets. */
import { html } from 'hono/html';
import { absUrl, arxivIdOf, type Paper, pdfUrl } from '../../domain/paper.ts';
import { weekOf } from '../../domain/period.ts';
import type { Signal } from '../../domain/signal.ts';
import { renderTex } from '../../domain/tex.ts';
import { groupBy } from '../../lib/group.ts';
import type { PaperView } from '../deps.ts';
import {
  authorPath,
  paperPath,
  renderDate,
  renderMonth,
  safeUrl,
  shorten,
  sourceName,
  topicPath,
} from './format.ts';
import { type Chrome, type Html, renderPage } from './layout.ts';
import { renderPaperList } from './papers.ts';
import { renderAttention } from './plot.ts';
import { renderReasons } from './reasons.ts';

const mostAuthors = 60;

export const renderPaperPage = (chrome: Chrome, view: PaperView): Html => {
  const { paper, ranked, signals, similar, editions } = view;
  const title = renderTex(paper.title);
  return renderPage(chrome, {
    title,
    description: shorten(renderTex(paper.summary?.text ?? paper.abstract), 200),
    path: paperPath(paper.id),
    card: `/cards${paperPath(paper.id)}.png`,
    main: html`<article class="folio"><header>
<p class="kicker">${paper.categories.map((name) => html`<a class="tag" href="${topicPath(name)}">${name}</a> `)}</p>
<h1>${title}</h1>${renderAuthorLinks(paper)}${renderDates(paper)}${renderActions(paper, signals)}</header>
<div class="text">
${paper.summary ? html`<blockquote class="summary"><p>${renderTex(paper.summary.text)}</p><footer>Summary by ${sourceName(paper.summary.by)}</footer></blockquote>` : ''}
${paper.abstract ? html`<section><h2>Abstract</h2>${renderAbstract(paper.abstract)}</section>` : ''}
${paper.comment ? html`<p class="hint">The authors’ note: ${renderTex(paper.comment)}</p>` : ''}
</div>
<aside>${renderReasons(ranked)}
<section><h2>Attention over time</h2>${renderAttention(signals)}</section>
${editions.length > 0 ? renderEditionLinks(editions) : ''}</aside>
${renderSimilar(paper, similar)}
</article>`,
  });
};

// A blank line in an abstract is a paragraph's end.
const renderAbstract = (abstract: string): readonly Html[] =>
  abstract
    .split(/\n\s*\n/)
    .map((paragraph) => html`<p class="abstract" lang="en">${renderTex(paragraph)}</p>`);

const renderAuthorLinks = (paper: Paper): Html =>
  html`<p class="authors">${paper.authors
    .slice(0, mostAuthors)
    .map(
      (name, index) => html`${index > 0 ? ', ' : ''}<a href="${authorPath(name)}">${name}</a>`,
    )}${paper.authors.length > mostAuthors ? ` and ${paper.authors.length - mostAuthors} more` : ''}</p>`;

const renderDates = (paper: Paper): Html => {
  const dates = [
    paper.publishedAt && `Submitted ${renderDate(paper.publishedAt)}`,
    paper.listedOn && `Listed ${renderDate(paper.listedOn)}`,
    paper.featuredOn && `Featured ${renderDate(paper.featuredOn)}`,
    (paper.version ?? 1) > 1 ? `Version ${paper.version}` : undefined,
    paper.withdrawnAt && `Withdrawn, as we learnt on ${renderDate(paper.withdrawnAt)}`,
  ].filter((text) => text !== undefined);
  return html`<p class="hint">${dates.join(' · ')}</p>`;
};

const renderActions = (paper: Paper, signals: readonly Signal[]): Html => {
  const arxivId = arxivIdOf(paper);
  const code = safeUrl(paper.codeUrl);
  const quiet = (url: string, name: string) =>
    html`<a class="button quiet" href="${url}">${name}</a> `;
  return html`<p class="actions">${
    arxivId
      ? html`<a class="button" href="${absUrl(arxivId)}">Read on arXiv</a> ${quiet(pdfUrl(arxivId), 'PDF')}${quiet(`https://arxiv.org/html/${arxivId}`, 'HTML')}`
      : ''
  }${code ? quiet(code, 'Code') : ''}${arxivId ? discussions(arxivId, signals).map(([name, url]) => quiet(url, name)) : ''}${
    arxivId
      ? html`<span class="id">arXiv:${arxivId}</span>`
      : html`<span class="id">Not on arXiv, as far as we know</span>`
  }</p>`;
};

/** Where people talk about a paper: the places it has been seen in. */
const discussions = (
  arxivId: string,
  signals: readonly Signal[],
): readonly (readonly [name: string, url: string])[] => {
  const seenIn = new Set(signals.map(({ source }) => source));
  const places = [
    ['huggingface', 'Hugging Face', `https://huggingface.co/papers/${arxivId}`],
    ['hackernews', 'Hacker News', `https://hn.algolia.com/?q=arxiv.org%2Fabs%2F${arxivId}`],
  ] as const;
  return places.flatMap(([source, name, url]) =>
    seenIn.has(source) ? [[name, url] as const] : [],
  );
};

const renderSimilar = (paper: Paper, similar: readonly Paper[]): Html | string =>
  similar.length === 0
    ? ''
    : html`<section class="similar"><h2>Similar papers</h2>${renderPaperList(
        similar.map((each) => ({ paper: each })),
        'short',
      )}<p class="more"><a href="/papers?q=${encodeURIComponent(`like:${paper.id}`)}">More like this</a>, or <a href="/subscribe?queries=${encodeURIComponent(`like:${paper.id}`)}">get them by mail</a>.</p></section>`;

const renderEditionLinks = (editions: PaperView['editions']): Html => {
  const months = groupBy(editions, ({ date }) => renderMonth(date));
  const newest = editions[0]?.date ?? '';
  return html`<section><h2>Editions it was in</h2><dl class="dates">${[...months].map(
    ([month, days]) =>
      html`<dt>${month}</dt><dd>${days.map(({ date }) => html`<a href="/editions/${date}" aria-label="${renderDate(date)}">${Number(date.slice(8))}</a> `)}</dd>`,
  )}</dl><p class="hint"><a href="/editions/${weekOf(newest).name}">The week’s best</a></p></section>`;
};
