/** Looking for papers: the search page and the pages of authors. */
import { parseArxivId } from '../../domain/paper.ts';
import { isDay } from '../../domain/period.ts';
import { findCategory } from '../../domain/taxonomy.ts';
import type { Web, WebContext } from '../client.ts';
import type { TopicRow } from '../deps.ts';
import { answerFault } from '../faults.ts';
import { authorQuery } from '../forms.ts';
import { type Order, orders } from '../looking.ts';
import { renderAuthorPage } from '../pages/author.ts';
import { paperPath } from '../pages/format.ts';
import { type Asked, renderSearchPage } from '../pages/search.ts';
import type { RouteTools } from '../tools.ts';
import { answerPage } from './answer-page.ts';

const perPage = 20;
const mostPages = 50;
const longestSearch = 500;
const longestName = 100;

export const addSearchRoutes = (app: Web, tools: RouteTools): void => {
  app.get('/papers', (c) => answerSearch(c, tools));
  // Where many look first.
  app.get('/search', (c) => c.redirect(`/papers${new URL(c.req.url).search}`, 301));
  app.get('/authors/:name', (c) => answerAuthor(c, tools));
};

const answerSearch = (c: WebContext, { deps, chrome }: RouteTools) => {
  const asked = readAsked(c);
  // Who types an id wants that paper.
  const id = parseArxivId(asked.q);
  const named = id === undefined ? undefined : deps.paperById(id);
  if (named) return c.redirect(paperPath(named.id), 302);
  const problem = problemOf(asked);
  const empty = [asked.q, asked.cat, asked.from, asked.to].every((value) => value === '');
  const found = problem !== undefined || empty ? undefined : deps.browsePapers(toBrowsed(asked));
  const view = { asked, perPage, categories: categoriesOf(deps.listTopics()) };
  const page = renderSearchPage(chrome(), {
    ...view,
    ...(problem !== undefined && { problem }),
    ...(found && { found }),
  });
  return answerPage(c, page, problem !== undefined || found?.kind === 'bad-query' ? 400 : 200);
};

const readAsked = (c: WebContext): Asked => {
  const one = (name: string) => (c.req.query(name) ?? '').trim().slice(0, longestSearch);
  const q = one('q');
  const usual: Order = q === '' ? 'newest' : 'relevance';
  const sort = orders.find((order) => order === one('sort')) ?? usual;
  return {
    q,
    cat: one('cat'),
    from: one('from'),
    to: one('to'),
    sort: q === '' && sort === 'relevance' ? 'newest' : sort,
    page: readPage(c),
  };
};

const readPage = (c: WebContext): number => {
  const page = Number(c.req.query('page') ?? 1);
  return Number.isInteger(page) && page >= 1 && page <= mostPages ? page : 1;
};

const problemOf = ({ cat, from, to }: Asked): string | undefined => {
  if (cat !== '' && !findCategory(cat)) return `arXiv has no category “${cat}”.`;
  const wrong = [from, to].find((day) => day !== '' && !isDay(day));
  if (wrong !== undefined) return `“${wrong}” is no day. Days are written like 2026-03-20.`;
  if (from !== '' && to !== '' && from > to) return 'The first day comes after the last.';
  return undefined;
};

const toBrowsed = ({ q, cat, from, to, sort, page }: Asked) => ({
  text: q,
  category: cat === '' ? undefined : findCategory(cat)?.code,
  from: from === '' ? undefined : from,
  to: to === '' ? undefined : to,
  order: sort,
  offset: (page - 1) * perPage,
  limit: perPage,
});

const categoriesOf = (topics: readonly TopicRow[]): readonly TopicRow[] =>
  topics.filter((topic) => topic.kind === 'category');

const answerAuthor = (c: WebContext, { deps, chrome }: RouteTools) => {
  const name = (c.req.param('name') ?? '').trim();
  const page = readPage(c);
  if (name.length > longestName || deps.validateQuery(authorQuery(name)) !== undefined)
    return answerFault(c, chrome(), 404);
  const found = deps.browsePapers({
    text: authorQuery(name),
    order: 'newest',
    offset: (page - 1) * perPage,
    limit: perPage,
  });
  if (found.kind !== 'ok' || found.papers.length === 0) return answerFault(c, chrome(), 404);
  const papers = found.papers.map(({ paper }) => paper);
  return answerPage(
    c,
    renderAuthorPage(chrome(), { name, papers, total: found.total, page, perPage }),
  );
};
