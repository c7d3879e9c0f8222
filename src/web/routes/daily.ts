/** `GET /api/daily_papers` as Hugging Face has it, so that its clients work here. */
import type { WebContext } from '../client.ts';
import { dailyPaperJson } from '../daily-json.ts';
import { dailyQuery } from '../queries.ts';
import type { RouteTools } from '../tools.ts';
import { refuseQueryString } from './refuse.ts';

export const answerDaily = (c: WebContext, { deps }: RouteTools) => {
  const asked = dailyQuery.safeParse(c.req.query());
  if (!asked.success) return refuseQueryString(c, asked.error);
  const { date, sort, limit, p } = asked.data;
  const { papers, more } = deps.listDaily({
    ...(date !== undefined && { date }),
    order: sort === 'trending' ? 'trending' : 'newest',
    limit,
    page: p,
  });
  if (more) {
    const next = new URL('/api/daily_papers', deps.baseUrl);
    next.search = new URLSearchParams({ ...c.req.query(), p: String(p + 1) }).toString();
    c.header('Link', `<${next}>; rel="next"`);
  }
  return c.json(papers.map(dailyPaperJson));
};
