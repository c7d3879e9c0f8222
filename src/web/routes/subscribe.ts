import { setTimeout as sleep } from 'node:timers/promises';
import { pickLanguage } from '../../domain/language.ts';
import type { Settings } from '../../domain/subscription.ts';
import { parseSettings, parseSubscription, type TopicKnowledge } from '../check-form.ts';
import { callerKey, isLocalPerson, type Web, type WebContext } from '../client.ts';
import type { WebDeps } from '../deps.ts';
import { answerFault } from '../faults.ts';
import { emptyForm, type FormErrors, type FormValues, readForm, textOf } from '../forms.ts';
import { isOwnPost } from '../guard.ts';
import type { Preview } from '../pages/preview.ts';
import { renderAccepted, renderSubscribePage } from '../pages/subscribe.ts';
import { findPublicTopic } from '../public-topic.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { RouteTools } from '../tools.ts';

const minuteMs = 60_000;
const mostCallers = 10_000;
const perMinute = { subscriptions: 10, previews: 30 };

// More than a durable write takes; no more than a person notices.
const answerMs = 60;

export const addSubscribeRoutes = (app: Web, tools: RouteTools): void => {
  const { deps, chrome } = tools;
  const limitTo = (limit: number) =>
    createRateLimit(
      [
        { limit, lengthMs: minuteMs },
        { limit: 6 * limit, lengthMs: 60 * minuteMs },
      ],
      mostCallers,
    );
  const limits = {
    subscribe: limitTo(perMinute.subscriptions),
    preview: limitTo(perMinute.previews),
  };

  app.get('/subscribe', (c) => {
    const asked = readForm(c.req.queries(), formFor(c));
    const one = (name: string) => (c.req.query(name) ?? '').slice(0, 500);
    const own = { queries: one('queries'), authors: one('authors'), muted: one('muted') };
    return showForm(c, tools, { ...asked, email: '', ...own });
  });

  app.post('/subscribe', async (c) => {
    c.header('Cache-Control', 'no-store');
    const body = await readBody(c);
    const intent = textOf(body.intent) === 'preview' ? 'preview' : 'subscribe';
    const verdict = limits[intent](callerKey(c, deps.trustProxy), deps.clock());
    if (verdict.kind === 'limited') {
      c.header('Retry-After', String(Math.ceil(verdict.retryAfterMs / 1000)));
      return answerFault(c, chrome(), 429);
    }
    const values = readForm(body, formFor(c));
    if (!isOwnPost(c, deps, false)) return showForeign(c, tools, values);
    if (intent === 'preview') return showPreview(c, tools, values);
    const parsed = parseSubscription(values, knowledgeOf(deps));
    if (parsed.kind === 'invalid') return showForm(c, tools, values, parsed.errors);
    // Taking an address in, or not, costs a different time for each standing it may have.
    const sameForAll = sleep(answerMs);
    // Only a machine fills the field nobody sees; it learns nothing from being ignored.
    const byMachine = (textOf(body.website) ?? '') !== '';
    if (!byMachine) deps.subscribe(parsed.value);
    await sameForAll;
    const outbox = deps.outboxDir !== undefined && isLocalPerson(c, deps);
    return c.html(renderAccepted(chrome(), parsed.value.email, outbox));
  });
};

const showForm = (
  c: WebContext,
  { deps, chrome }: RouteTools,
  values: FormValues,
  errors: FormErrors = {},
  preview?: Preview,
) => {
  const faulty = Object.keys(errors).length > 0;
  const guessZone = c.req.method === 'GET';
  const form = { values, errors, topics: deps.listTopics(), guessZone };
  return c.html(renderSubscribePage(chrome(), form, preview && { preview }), faulty ? 422 : 200);
};

/**
 * A form on another site subscribes nobody: it may have been sent by a script, in the name of who
 * only visited a page. It is shown filled in, to be sent from here.
 */
const showForeign = (c: WebContext, { deps, chrome }: RouteTools, values: FormValues) => {
  const form = { values, errors: {}, topics: deps.listTopics(), guessZone: true };
  return c.html(renderSubscribePage(chrome(), form, { foreign: true }), 403);
};

/** What the form as it stands would bring. An address is not needed for that. */
const showPreview = (c: WebContext, tools: RouteTools, values: FormValues) => {
  const parsed = parseSettings(values, knowledgeOf(tools.deps));
  if (parsed.kind === 'invalid') return showForm(c, tools, values, parsed.errors);
  return showForm(c, tools, values, {}, previewOf(tools.deps, parsed.value));
};

/** The next digest of some settings, and the week of each of their topics. */
export const previewOf = (deps: WebDeps, settings: Settings, manageToken?: string): Preview => ({
  digest: deps.previewDigest(settings, manageToken),
  weeks: settings.topics.flatMap((topic) => {
    const week = deps.previewWeek(topic, 0);
    return week.kind === 'ok' ? [week] : [];
  }),
});

/** An empty form in the language the caller's browser asks for. */
export const formFor = (c: WebContext): FormValues => ({
  ...emptyForm,
  language: pickLanguage(c.req.header('accept-language')),
});

/** A form's body, urlencoded or multipart; anything else is an empty form. */
export const readBody = async (c: WebContext): Promise<Readonly<Record<string, unknown>>> => {
  try {
    return await c.req.parseBody({ all: true });
  } catch {
    return {};
  }
};

export const knowledgeOf = (deps: WebDeps): TopicKnowledge => ({
  isTopic: (slug) => findPublicTopic(deps, slug) !== undefined,
  validateQuery: deps.validateQuery,
  validateMuted: deps.validateMuted,
});
