/** Pages about the service itself. */
import type { Web } from '../client.ts';
import { renderEmbedPage } from '../pages/embed.ts';
import { renderPrivacyPage } from '../pages/privacy.ts';
import { renderTrendingExplained } from '../pages/trending-explained.ts';
import type { RouteTools } from '../tools.ts';
import { answerPage } from './answer-page.ts';

export const addAboutRoutes = (app: Web, { deps, chrome }: RouteTools): void => {
  app.get('/trending-explained', (c) => answerPage(c, renderTrendingExplained(chrome())));
  app.get('/privacy', (c) => answerPage(c, renderPrivacyPage(chrome())));
  app.get('/embed', (c) => {
    const topics = deps.listTopics();
    const chosen = topics.find(
      ({ slug, kind }) => kind !== 'own' && slug === (c.req.query('topic') ?? 'all'),
    );
    return answerPage(c, renderEmbedPage(chrome(), topics, chosen));
  });
};
