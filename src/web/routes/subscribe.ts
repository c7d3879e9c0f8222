import { callerKey, isLocalPerson, type Web, type WebContext } from '../client.ts';
import type { WebDeps } from '../deps.ts';
import { answerFault } from '../faults.ts';
import { parseSubscription, readForm, type TopicKnowledge, textOf } from '../forms.ts';
import { renderAccepted, renderSubscribePage } from '../pages/home.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { RouteTools } from '../tools.ts';

const minuteMs = 60_000;
const mostCallers = 10_000;

export const addSubscribeRoutes = (app: Web, { deps, chrome }: RouteTools): void => {
  const limit = createRateLimit(
    [
      { limit: 10, lengthMs: minuteMs },
      { limit: 60, lengthMs: 60 * minuteMs },
    ],
    mostCallers,
  );

  app.get('/subscribe', (c) => {
    const asked = readForm(c.req.queries());
    const values = { ...asked, email: '', queries: (c.req.query('queries') ?? '').slice(0, 500) };
    const form = { values, errors: {}, topics: deps.listTopics(), guessZone: true };
    return c.html(renderSubscribePage(chrome(), form));
  });

  app.post('/subscribe', async (c) => {
    c.header('Cache-Control', 'no-store');
    const verdict = limit(callerKey(c, deps.trustProxy), deps.clock());
    if (verdict.kind === 'limited') {
      c.header('Retry-After', String(Math.ceil(verdict.retryAfterMs / 1000)));
      return answerFault(c, chrome(), 429);
    }
    const body = await readBody(c);
    const values = readForm(body);
    const outbox = deps.outboxDir !== undefined && isLocalPerson(c, deps);
    const parsed = parseSubscription(values, knowledgeOf(deps));
    if (parsed.kind === 'invalid') {
      const form = { values, errors: parsed.errors, topics: deps.listTopics() };
      return c.html(renderSubscribePage(chrome(), form), 422);
    }
    // Only a machine fills the field nobody sees; it learns nothing from being ignored.
    const byMachine = (textOf(body.website) ?? '') !== '';
    if (!byMachine) deps.subscribe(parsed.value);
    return c.html(renderAccepted(chrome(), parsed.value.email, outbox));
  });
};

/** A form's body, urlencoded or multipart; anything else is an empty form. */
export const readBody = async (c: WebContext): Promise<Readonly<Record<string, unknown>>> => {
  try {
    return await c.req.parseBody({ all: true });
  } catch {
    return {};
  }
};

export const knowledgeOf = (deps: WebDeps): TopicKnowledge => ({
  isTopic: (slug) => {
    const topic = deps.findTopic(slug);
    return topic !== undefined && topic.kind !== 'own';
  },
  validateQuery: deps.validateQuery,
});
