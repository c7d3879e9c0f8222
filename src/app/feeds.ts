/** Feeds of everything, a topic, a query, and a reader's own digests. */
import { createHash } from 'node:crypto';
import { listLastDigests } from '../db/digests.ts';
import type { Db } from '../db/open.ts';
import { listPapers, type StoredPaper } from '../db/papers.ts';
import { listCatalogue } from '../db/topics.ts';
import type { Paper } from '../domain/paper.ts';
import type { QueryFault } from '../domain/query.ts';
import { whyHere } from '../domain/reason.ts';
import { renderTex } from '../domain/tex.ts';
import type { ToldPart } from '../domain/trend.ts';
import type { Feed, FeedFormat, FeedItem } from '../feed/feed.ts';
import { renderFeed } from '../feed/render.ts';
import { escapeHtml } from '../lib/html.ts';
import { aboutOf, authorsLine, paperHref, paperPage } from './digest-view.ts';
import type { Ranking } from './ranking.ts';
import { findByToken, type Tokens } from './reader.ts';
import type { Scope } from './scope.ts';
import { listTrending } from './trending.ts';

export type FeedDocument =
  | {
      readonly kind: 'ok';
      readonly body: string;
      readonly contentType: string;
      readonly etag: string;
      readonly lastModified: Date;
    }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'bad-query'; readonly text: string; readonly fault: QueryFault };

const feedLength = 30;
const digestsInFeed = 14;

const endings = { rss: 'xml', atom: 'atom', json: 'json' } as const;

/** What is trending in a scope, as a feed. */
export const trendingFeed = (
  db: Db,
  ranking: Ranking,
  scope: Scope,
  format: FeedFormat,
  baseUrl: string,
): FeedDocument => {
  const listing = listTrending(db, ranking, scope, feedLength);
  if (listing.kind === 'unknown-topic') return { kind: 'not-found' };
  if (listing.kind === 'bad-query') return listing;
  const { page, self } = addresses(scope, endings[format]);
  return document(
    {
      title: `Paperboy: ${listing.name}`,
      description: `Papers trending now: ${listing.name}`,
      pageUrl: baseUrl + page,
      selfUrl: baseUrl + self,
      ...dated(
        listing.papers.map(({ paper, parts }) =>
          toItem(paper as StoredPaper, parts, paperDate(paper, ranking.rankedAt), baseUrl),
        ),
        ranking.rankedAt,
      ),
    },
    format,
  );
};

const addresses = (scope: Scope, ending: string): { page: string; self: string } => {
  if (scope.query !== undefined) {
    const q = encodeURIComponent(scope.query);
    return { page: `/papers?q=${q}`, self: `/papers/feed.${ending}?q=${q}` };
  }
  if (scope.topic === undefined) return { page: '/', self: `/feed.${ending}` };
  const slug = encodeURIComponent(scope.topic);
  return { page: `/topics/${slug}`, self: `/topics/${slug}/feed.${ending}` };
};

/** A reader's own feed: the papers of their last digests, newest first. */
export const readerFeed = (
  tokens: Tokens,
  token: string,
  format: FeedFormat,
  baseUrl: string,
): FeedDocument => {
  const reader = findByToken(tokens, 'feed', token);
  if (!reader || reader.status === 'unsubscribed') return { kind: 'not-found' };
  const items = listLastDigests(tokens.db, reader.id, digestsInFeed).flatMap((digest) => {
    const papers = listPapers(
      tokens.db,
      digest.papers.map(({ paper }) => paper),
    );
    return papers.map((paper) => toItem(paper, [], digest.plannedAt, baseUrl));
  });
  return document(
    {
      title: 'Paperboy: your papers',
      description: 'The papers of your digests',
      pageUrl: `${baseUrl}/`,
      selfUrl: `${baseUrl}/feeds/${token}.${endings[format]}`,
      ...dated(items, reader.createdAt),
    },
    format,
  );
};

const dated = (items: readonly FeedItem[], otherwise: Date): Pick<Feed, 'items' | 'updatedAt'> => ({
  items,
  updatedAt: new Date(Math.max(...items.map((item) => item.date.getTime()), 0) || otherwise),
});

const paperDate = (paper: Paper, otherwise: Date): Date => {
  const day = paper.listedOn ?? paper.featuredOn;
  return day === undefined ? (paper.publishedAt ?? otherwise) : new Date(`${day}T00:00:00Z`);
};

const toItem = (
  paper: Paper,
  parts: readonly ToldPart[],
  date: Date,
  baseUrl: string,
): FeedItem => {
  const why = parts.length > 0 ? `<p><em>${escapeHtml(whyHere(parts))}</em></p>` : '';
  const about = aboutOf(paper);
  const credit = about.by === undefined ? '' : `<p>Summary by ${escapeHtml(about.by)}</p>`;
  return {
    id: `urn:paperboy:paper:${paper.id}`,
    url: paperHref(paper, baseUrl),
    title: renderTex(paper.title),
    html:
      `<p>${escapeHtml(authorsLine(paper.authors))}</p><p>${escapeHtml(about.text)}</p>${credit}${why}` +
      `<p><a href="${escapeHtml(paperPage(paper, baseUrl))}">More about this paper</a></p>`,
    authors: paper.authors.map(renderTex),
    categories: paper.categories,
    date,
  };
};

const document = (feed: Feed, format: FeedFormat): FeedDocument => {
  const { body, contentType } = renderFeed(feed, format);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  return { kind: 'ok', body, contentType, etag, lastModified: feed.updatedAt };
};

/** Every feed of the catalogue as OPML 2.0, for a feed reader to take in at once. */
export const renderOpml = (db: Db, baseUrl: string): string => {
  const outlines = listCatalogue(db).map(({ slug, name }) => {
    const address = `${baseUrl}${slug === 'all' ? '' : `/topics/${encodeURIComponent(slug)}`}/feed.xml`;
    return `    <outline type="rss" text="${escapeHtml(name)}" xmlUrl="${escapeHtml(address)}"/>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<opml version="2.0">',
    '  <head><title>Paperboy</title></head>',
    '  <body>',
    ...outlines,
    '  </body>',
    '</opml>',
    '',
  ].join('\n');
};
