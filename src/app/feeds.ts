/** Feeds of everything, a topic, a query, an author, the editions, and a reader's own digests. */
import { listLastDigests } from '../db/digests.ts';
import { listEditionDays } from '../db/editions.ts';
import type { Db } from '../db/open.ts';
import { listNewestOf } from '../db/paper-lists.ts';
import { listPapers } from '../db/papers.ts';
import { listMembers } from '../db/search.ts';
import type { Subscriber } from '../db/subscribers.ts';
import { findTopic } from '../db/topics.ts';
import {
  type FeedFormat,
  type FeedGrouping,
  type FeedSubject,
  feedPage,
  feedPath,
} from '../domain/feed-subject.ts';
import type { Paper } from '../domain/paper.ts';
import type { QueryFault } from '../domain/query.ts';
import { tellPart } from '../domain/reason.ts';
import { everything } from '../domain/topic.ts';
import type { FeedItem } from '../feed/feed.ts';
import { renderFeed } from '../feed/render.ts';
import { loadDigestPapers } from './digest-content.ts';
import type { DigestPaper } from './digest-view.ts';
import { listLedOn } from './edition-view.ts';
import { english } from './english.ts';
import { dayItems, dayLabel, type FeedPaper, feedId, listHtml, paperItem } from './feed-items.ts';
import type { Ranking } from './ranking.ts';
import { listTrending } from './trending.ts';

export type FeedDocument =
  | {
      readonly kind: 'ok';
      readonly body: string;
      readonly contentType: string;
      /** The feed's own address, and the WebSub hub that knows it, where one does. */
      readonly links: { readonly self: string; readonly hub?: string };
    }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'bad-query'; readonly text: string; readonly fault: QueryFault };

export type FeedDeps = {
  readonly db: Db;
  readonly ranking: () => Ranking;
  readonly baseUrl: string;
  /** Who a reader's feed belongs to; without it there are no such feeds. */
  readonly findReader?: (token: string) => Subscriber | undefined;
  /** The WebSub hub that is told of a subject's news, where one is. */
  readonly hubFor?: (subject: FeedSubject) => string | undefined;
};

/** In items, or in papers where a day's papers share one. */
const feedLength = { paper: 30, day: 60 } as const;
const digestsInFeed = 14;
const editionsInFeed = 14;

type Content =
  | {
      readonly kind: 'ok';
      readonly title: string;
      readonly description: string;
      readonly papers: readonly FeedPaper[];
    }
  | Exclude<FeedDocument, { readonly kind: 'ok' }>;

/** A subject's feed; `by` puts a paper, or all papers of a day, into an item. */
export const composeFeed = (
  deps: FeedDeps,
  subject: FeedSubject,
  format: FeedFormat,
  by: FeedGrouping = 'paper',
): FeedDocument => {
  if (subject.kind === 'editions') {
    const items = editionItems(deps.db, deps.baseUrl);
    return document(deps, { subject, format, by: 'paper' }, { ...editionWords, items });
  }
  const content = contentOf(deps, subject, feedLength[by]);
  if (content.kind !== 'ok') return content;
  const { title, description, papers } = content;
  const { baseUrl } = deps;
  const pageUrl = baseUrl + feedPage(subject);
  const items =
    by === 'day'
      ? dayItems(papers, { key: keyOf(subject), name: title, pageUrl, baseUrl })
      : papers.map((paper) => paperItem(paper, baseUrl));
  return document(deps, { subject, format, by }, { title, description, items });
};

// A token would tell who reads, wherever an item is passed on.
const keyOf = (subject: FeedSubject): string =>
  subject.kind === 'reader' ? 'reader' : feedPath(subject, 'rss');

const contentOf = (
  deps: FeedDeps,
  subject: Exclude<FeedSubject, { readonly kind: 'editions' }>,
  most: number,
): Content => {
  switch (subject.kind) {
    case 'everything':
      return trendingContent(deps, {}, most);
    case 'topic':
      return trendingContent(deps, { topic: subject.slug }, most);
    case 'query':
      return trendingContent(deps, { query: subject.query }, most);
    case 'author':
      return authorContent(deps, subject.name, most);
    case 'reader':
      return readerContent(deps, subject.token);
    default:
      return subject satisfies never;
  }
};

const trendingContent = (
  { db, ranking }: FeedDeps,
  scope: { readonly topic?: string; readonly query?: string },
  most: number,
): Content => {
  const listing = listTrending(db, ranking(), scope, most);
  if (listing.kind === 'unknown-topic') return { kind: 'not-found' };
  if (listing.kind === 'bad-query') return listing;
  return {
    kind: 'ok',
    title: `Paperboy: ${listing.name}`,
    description: `Papers trending now: ${listing.name}`,
    papers: listing.papers.map(({ paper, parts }) => ({
      paper,
      parts,
      date: paperDate(paper, listing.rankedAt),
    })),
  };
};

const authorContent = ({ db, ranking }: FeedDeps, name: string, most: number): Content => {
  const numbers = listNewestOf(db, listMembers(db, { kind: 'author', name }), most);
  return {
    kind: 'ok',
    title: `Paperboy: ${name}`,
    description: `New papers by ${name}`,
    papers: listPapers(db, numbers).map((paper) => ({
      paper,
      parts: [],
      date: paperDate(paper, ranking().rankedAt),
    })),
  };
};

/** The papers of a reader's last digests, newest first, each with the reason it was sent for. */
const readerContent = (deps: FeedDeps, token: string): Content => {
  const reader = deps.findReader?.(token);
  if (!reader || reader.status === 'unsubscribed') return { kind: 'not-found' };
  const papers = listLastDigests(deps.db, reader.id, digestsInFeed).flatMap((digest) =>
    loadDigestPapers(deps.db, digest.editionId, digest.papers).flatMap((entry) =>
      entry ? [told(entry, digest.plannedAt)] : [],
    ),
  );
  return {
    kind: 'ok',
    title: 'Paperboy: your papers',
    description: 'The papers of your digests',
    papers,
  };
};

const told = ({ paper, parts }: DigestPaper, date: Date): FeedPaper => ({
  paper,
  parts: parts.map((part) => tellPart(english, part)),
  date,
});

const paperDate = (paper: Paper, otherwise: Date): Date => {
  const day = paper.listedOn ?? paper.featuredOn;
  return day === undefined ? (paper.publishedAt ?? otherwise) : new Date(`${day}T00:00:00Z`);
};

const editionWords = {
  title: 'Paperboy: editions',
  description: 'What was trending, day by day',
};

const editionItems = (db: Db, baseUrl: string): readonly FeedItem[] => {
  const all = findTopic(db, everything.slug);
  return listEditionDays(db, editionsInFeed).flatMap(({ date, publishedAt }) => {
    const papers = all ? listLedOn(db, date, all.id) : [];
    if (papers.length === 0) return [];
    const url = `${baseUrl}/editions/${date}`;
    return {
      id: feedId(baseUrl, `edition:${date}`),
      url,
      title: `Trending on ${dayLabel(date)}`,
      summary: `The ${papers.length} papers that led on ${dayLabel(date)}`,
      html: `${listHtml(papers, baseUrl)}<p><a href="${url}">The whole edition, by topic</a></p>`,
      authors: [],
      categories: [],
      date: publishedAt,
    };
  });
};

// A feed without items has nothing to be dated by; it began when Paperboy did.
const beginning = Date.UTC(2026, 0, 1);

const document = (
  { baseUrl, hubFor }: FeedDeps,
  asked: {
    readonly subject: FeedSubject;
    readonly format: FeedFormat;
    readonly by: FeedGrouping;
  },
  content: {
    readonly title: string;
    readonly description: string;
    readonly items: readonly FeedItem[];
  },
): FeedDocument => {
  const { subject, format, by } = asked;
  const hub = hubFor?.(subject);
  const self = baseUrl + feedPath(subject, format, by);
  const { body, contentType } = renderFeed(
    {
      ...content,
      pageUrl: baseUrl + feedPage(subject),
      selfUrl: self,
      ...(hub !== undefined && { hubUrl: hub }),
      updatedAt: new Date(
        Math.max(...content.items.map((item) => item.date.getTime()), 0) || beginning,
      ),
    },
    format,
  );
  return { kind: 'ok', body, contentType, links: { self, ...(hub !== undefined && { hub }) } };
};
