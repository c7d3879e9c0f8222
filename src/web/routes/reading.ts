/** Pages for reading: everybody's, kept by caches for a minute. */
import { parsePeriod } from '../../domain/period.ts';
import type { Web } from '../client.ts';
import { answerFault } from '../faults.ts';
import { emptyForm } from '../forms.ts';
import { renderEditionPage, renderEditionsPage, renderPeriodPage } from '../pages/editions.ts';
import { renderHome } from '../pages/home.ts';
import { renderPaperPage } from '../pages/paper.ts';
import { renderTopicPage, renderTopicsPage } from '../pages/topics.ts';
import { findPublicTopic } from '../public-topic.ts';
import type { RouteTools } from '../tools.ts';
import { answerPage } from './answer-page.ts';

const onFrontPage = 10;
const onListPage = 30;

export const addReadingRoutes = (app: Web, tools: RouteTools): void => {
  const { deps, chrome } = tools;

  app.get('/', (c) => {
    // The same for everybody, so that it can be kept: the language is found out when the form comes.
    const values = { ...emptyForm, language: '' };
    const form = { values, errors: {}, topics: deps.listTopics(), guessZone: true };
    const listing = deps.listTrending({}, onFrontPage);
    return answerPage(c, renderHome(chrome(), { listing, status: deps.status(), form }));
  });

  app.get('/topics', (c) => answerPage(c, renderTopicsPage(chrome(), deps.listTopics())));

  app.get('/topics/:slug', (c) => {
    const topic = findPublicTopic(deps, c.req.param('slug'));
    if (topic === undefined) return answerFault(c, chrome(), 404);
    const listing = deps.listTrending({ topic: topic.slug }, onListPage);
    return answerPage(c, renderTopicPage(chrome(), topic, listing));
  });

  app.get('/editions', (c) => answerPage(c, renderEditionsPage(chrome(), deps.listEditions())));

  app.get('/editions/:period', (c) => {
    const period = parsePeriod(c.req.param('period'));
    if (period === undefined) return answerFault(c, chrome(), 404);
    const days = deps.listEditions().map(({ date }) => date);
    if (period.kind === 'day') {
      const edition = deps.findEdition(period.name);
      if (edition === undefined) return answerFault(c, chrome(), 404);
      return answerPage(c, renderEditionPage(chrome(), edition, c.req.query('topic'), days));
    }
    const view = deps.findPeriod(period);
    if (view === undefined) return answerFault(c, chrome(), 404);
    return answerPage(c, renderPeriodPage(chrome(), period, view, days));
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
