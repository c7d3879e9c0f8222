/** The same reads as JSON. A wrong request is told what is wrong with it. */
import { isDay } from '../../domain/period.ts';
import type { Web, WebContext } from '../client.ts';
import { editionJson, paperJson, paperViewJson, rankedJson, topicJson } from '../json.ts';
import { describeApi } from '../openapi.ts';
import { publicLists } from '../pages/editions.ts';
import { findPublicTopic } from '../public-topic.ts';
import { searchQuery, trendingQuery } from '../queries.ts';
import type { RouteTools } from '../tools.ts';
import { answerDaily } from './daily.ts';
import { noTopic, refuse, refuseQuery, refuseQueryString } from './refuse.ts';

export const addApiRoutes = (app: Web, tools: RouteTools): void => {
  const { deps } = tools;
  app.use('/api/*', async (c, next) => {
    await next();
    if (c.res.ok) c.res.headers.set('Cache-Control', 'public, max-age=60');
  });

  app.get('/api/openapi.json', (c) => c.json(describeApi(deps)));
  app.get('/api/daily_papers', (c) => answerDaily(c, tools));
  app.get('/api/trending', (c) => answerTrending(c, tools));
  app.get('/api/search', (c) => answerSearch(c, tools));
  app.get('/api/topics', (c) =>
    c.json({
      topics: deps
        .listTopics()
        .filter((topic) => topic.kind !== 'own')
        .map(topicJson),
    }),
  );
  app.get('/api/topics/:slug/preview', (c) => answerPreview(c, tools));
  app.get('/api/papers/:id{.+}', (c) => {
    const view = deps.findPaper(c.req.param('id'));
    return view ? c.json(paperViewJson(view)) : refuse(c, 404, 'There is no such paper.');
  });
  app.get('/api/editions', (c) => c.json({ editions: deps.listEditions().map(editionJson) }));
  app.get('/api/editions/:date', (c) => {
    const date = c.req.param('date');
    const edition = isDay(date) ? deps.findEdition(date) : undefined;
    if (edition === undefined) return refuse(c, 404, 'There is no such edition.');
    const lists = publicLists(edition).map((list) => ({
      topic: list.topic.slug,
      papers: list.papers.map(rankedJson),
    }));
    return c.json({ date: edition.date, publishedAt: edition.publishedAt.toISOString(), lists });
  });
};

const answerTrending = (c: WebContext, { deps }: RouteTools) => {
  const asked = trendingQuery.safeParse(c.req.query());
  if (!asked.success) return refuseQueryString(c, asked.error);
  const { topic, q, limit } = asked.data;
  if (topic !== undefined && !findPublicTopic(deps, topic)) return noTopic(c, topic);
  const listing = deps.listTrending({ ...(topic && { topic }), ...(q && { query: q }) }, limit);
  switch (listing.kind) {
    case 'ok':
      return c.json({
        asOf: listing.asOf.toISOString(),
        rankedAt: listing.rankedAt.toISOString(),
        papers: listing.papers.map(rankedJson),
      });
    case 'unknown-topic':
      return noTopic(c, listing.slug);
    case 'bad-query':
      return refuseQuery(c, listing.fault);
    default:
      return listing satisfies never;
  }
};

const inPreview = 5;

const answerPreview = (c: WebContext, { deps }: RouteTools) => {
  const week = deps.previewWeek(c.req.param('slug') ?? '', inPreview);
  switch (week.kind) {
    case 'ok':
      return c.json({
        name: week.name,
        until: week.until.toISOString(),
        papers: week.papers,
        best: week.best.map(rankedJson),
      });
    case 'unknown-topic':
      return noTopic(c, week.slug);
    case 'bad-query':
      return refuseQuery(c, week.fault);
    default:
      return week satisfies never;
  }
};

const answerSearch = (c: WebContext, { deps }: RouteTools) => {
  const asked = searchQuery.safeParse(c.req.query());
  if (!asked.success) return refuseQueryString(c, asked.error);
  const found = deps.searchPapers(asked.data.q, asked.data.limit);
  if (found.kind === 'bad-query') return refuseQuery(c, found.fault);
  return c.json({
    papers: found.papers.map(({ paper, score }, index) => ({
      rank: index + 1,
      ...paperJson(paper),
      score,
    })),
    ...(found.hints && { hints: found.hints }),
  });
};
