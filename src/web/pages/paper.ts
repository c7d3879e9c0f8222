import { html } from 'hono/html';
import { absUrl, arxivIdOf, type Paper, pdfUrl } from '../../domain/paper.ts';
import { renderTex } from '../../domain/tex.ts';
import type { RankedPaper } from '../../domain/trend.ts';
import type { PaperView } from '../deps.ts';
import {
  paperPath,
  renderDate,
  renderDay,
  safeUrl,
  searchPath,
  shorten,
  topicPath,
} from './format.ts';
import { type Chrome, type Html, renderPage } from './layout.ts';
import { renderPaperList } from './papers.ts';
import { renderAttention } from './plot.ts';

const mostAuthors = 60;
const mostEditions = 12;

export const renderPaperPage = (chrome: Chrome, view: PaperView): Html => {
  const { paper, ranked, signals, similar, editions } = view;
  const title = renderTex(paper.title);
  return renderPage(chrome, {
    title,
    description: shorten(renderTex(paper.summary?.text ?? paper.abstract), 200),
    path: paperPath(paper.id),
    main: html`<article class="sheet"><header>
<p class="kicker">${paper.categories.map((name) => html`<a class="tag" href="${topicPath(name)}">${name}</a> `)}</p>
<h1>${title}</h1>${renderAuthorLinks(paper)}${renderDates(paper)}${renderActions(paper)}</header>
${paper.summary ? html`<blockquote class="summary"><p>${renderTex(paper.summary.text)}</p><footer>Summary by ${paper.summary.by}</footer></blockquote>` : ''}
${paper.abstract ? html`<section><h2>Abstract</h2><p class="abstract">${renderTex(paper.abstract)}</p></section>` : ''}
${paper.comment ? html`<p class="hint">The authors’ note: ${renderTex(paper.comment)}</p>` : ''}
${ranked ? renderReasons(ranked) : ''}
<section><h2>Attention over time</h2>${renderAttention(signals)}</section>
${editions.length > 0 ? renderEditionLinks(editions) : ''}
${
  similar.length > 0
    ? html`<section><h2>Similar papers</h2>${renderPaperList(
        similar.map((each) => ({ paper: each })),
        'short',
      )}<p><a href="/papers?q=${encodeURIComponent(`like:${paper.id}`)}">More like this</a>, also by mail or as a feed.</p></section>`
    : ''
}
</article>`,
  });
};

const renderAuthorLinks = (paper: Paper): Html =>
  html`<p class="authors">${paper.authors
    .slice(0, mostAuthors)
    .map(
      (name, index) =>
        html`${index > 0 ? ', ' : ''}<a href="${searchPath(`author:"${name.replaceAll('"', '')}"`)}">${name}</a>`,
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

const renderActions = (paper: Paper): Html => {
  const arxivId = arxivIdOf(paper);
  const code = safeUrl(paper.codeUrl);
  return html`<p class="actions">${
    arxivId
      ? html`<a class="button" href="${absUrl(arxivId)}">Read on arXiv</a> <a class="button quiet" href="${pdfUrl(arxivId)}">PDF</a> `
      : ''
  }${code ? html`<a class="button quiet" href="${code}">Code</a> ` : ''}${
    arxivId
      ? html`<span class="id">arXiv:${arxivId}</span>`
      : html`<span class="id">Not on arXiv, as far as we know</span>`
  }</p>`;
};

const renderReasons = ({ rank, score, parts }: RankedPaper): Html => html`
<section><h2>Why it trends</h2><p>Number <strong>${rank}</strong> of all papers now, with a score of ${score.toFixed(1)}, made of:</p>
<div class="scroll"><table><thead><tr><th scope="col">Part</th><th scope="col">In words</th><th scope="col" class="number">Points</th></tr></thead>
<tbody>${parts.map((part) => html`<tr><th scope="row">${part.name}</th><td>${part.value}</td><td class="number">${part.points.toFixed(1)}</td></tr>`)}</tbody>
<tfoot><tr><th scope="row">Score</th><td></td><td class="number">${score.toFixed(1)}</td></tr></tfoot></table></div></section>`;

const renderEditionLinks = (editions: PaperView['editions']): Html => html`
<section><h2>Editions it was in</h2><ul class="plain">${editions
  .slice(0, mostEditions)
  .map(
    ({ date }) => html`<li><a href="/editions/${date}">${renderDay(date)}</a></li>`,
  )}</ul></section>`;
