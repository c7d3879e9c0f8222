import type { FeedFormat, FeedGrouping, FeedSubject } from '../../domain/feed-subject.ts';
import { feedEndings, feedFormats } from '../../domain/feed-subject.ts';
import type { Web, WebContext } from '../client.ts';
import { answerFault } from '../faults.ts';
import { findPublicTopic } from '../public-topic.ts';
import type { RouteTools } from '../tools.ts';

// What trends moves slowly. All feeds move on together, at every tenth minute of the hour.
const tickMs = 10 * 60_000;
// A reader's own feed is theirs: no shared cache keeps it, and a private one asks each time.
const privateCaching = 'private, no-cache';
const longestQuery = 500;
const longestName = 200;

export const addFeedRoutes = (app: Web, tools: RouteTools): void => {
  for (const format of feedFormats) addFormat(app, tools, format);

  app.get('/feeds/:file', (c) => {
    const [, token, ending] = /^(.+)\.(xml|atom|json)$/.exec(c.req.param('file')) ?? [];
    const format = feedFormats.find((name) => feedEndings[name] === ending);
    if (token === undefined || format === undefined) return answerFault(c, tools.chrome(), 404);
    c.header('Referrer-Policy', 'no-referrer');
    c.header('X-Robots-Tag', 'noindex');
    return answerFeed(c, tools, { kind: 'reader', token }, format);
  });

  app.get('/feeds.opml', (c) => {
    c.header('Cache-Control', publicCaching(tools.deps.clock()));
    return c.body(tools.deps.opml(), 200, { 'Content-Type': 'text/x-opml; charset=utf-8' });
  });
};

const addFormat = (app: Web, tools: RouteTools, format: FeedFormat): void => {
  const ending = feedEndings[format];
  app.get(`/feed.${ending}`, (c) => answerFeed(c, tools, { kind: 'everything' }, format));
  app.get(`/topics/:slug/feed.${ending}`, (c) => {
    const topic = findPublicTopic(tools.deps, c.req.param('slug'));
    if (topic === undefined) return answerFault(c, tools.chrome(), 404);
    return answerFeed(c, tools, { kind: 'topic', slug: topic.slug }, format);
  });
  app.get(`/papers/feed.${ending}`, (c) => {
    const query = c.req.query('q')?.trim();
    const wrong = wordsAgainst('q', query, longestQuery);
    if (wrong !== undefined || query === undefined) return c.text(`${wrong}\n`, 400);
    return answerFeed(c, tools, { kind: 'query', query }, format);
  });
  app.get(`/authors/:name/feed.${ending}`, (c) => {
    const name = c.req.param('name').trim();
    const wrong = wordsAgainst('the name', name, longestName);
    if (wrong !== undefined) return c.text(`${wrong}\n`, 400);
    return answerFeed(c, tools, { kind: 'author', name }, format);
  });
  app.get(`/editions/feed.${ending}`, (c) => answerFeed(c, tools, { kind: 'editions' }, format));
};

// In the API's words.
const wordsAgainst = (what: string, text: string | undefined, most: number): string | undefined => {
  if (text === undefined) return `${what} is missing`;
  if (text === '') return `${what} is empty`;
  return text.length > most ? `${what} is longer than ${most} characters` : undefined;
};

const publicCaching = (now: Date): string => {
  const left = tickMs - (now.getTime() % tickMs);
  return `public, max-age=${Math.ceil(left / 1000)}`;
};

const answerFeed = (c: WebContext, tools: RouteTools, subject: FeedSubject, format: FeedFormat) => {
  const { deps, chrome } = tools;
  const by: FeedGrouping = c.req.query('by') === 'day' ? 'day' : 'paper';
  const feed = deps.feed(subject, format, by);
  switch (feed.kind) {
    case 'not-found':
      return answerFault(c, chrome(), 404);
    case 'bad-query':
      return c.text(`${feed.fault.message} (at character ${feed.fault.position + 1})\n`, 400);
    case 'ok':
      c.header(
        'Cache-Control',
        subject.kind === 'reader' ? privateCaching : publicCaching(deps.clock()),
      );
      // https://www.w3.org/TR/websub/#discovery: the header goes before what the feed itself says.
      if (feed.links?.hub !== undefined)
        c.header('Link', `<${feed.links.self}>; rel="self", <${feed.links.hub}>; rel="hub"`);
      return c.body(feed.body, 200, { 'Content-Type': feed.contentType });
    default:
      return feed satisfies never;
  }
};
