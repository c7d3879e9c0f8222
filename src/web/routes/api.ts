/** The same reads as JSON. A wrong request is told what is wrong with it. */
import { z } from 'zod';
import { isDay } from '../../domain/period.ts';
import type { QueryFault } from '../../domain/query.ts';
import type { Web, WebContext } from '../client.ts';
import { editionJson, paperJson, paperViewJson, rankedJson, topicJson } from '../json.ts';
import { publicLists } from '../pages/editions.ts';
import { findPublicTopic } from '../public-topic.ts';
import type { RouteTools } from '../tools.ts';

const mostPapers = 200;
const usualPapers = 10;

const limitMessage = `limit is a whole number from 1 to ${mostPapers}`;
const limitSchema = z.coerce
  .number(limitMessage)
  .int(limitMessage)
  .min(1, limitMessage)
  .max(mostPapers, limitMessage)
  .default(usualPapers);
const querySchema = z
  .string()
  .trim()
  .min(1, 'q is empty')
  .max(500, 'q is longer than 500 characters');

const trendingSchema = z
  .object({
    topic: z.string().max(200).optional(),
    q: querySchema.optional(),
    limit: limitSchema,
  })
  .refine(
    ({ topic, q }) => topic === undefined || q === undefined,
    'topic and q exclude each other',
  );
const searchSchema = z.object({
  q: z.string('q is missing').pipe(querySchema),
  limit: limitSchema,
});

export const addApiRoutes = (app: Web, tools: RouteTools): void => {
  const { deps } = tools;
  app.use('/api/*', async (c, next) => {
    await next();
    if (c.res.ok) c.res.headers.set('Cache-Control', 'public, max-age=60');
  });

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
  const asked = trendingSchema.safeParse(c.req.query());
  if (!asked.success) return refuse(c, 400, wordsOf(asked.error));
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
  const asked = searchSchema.safeParse(c.req.query());
  if (!asked.success) return refuse(c, 400, wordsOf(asked.error));
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

const wordsOf = (error: z.ZodError): string =>
  error.issues.map((issue) => issue.message).join('; ');

const refuse = (c: WebContext, status: 400 | 404, message: string) =>
  c.json({ error: { message } }, status);

const noTopic = (c: WebContext, slug: string) => refuse(c, 404, `There is no topic "${slug}".`);

const refuseQuery = (c: WebContext, { message, position }: QueryFault) =>
  c.json({ error: { message, position } }, 400);
