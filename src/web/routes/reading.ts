/** Pages for reading: everybody's, kept by caches for a minute. */
import type { Web, WebContext } from '../client.ts';
import { answerFault } from '../faults.ts';
import { renderEditionPage, renderEditionsPage } from '../pages/editions.ts';
import { renderHome } from '../pages/home.ts';
import type { Html } from '../pages/layout.ts';
import { renderPaperPage } from '../pages/paper.ts';
import { renderSearchPage, type SearchResult } from '../pages/search.ts';
import { renderTopicPage, renderTopicsPage } from '../pages/topics.ts';
import type { RouteTools } from '../tools.ts';
import { formFor } from './subscribe.ts';

const onFrontPage = 10;
const onListPage = 30;
const longestSearch = 500;

const answerPage = (c: WebContext, page: Html, status: 200 | 400 = 200) => {
  c.header('Cache-Control', 'public, max-age=60');
  return c.html(page, status);
};

export const addReadingRoutes = (app: Web, tools: RouteTools): void => {
  const { deps, chrome } = tools;

  app.get('/', (c) => {
    c.header('Vary', 'Accept-Language');
    const form = { values: formFor(c), errors: {}, topics: deps.listTopics(), guessZone: true };
    const listing = deps.listTrending({}, onFrontPage);
    return answerPage(c, renderHome(chrome(), { listing, status: deps.status(), form }));
  });

  app.get('/topics', (c) => answerPage(c, renderTopicsPage(chrome(), deps.listTopics())));

  app.get('/topics/:slug', (c) => {
    const topic = deps.findTopic(c.req.param('slug'));
    if (topic === undefined || topic.kind === 'own') return answerFault(c, chrome(), 404);
    const listing = deps.listTrending({ topic: topic.slug }, onListPage);
    return answerPage(c, renderTopicPage(chrome(), topic, listing));
  });

  app.get('/editions', (c) => answerPage(c, renderEditionsPage(chrome(), deps.listEditions())));

  app.get('/editions/:date', (c) => {
    const date = c.req.param('date');
    const edition = isDay(date) ? deps.findEdition(date) : undefined;
    if (edition === undefined) return answerFault(c, chrome(), 404);
    return answerPage(c, renderEditionPage(chrome(), edition, c.req.query('topic')));
  });

  app.get('/papers', (c) => {
    const query = (c.req.query('q') ?? '').trim().slice(0, longestSearch);
    const result = search(tools, query, c.req.query('sort') === 'trending');
    return answerPage(c, renderSearchPage(chrome(), query, result), isFaulty(result) ? 400 : 200);
  });
};

/** After the feeds of `/papers`: an old arXiv id holds a slash, so this takes any path below it. */
export const addPaperRoute = (app: Web, { deps, chrome }: RouteTools): void => {
  app.get('/papers/:id{.+}', (c) => {
    const view = deps.findPaper(c.req.param('id'));
    if (view === undefined) return answerFault(c, chrome(), 404);
    return answerPage(c, renderPaperPage(chrome(), view));
  });
};

const search = ({ deps }: RouteTools, query: string, trending: boolean): SearchResult => {
  if (query === '') return { kind: 'nothing-asked' };
  return trending
    ? { kind: 'trending', listing: deps.listTrending({ query }, onListPage) }
    : { kind: 'relevance', found: deps.searchPapers(query, onListPage) };
};

const isFaulty = (result: SearchResult): boolean =>
  (result.kind === 'relevance' && result.found.kind === 'bad-query') ||
  (result.kind === 'trending' && result.listing.kind === 'bad-query');

/** A day that exists, as `YYYY-MM-DD`. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().startsWith(text);
