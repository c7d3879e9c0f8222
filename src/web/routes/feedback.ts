/** More like this, less like this, mute: a page for each paper of a reader's mail. */
import { isReactionKind } from '../../domain/liking.ts';
import type { Web, WebContext } from '../client.ts';
import type { Feedback } from '../deps.ts';
import { answerFault } from '../faults.ts';
import { type FormBody, textOf } from '../forms.ts';
import { renderFeedbackPage } from '../pages/feedback.ts';
import { renderDeadLink } from '../pages/reader.ts';
import type { RouteTools } from '../tools.ts';
import { readBody } from './subscribe.ts';

const longestTerm = 200;

// An old arXiv id holds a slash, so the id is whatever follows the token.
const path = '/react/:token/:id{.+}';

export const addFeedbackRoutes = (app: Web, { deps, chrome }: RouteTools): void => {
  const deadLink = (c: WebContext) => c.html(renderDeadLink(chrome()), 404);
  app.get('/react/*', (c, next) => (c.req.path.split('/').length < 4 ? deadLink(c) : next()));

  app.get(path, (c) => {
    const view = deps.viewFeedback(c.req.param('token'), c.req.param('id'));
    if (view === undefined) return deadLink(c);
    const asked = c.req.query('say');
    return c.html(renderFeedbackPage(chrome(), c.req.path, { view, asked }));
  });

  app.post(path, async (c) => {
    const [token, id] = [c.req.param('token'), c.req.param('id')];
    const feedback = readFeedback(await readBody(c));
    if (feedback === undefined) return answerFault(c, chrome(), 400);
    const outcome = deps.giveFeedback(token, id, feedback);
    switch (outcome.kind) {
      case 'done':
        return c.redirect(`${c.req.path}?say=done`, 303);
      case 'invalid':
        return deadLink(c);
      case 'refused': {
        const view = deps.viewFeedback(token, id);
        if (view === undefined) return deadLink(c);
        const { problem } = outcome;
        return c.html(renderFeedbackPage(chrome(), c.req.path, { view, problem }), 422);
      }
      default:
        return outcome satisfies never;
    }
  });
};

const readFeedback = (body: FormBody): Feedback | undefined => {
  const said = textOf(body.say) ?? '';
  if (isReactionKind(said) || said === 'none') return { kind: said };
  const term = (textOf(body.term) ?? '').trim();
  const isTerm = term !== '' && term.length <= longestTerm;
  return isTerm && (said === 'mute' || said === 'unmute') ? { kind: said, term } : undefined;
};
