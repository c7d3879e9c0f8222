/** A feed as RSS 2.0, Atom 1.0 or JSON Feed 1.1. */
import { generateAtomFeed, generateJsonFeed } from 'feedsmith';
import RSS from 'rss';
import type { Feed, FeedFormat } from './feed.ts';

export type FeedText = { readonly body: string; readonly contentType: string };

/** Renders a feed; the same feed gives the same bytes. */
export const renderFeed = (feed: Feed, format: FeedFormat): FeedText => {
  switch (format) {
    case 'rss':
      return { body: renderRss(feed), contentType: 'application/rss+xml; charset=utf-8' };
    case 'atom':
      return { body: renderAtom(feed), contentType: 'application/atom+xml; charset=utf-8' };
    case 'json':
      return { body: renderJson(feed), contentType: 'application/feed+json; charset=utf-8' };
    default:
      return format satisfies never;
  }
};

const renderRss = (feed: Feed): string => {
  const rss = new RSS({
    title: feed.title,
    description: feed.description,
    site_url: feed.pageUrl,
    feed_url: feed.selfUrl,
    generator: 'Paperboy',
    pubDate: feed.updatedAt,
    language: 'en',
    custom_namespaces: { dc: 'http://purl.org/dc/elements/1.1/' },
  });
  for (const item of feed.items)
    rss.item({
      title: item.title,
      description: item.html,
      url: item.url,
      // An id that is no address: readers must not take it for one.
      guid: item.id,
      categories: [...item.categories],
      date: item.date,
      custom_elements: item.authors.map((author) => ({ 'dc:creator': { _cdata: author } })),
    });
  // The package stamps the wall clock here, which would change the bytes at every request.
  return rss
    .xml({ indent: true })
    .replace(
      /<lastBuildDate>[^<]*<\/lastBuildDate>/,
      `<lastBuildDate>${feed.updatedAt.toUTCString()}</lastBuildDate>`,
    );
};

const renderAtom = (feed: Feed): string =>
  generateAtomFeed({
    id: feed.selfUrl,
    title: { value: feed.title },
    subtitle: { value: feed.description },
    updated: feed.updatedAt,
    generator: { text: 'Paperboy' },
    links: [
      { href: feed.selfUrl, rel: 'self', type: 'application/atom+xml' },
      { href: feed.pageUrl, rel: 'alternate', type: 'text/html' },
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
      content: { value: item.html, type: 'html' },
    })),
  });

const renderJson = (feed: Feed): string =>
  JSON.stringify(
    generateJsonFeed({
      title: feed.title,
      description: feed.description,
      home_page_url: feed.pageUrl,
      feed_url: feed.selfUrl,
      language: 'en',
      items: feed.items.map((item) => ({
        id: item.id,
        url: item.url,
        title: item.title,
        content_html: item.html,
        authors: item.authors.map((name) => ({ name })),
        tags: [...item.categories],
        date_published: item.date,
      })),
    }),
    null,
    2,
  );
