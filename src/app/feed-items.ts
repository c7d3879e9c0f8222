/** Papers as items of a feed, one by one or a day's together. */
import type { Day, Paper } from '../domain/paper.ts';
import { absUrl, arxivIdOf, pdfUrl } from '../domain/paper.ts';
import { whyHere } from '../domain/reason.ts';
import { renderTex } from '../domain/tex.ts';
import type { ToldPart } from '../domain/trend.ts';
import type { FeedItem } from '../feed/feed.ts';
import { groupBy } from '../lib/group.ts';
import { escapeHtml } from '../lib/html.ts';
import { type About, aboutOf, authorsLine, paperHref, paperPage } from './digest-view.ts';
import { english } from './english.ts';

/** A paper where a feed shows it: since when, and why when that is known. */
export type FeedPaper = {
  readonly paper: Paper;
  readonly parts: readonly ToldPart[];
  readonly date: Date;
};

/**
 * An id that stays whatever becomes of title, address and place in the list: a tag of this service
 * (RFC 4151), made in the year Paperboy began.
 */
export const feedId = (baseUrl: string, rest: string): string =>
  `tag:${new URL(baseUrl).hostname.replace(/[[\]]/g, '')},2026:${rest}`;

/** One paper as an item: all that is known of it, so that nothing has to be opened to read on. */
export const paperItem = ({ paper, parts, date }: FeedPaper, baseUrl: string): FeedItem => ({
  id: feedId(baseUrl, `paper:${paper.id.split('/').map(encodeURIComponent).join('/')}`),
  url: paperHref(paper, baseUrl),
  title: renderTex(paper.title),
  summary: aboutOf(paper).text,
  html: paperHtml(paper, parts, baseUrl),
  authors: paper.authors.map(renderTex),
  categories: paper.categories,
  date,
});

const paragraph = (text: string): string => (text === '' ? '' : `<p>${escapeHtml(text)}</p>`);

const whyHtml = (parts: readonly ToldPart[]): string =>
  parts.length === 0 ? '' : `<p><em>${escapeHtml(whyHere(parts))}</em></p>`;

const paperHtml = (paper: Paper, parts: readonly ToldPart[], baseUrl: string): string => {
  const about = aboutOf(paper);
  const abstract = renderTex(paper.abstract);
  return [
    paragraph(paper.authors.map(renderTex).join(', ')),
    whyHtml(parts),
    aboutHtml(about, 'strong'),
    abstract === about.text ? '' : paragraph(abstract),
    `<p>${linksHtml(paper, baseUrl)}</p>`,
  ].join('');
};

/** Words that are not the authors' own say whose they are. */
const aboutHtml = ({ text, by }: About, element: 'strong' | 'span'): string => {
  if (text === '') return '';
  const whose = by === undefined ? '' : ` <small>(${escapeHtml(by)})</small>`;
  return `<p><${element}>${escapeHtml(text)}</${element}>${whose}</p>`;
};

const link = (label: string, href: string): string => `<a href="${escapeHtml(href)}">${label}</a>`;

const linksHtml = (paper: Paper, baseUrl: string): string => {
  const arxivId = arxivIdOf(paper);
  return [
    ...(arxivId ? [link('arXiv', absUrl(arxivId)), link('PDF', pdfUrl(arxivId))] : []),
    ...(paper.codeUrl && /^https?:/i.test(paper.codeUrl) ? [link('Code', paper.codeUrl)] : []),
    link('More about this paper', paperPage(paper, baseUrl)),
  ].join(' · ');
};

const dayOf = (date: Date): Day => date.toISOString().slice(0, 10);

/** All papers of each day as one item, the newest day first; within a day in the order given. */
export const dayItems = (
  papers: readonly FeedPaper[],
  about: {
    /** What the days' ids begin with, such as `everything`. */
    readonly key: string;
    readonly name: string;
    readonly pageUrl: string;
    readonly baseUrl: string;
  },
): readonly FeedItem[] =>
  [...groupBy(papers, ({ date }) => dayOf(date))]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([day, ofDay]) => ({
      id: feedId(about.baseUrl, `day:${day}:${about.key}`),
      url: about.pageUrl,
      title: `${about.name}: ${dayLabel(day)}`,
      summary: ofDay.map(({ paper }) => renderTex(paper.title)).join(' · '),
      html: listHtml(ofDay, about.baseUrl),
      authors: [],
      categories: [],
      date: new Date(`${day}T00:00:00Z`),
    }));

const dayFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** `20 March 2026`. */
export const dayLabel = (day: Day): string => dayFormat.format(new Date(`${day}T00:00:00Z`));

/** Papers as an ordered list, each with what a digest says of it. */
export const listHtml = (
  papers: readonly Pick<FeedPaper, 'paper' | 'parts'>[],
  baseUrl: string,
): string =>
  `<ol>${papers
    .map(
      ({ paper, parts }) =>
        `<li><p><strong>${link(escapeHtml(renderTex(paper.title)), paperHref(paper, baseUrl))}</strong></p>` +
        paragraph(authorsLine(paper.authors, english)) +
        whyHtml(parts) +
        aboutHtml(aboutOf(paper), 'span') +
        `<p>${linksHtml(paper, baseUrl)}</p></li>`,
    )
    .join('')}</ol>`;
