/** Papers in a list, as on most pages. */
import { html } from 'hono/html';
import { absUrl, arxivIdOf, type Paper, pdfUrl } from '../../domain/paper.ts';
import { renderTex } from '../../domain/tex.ts';
import type { RankedPaper, ToldPart } from '../../domain/trend.ts';
import { paperPath, renderAuthors, renderDate, safeUrl, shorten, topicPath } from './format.ts';
import type { Html } from './layout.ts';

export type PaperItem = {
  readonly paper: Paper;
  readonly rank?: number;
  readonly parts?: readonly ToldPart[];
  /** What brought it, where lists of several topics are mixed. */
  readonly topic?: string;
  /** A line of its own in place of the reasons. */
  readonly note?: string;
};

const snippetLength = 240;

export const itemOf = ({ paper, rank, parts }: RankedPaper): PaperItem => ({ paper, rank, parts });

type ListStyle = 'front' | 'full' | 'brief' | 'short';

/**
 * `style` chooses the look: the front page sets its first paper large; brief lists have no text, and
 * short ones no reason either.
 */
export const renderPaperList = (items: readonly PaperItem[], style: ListStyle = 'full'): Html =>
  html`<ol class="papers ${style === 'brief' ? 'short' : style}">${items.map((item) => renderItem(item, style))}</ol>`;

const renderItem = ({ paper, rank, parts, topic, note }: PaperItem, style: ListStyle): Html => {
  const short = style === 'short' || style === 'brief';
  return html`
<li class="paper">${rank === undefined ? '' : html`<span class="rank">${rank}</span>`}
<h3><a href="${paperPath(paper.id)}">${renderTex(paper.title)}</a></h3>
${paper.authors.length > 0 ? html`<p class="by">${renderAuthors(paper.authors, short ? 2 : 4)}${topic === undefined ? '' : ` · ${topic}`}</p>` : ''}
${short ? '' : renderSnippet(paper)}
${parts && style !== 'short' ? renderWhy(parts) : ''}${note === undefined ? '' : html`<p class="why">${note}</p>`}
${renderLinks(paper, short)}</li>`;
};

const renderSnippet = (paper: Paper): Html | string => {
  const text = paper.summary?.text ?? paper.abstract;
  return text === '' ? '' : html`<p class="snippet">${shorten(renderTex(text), snippetLength)}</p>`;
};

const renderWhy = (parts: readonly ToldPart[]): Html | string => {
  const best = parts
    .filter((part) => part.points > 0 && !saysNothing(part))
    .toSorted((a, b) => b.points - a.points)
    .slice(0, 2)
    .map((part) => part.value);
  return best.length === 0 ? '' : html`<p class="why">${best.join(' · ')}</p>`;
};

// "its words and authors promise what is usual"
const saysNothing = ({ value }: ToldPart): boolean => value.endsWith('what is usual');

/** arXiv, PDF, code, day and first categories of a paper. */
export const renderLinks = (paper: Paper, short = false): Html => {
  const arxivId = arxivIdOf(paper);
  const code = safeUrl(paper.codeUrl);
  const day = paper.listedOn ?? paper.publishedAt;
  return html`<p class="links">${
    arxivId ? html`<a href="${absUrl(arxivId)}">arXiv:${arxivId}</a> ` : ''
  }${arxivId && !short ? html`<a href="${pdfUrl(arxivId)}">PDF</a> ` : ''}${
    code && !short ? html`<a href="${code}">Code</a> ` : ''
  }${short ? '' : paper.categories.slice(0, 3).map(renderCategory)}${
    day ? html`<span>${renderDate(day)}</span>` : ''
  }</p>`;
};

const renderCategory = (category: string): Html =>
  html`<a class="tag" href="${topicPath(category)}">${category}</a> `;
