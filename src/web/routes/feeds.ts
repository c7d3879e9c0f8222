import type { Web, WebContext } from '../client.ts';
import { isFresh } from '../conditional.ts';
import type { FeedFormat, FeedScope } from '../deps.ts';
import { answerFault } from '../faults.ts';
import type { RouteTools } from '../tools.ts';

const formats = [
  ['xml', 'rss'],
  ['atom', 'atom'],
  ['json', 'json'],
] as const satisfies readonly (readonly [string, FeedFormat])[];

// A reader's own feed is theirs: no shared cache keeps it, and a private one asks each time.
const publicCaching = 'public, max-age=600';
const privateCaching = 'private, no-cache';

export const addFeedRoutes = (app: Web, tools: RouteTools): void => {
  for (const [extension, format] of formats) {
    app.get(`/feed.${extension}`, (c) => answerFeed(c, tools, {}, format));
    app.get(`/topics/:slug/feed.${extension}`, (c) =>
      answerFeed(c, tools, { topic: c.req.param('slug') }, format),
    );
    app.get(`/papers/feed.${extension}`, (c) => {
      const query = (c.req.query('q') ?? '').trim();
      return answerFeed(c, tools, query === '' ? {} : { query }, format);
    });
  }

  app.get('/feeds/:file', (c) => {
    const [, token, extension] = /^(.+)\.(xml|atom|json)$/.exec(c.req.param('file')) ?? [];
    const format = formats.find(([name]) => name === extension)?.[1];
    if (token === undefined || format === undefined) return answerFault(c, tools.chrome(), 404);
    return answerFeed(c, tools, { token }, format);
  });

  app.get('/feeds.opml', (c) => {
    c.header('Cache-Control', publicCaching);
    return c.body(tools.deps.opml(), 200, { 'Content-Type': 'text/x-opml; charset=utf-8' });
  });
};

const answerFeed = (c: WebContext, tools: RouteTools, scope: FeedScope, format: FeedFormat) => {
  const { deps, chrome } = tools;
  // Another reader's query is a topic too, under a slug; it is not for everyone.
  if (scope.topic !== undefined && deps.findTopic(scope.topic)?.kind === 'own') {
    return answerFault(c, chrome(), 404);
  }
  const feed = deps.feed(scope, format);
  if (feed.kind === 'not-found') return answerFault(c, chrome(), 404);
  if (feed.kind === 'bad-query') {
    return c.text(`${feed.fault.message} (at character ${feed.fault.position + 1})\n`, 400);
  }
  if (scope.token !== undefined) {
    c.header('Referrer-Policy', 'no-referrer');
    c.header('X-Robots-Tag', 'noindex');
  }
  // RFC 9110 §15.4.5: a 304 carries what a 200 would have said about caching.
  c.header('ETag', feed.etag);
  if (feed.lastModified) c.header('Last-Modified', feed.lastModified.toUTCString());
  c.header('Cache-Control', scope.token === undefined ? publicCaching : privateCaching);
  // The proxy in front may compress, so a cache must keep the codings apart.
  c.header('Vary', 'Accept-Encoding');
  const conditions = {
    ifNoneMatch: c.req.header('if-none-match'),
    ifModifiedSince: c.req.header('if-modified-since'),
  };
  return isFresh(conditions, feed)
    ? c.body(null, 304)
    : c.body(feed.body, 200, { 'Content-Type': feed.contentType });
};
