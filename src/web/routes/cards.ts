/** Pictures: what stands beside a link to a page where people share it, and the icons. */

import { parsePeriod } from '../../domain/period.ts';
import { renderTex } from '../../domain/tex.ts';
import { type Card, drawCard } from '../card.ts';
import type { Web, WebContext } from '../client.ts';
import type { WebDeps } from '../deps.ts';
import { answerFault } from '../faults.ts';
import { plural, renderAuthors, renderDate, renderMonth, topicName } from '../pages/format.ts';
import { createPictures } from '../pictures.ts';
import type { RouteTools } from '../tools.ts';

const cardWidth = 1200;

export const addCardRoutes = (app: Web, { deps, chrome, assets }: RouteTools): void => {
  const pictures = createPictures();
  const answer = async (c: WebContext, svg: string, width: number) => {
    c.header('Cache-Control', 'public, max-age=86400');
    return c.body(await pictures.png(svg, width), 200, { 'Content-Type': 'image/png' });
  };
  const answerCard = (c: WebContext, card: Card | undefined) =>
    card ? answer(c, drawCard(card), cardWidth) : answerFault(c, chrome(), 404);

  app.get('/cards/home.png', (c) => answerCard(c, homeCard(deps)));
  app.get('/cards/topics/:file', (c) => answerCard(c, topicCard(deps, nameOf(c))));
  app.get('/cards/editions/:file', (c) => answerCard(c, editionCard(deps, nameOf(c))));
  app.get('/cards/papers/:file{.+}', (c) => answerCard(c, paperCard(deps, nameOf(c))));
  // Asked for by browsers and phones under these names, whatever a page says.
  app.get('/favicon.ico', (c) => answer(c, assets.icon.body, 48));
  app.get('/apple-touch-icon.png', (c) => answer(c, assets.icon.body, 180));
};

/** The file's name without its ending; without the ending it names nothing. */
const nameOf = (c: WebContext): string => {
  const file = c.req.param('file') ?? '';
  return file.endsWith('.png') ? file.slice(0, -'.png'.length) : '';
};

const hostOf = (deps: WebDeps): string => new URL(deps.baseUrl).host;

const homeCard = (deps: WebDeps): Card => ({
  kicker: 'Trending papers, once a day',
  title: 'Papers worth your coffee',
  line: hostOf(deps),
});

const topicCard = (deps: WebDeps, slug: string): Card | undefined => {
  const topic = deps.findTopic(slug);
  if (topic === undefined || topic.kind === 'own') return undefined;
  return {
    kicker: topic.kind === 'category' ? topic.slug : topic.group,
    title: `Trending in ${topicName(topic)}`,
    line: `${plural(topic.papers, 'paper')} · ${hostOf(deps)}`,
  };
};

const editionCard = (deps: WebDeps, name: string): Card | undefined => {
  const period = parsePeriod(name);
  if (period === undefined) return undefined;
  if (period.kind === 'month') return periodCard(deps, 'The month', renderMonth(period.from));
  return period.kind === 'day'
    ? periodCard(deps, 'The edition of', renderDate(period.from))
    : periodCard(deps, 'The week', `Week ${Number(name.slice(6))} of ${name.slice(0, 4)}`);
};

const periodCard = (deps: WebDeps, kicker: string, title: string): Card => ({
  kicker,
  title,
  line: `What was trending · ${hostOf(deps)}`,
});

const paperCard = (deps: WebDeps, id: string): Card | undefined => {
  const paper = deps.paperById(id);
  const day = paper?.listedOn ?? paper?.publishedAt;
  return (
    paper && {
      kicker: [...paper.categories.slice(0, 2), ...(day ? [renderDate(day)] : [])].join(' · '),
      title: renderTex(paper.title),
      line: renderAuthors(paper.authors, 3),
    }
  );
};
