/** A feed as RSS 2.0, Atom 1.0 or JSON Feed 1.1. */
import { generateAtomFeed, generateJsonFeed } from 'feedsmith';
import RSS from 'rss';
import type { FeedFormat } from '../domain/feed-subject.ts';
import { cleanText } from '../domain/paper.ts';
import type { Feed, FeedItem } from './feed.ts';

export type FeedText = { readonly body: string; readonly contentType: string };

/** Renders a feed; the same feed gives the same bytes. */
export const renderFeed = (feed: Feed, format: FeedFormat): FeedText => {
  const legible = { ...feed, ...cleaned(feed), items: feed.items.map(cleanItem) };
  switch (format) {
    case 'rss':
      return { body: renderRss(legible), contentType: 'application/rss+xml; charset=utf-8' };
    case 'atom':
      return { body: renderAtom(legible), contentType: 'application/atom+xml; charset=utf-8' };
    case 'json':
      return { body: renderJson(legible), contentType: 'application/feed+json; charset=utf-8' };
    default:
      return format satisfies never;
  }
};

// Papers were cleaned as they came in, but a query comes straight from an address: a character that
// XML cannot hold would make the whole feed unreadable.
const cleaned = ({ title, description }: Feed) => ({
  title: cleanText(title),
  description: cleanText(description),
});

const cleanItem = (item: FeedItem): FeedItem => ({
  ...item,
  title: cleanText(item.title),
  summary: cleanText(item.summary),
  html: cleanText(item.html),
  authors: item.authors.map(cleanText),
  categories: item.categories.map(cleanText),
});

const renderRss = (feed: Feed): string => {
  const rss = new RSS({
    title: feed.title,
    description: feed.description,
    site_url: feed.pageUrl,
    feed_url: feed.selfUrl,
    ...(feed.hubUrl && { hub: feed.hubUrl }),
    generator: 'Paperboy',
    pubDate: feed.updatedAt,
    language: 'en',
  });
  for (const item of feed.items)
    rss.item({
      title: item.title,
      description: item.summary,
      url: item.url,
      // An id that is no address: readers must not take it for one.
      guid: item.id,
      categories: [...item.categories],
      date: item.date,
      custom_elements: [
        ...item.authors.map((author) => ({ 'dc:creator': { _cdata: author } })),
        { 'content:encoded': { _cdata: item.html } },
      ],
    });
  // The package stamps the wall clock here, which would change the bytes at every request.
  return rss
    .xml({ indent: true })
    .replace(
      /<lastBuildDate>[^<]*<\/lastBuildDate>/,
      `<lastBuildDate>${feed.updatedAt.toUTCString()}</lastBuildDate>`,
    );
};

// The package sets a CDATA section on a line of its own, so that an id would begin and end with white
// space and be none. No text of ours holds a line break.
const renderAtom = (feed: Feed): string =>
  generateAtom(feed)
    .replace(/>\n\s*<!\[CDATA\[/g, '><![CDATA[')
    .replace(/\]\]>\n\s*<\//g, ']]></');

const generateAtom = (feed: Feed): string =>
  generateAtomFeed({
    id: feed.selfUrl,
    title: { value: feed.title },
    subtitle: { value: feed.description },
    updated: feed.updatedAt,
    generator: { text: 'Paperboy' },
    links: [
      { href: feed.selfUrl, rel: 'self', type: 'application/atom+xml' },
      { href: feed.pageUrl, rel: 'alternate', type: 'text/html' },
      ...(feed.hubUrl ? [{ href: feed.hubUrl, rel: 'hub' }] : []),
    ],
    authors: [{ name: 'Paperboy' }],
    entries: feed.items.map((item) => ({
      id: item.id,
      title: { value: item.title },
      updated: item.date,
      published: item.date,
      links: [{ href: item.url, rel: 'alternate', type: 'text/html' }],
      authors: item.authors.map((name) => ({ name })),
      categories: item.categories.map((term) => ({ term })),
      ...(item.summary && { summary: { value: item.summary } }),
      content: { value: item.html, type: 'html' },
    })),
  });

const renderJson = (feed: Feed): string => {
  const document = generateJsonFeed({
    title: feed.title,
    description: feed.description,
    home_page_url: feed.pageUrl,
    feed_url: feed.selfUrl,
    language: 'en',
    ...(feed.hubUrl && { hubs: [{ type: 'WebSub', url: feed.hubUrl }] }),
    items: feed.items.map((item) => ({
      id: item.id,
      url: item.url,
      title: item.title,
      summary: item.summary,
      content_html: item.html,
      authors: item.authors.map((name) => ({ name })),
      tags: [...item.categories],
      date_published: item.date,
    })),
  });
  // The package leaves out an empty list, which JSON Feed requires.
  return JSON.stringify({ items: [], ...(document as object) }, null, 2);
};
