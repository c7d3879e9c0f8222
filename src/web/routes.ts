/** The whole web: every route behind the same guards, every failure answered in the house's look. */
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { type Assets, readAssets } from './assets.ts';
import type { Web, WebContext, WebEnv } from './client.ts';
import type { WebDeps } from './deps.ts';
import { answerFault } from './faults.ts';
import { preparedAnswers } from './front.ts';
import { isOwnPost, secretPage, securityHeaders } from './guard.ts';
import type { Chrome } from './pages/layout.ts';
import { createPublicCache, type PublicCache } from './public-cache.ts';
import { addAboutRoutes } from './routes/about.ts';
import { addApiRoutes } from './routes/api.ts';
import { addCardRoutes } from './routes/cards.ts';
import { addFeedbackRoutes } from './routes/feedback.ts';
import { addFeedRoutes } from './routes/feeds.ts';
import { addOperatingRoutes } from './routes/operating.ts';
import { addOutboxRoutes } from './routes/outbox.ts';
import { addReaderRoutes } from './routes/reader.ts';
import { addPaperRoute, addReadingRoutes } from './routes/reading.ts';
import { addSearchRoutes } from './routes/search.ts';
import { addSubscribeRoutes } from './routes/subscribe.ts';
import { addWebhookRoutes } from './routes/webhooks.ts';
import { limitSearches } from './search-limit.ts';
import type { RouteTools } from './tools.ts';

const mostBodyBytes = 64 * 1024;
// SNS sends up to 256 KB; SendGrid gathers events for seconds, of up to 768 KB in all.
const mostWebhookBytes = 1024 * 1024;
// Each pattern also takes the path without the slash and what follows.
const secretPaths = [
  ...['/confirm/*', '/manage/*', '/unsubscribe/*', '/digests/*', '/react/*', '/outbox/*'],
  '/status/*',
];

/** `cache` keeps what is everybody's; a server that is given it too answers from it directly. */
export const createWeb = (
  deps: WebDeps,
  cache: PublicCache = createPublicCache(deps.contentVersion),
): Web => {
  const app: Web = new Hono<WebEnv>();
  const assets = readAssets();
  const chrome = (): Chrome => ({ ...plainChrome(deps, assets), sample: deps.status().sample });
  const tools: RouteTools = { deps, assets, chrome };

  app.use(async (c, next) => {
    const from = performance.now();
    await next();
    const seconds = (performance.now() - from) / 1000;
    deps.observeRequest(patternOf(c), c.req.method, c.res.status, seconds);
  });
  // Readers' own pages; what may be kept comes compressed from within.
  app.use(compress({ contentTypeFilter: /^text\/html/ }));
  app.use(preparedAnswers(cache, deps.clock));
  app.use(securityHeaders(deps.secure));
  for (const path of secretPaths) app.use(path, secretPage);
  addPostGuards(app, deps, assets);
  app.use(limitSearches(deps, (c) => answerFault(c, plainChrome(deps, assets), 429)));

  // Before the pages whose addresses the feeds' continue.
  addFeedRoutes(app, tools);
  addReadingRoutes(app, tools);
  addSearchRoutes(app, tools);
  addAboutRoutes(app, tools);
  addCardRoutes(app, tools);
  addSubscribeRoutes(app, tools);
  addReaderRoutes(app, tools);
  addFeedbackRoutes(app, tools);
  addPaperRoute(app, tools);
  addApiRoutes(app, tools);
  addOutboxRoutes(app, tools);
  addOperatingRoutes(app, tools);
  addWebhookRoutes(app, tools);

  app.notFound((c) => answerFault(c, plainChrome(deps, assets), 404));
  app.onError((error, c) => {
    // The pattern of the route, never its address: addresses hold tokens.
    deps.log.error({ err: error, method: c.req.method, route: patternOf(c) }, 'request failed');
    return answerFault(c, plainChrome(deps, assets), 500);
  });
  return app;
};

// Asks nothing of the database, so that it also serves when the database is what failed.
const plainChrome = (deps: WebDeps, assets: Assets): Chrome => ({
  assets,
  baseUrl: deps.baseUrl,
  version: deps.version,
  now: deps.clock(),
  sample: false,
});

const addPostGuards = (app: Web, deps: WebDeps, assets: Assets): void => {
  app.use((c, next) =>
    deps.readOnly && c.req.method !== 'GET' && c.req.method !== 'HEAD'
      ? Promise.resolve(answerFault(c, plainChrome(deps, assets), 503))
      : next(),
  );
  const limit = (maxSize: number) =>
    bodyLimit({ maxSize, onError: (c) => answerFault(c, plainChrome(deps, assets), 413) });
  const [usual, webhook] = [limit(mostBodyBytes), limit(mostWebhookBytes)];
  app.use((c, next) => (c.req.path.startsWith('/webhooks/') ? webhook : usual)(c, next));
  app.use(async (c, next) => {
    // RFC 8058 §3.2: a one-click post comes from the mail provider, without cookie or origin.
    const oneClick = c.req.path.startsWith('/unsubscribe/');
    const holdsToken = /^\/(?:confirm|manage|react|status)\//.test(c.req.path);
    // A form on another site is refused there, with the form to look at and send again.
    const answersItself = c.req.path === '/subscribe';
    if (c.req.method !== 'POST' || oneClick || answersItself || isOwnPost(c, deps, holdsToken))
      return next();
    return answerFault(c, plainChrome(deps, assets), 403);
  });
};

const patternOf = (c: WebContext): string =>
  c.req.matchedRoutes.findLast((route) => route.method !== 'ALL')?.path ?? 'none';
