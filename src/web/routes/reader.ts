/** What a reader does by the links in their mails. A token is the only proof there is. */
import { isPauseLength } from '../../domain/pause.ts';
import type { Settings } from '../../domain/subscription.ts';
import { parseSettings } from '../check-form.ts';
import type { Web, WebContext } from '../client.ts';
import type { ReaderView, TokenPurpose } from '../deps.ts';
import { answerFault } from '../faults.ts';
import {
  emptyForm,
  type FormBody,
  type FormErrors,
  type FormValues,
  formOf,
  readForm,
  textOf,
} from '../forms.ts';
import { isOwnPost, mailPolicy } from '../guard.ts';
import { renderManagePage } from '../pages/manage.ts';
import type { Preview } from '../pages/preview.ts';
import {
  renderConfirmed,
  renderConfirmedBefore,
  renderConfirmPage,
  renderDeadLink,
  renderErased,
  renderLeft,
  renderSuppressed,
  renderUnsubscribed,
  renderUnsubscribePage,
} from '../pages/reader.ts';
import type { RouteTools } from '../tools.ts';
import { knowledgeOf, previewOf, readBody } from './subscribe.ts';

export const addReaderRoutes = (app: Web, tools: RouteTools): void => {
  const { deps, chrome } = tools;
  const deadLink = (c: WebContext) => c.html(renderDeadLink(chrome()), 404);

  app.get('/confirm/:token', (c) => {
    const token = c.req.param('token');
    const reader = deps.findByToken('confirm', token);
    if (reader === undefined) return deadLink(c);
    if (reader.hasLeft) return c.html(renderLeft(chrome(), token, reader));
    // Who left and asked again is unsubscribed until the button is pressed.
    const isDone = reader.suppressed || reader.status === 'active' || reader.status === 'paused';
    return c.html(
      isDone ? renderConfirmedBefore(chrome(), reader) : renderConfirmPage(chrome(), token, reader),
    );
  });

  app.post('/confirm/:token', async (c) => {
    const token = c.req.param('token');
    if (textOf((await readBody(c)).intent) === 'again')
      return answerAgain(c, tools, 'confirm', token);
    const outcome = deps.confirm(token);
    if (outcome.kind === 'confirmed') {
      const reader = deps.findByToken('manage', outcome.manageToken);
      return c.html(
        reader?.suppressed
          ? renderSuppressed(chrome(), reader)
          : renderConfirmed(chrome(), outcome.manageToken, reader),
      );
    }
    // The button of a page that was open while its reader left.
    const reader = deps.findByToken('confirm', token);
    return reader ? c.html(renderLeft(chrome(), token, reader), 409) : deadLink(c);
  });

  app.get('/unsubscribe/:token', (c) => {
    const token = c.req.param('token');
    const reader = deps.findByToken('unsubscribe', token);
    return reader ? c.html(renderUnsubscribePage(chrome(), token, reader)) : deadLink(c);
  });

  // RFC 8058 §3.1: acts at once, needs nothing but the address, answers without a redirect. Only a
  // person's click on our own button says whose it was.
  app.post('/unsubscribe/:token', async (c) => {
    const body = await readBody(c).catch((): FormBody => ({}));
    const token = c.req.param('token');
    if (textOf(body.intent) === 'again')
      return isOwnPost(c, deps, true)
        ? answerAgain(c, tools, 'unsubscribe', token)
        : answerFault(c, chrome(), 403);
    const by = textOf(body.by) === 'page' ? 'page' : 'one-click';
    const outcome = deps.unsubscribe(token, by);
    const reader = deps.findByToken('unsubscribe', token);
    if (outcome.kind === 'invalid' || reader === undefined) return deadLink(c);
    return c.html(renderUnsubscribed(chrome(), token, reader));
  });

  app.get('/digests/:token', (c) => {
    const digest = deps.digestByToken(c.req.param('token'));
    if (digest === undefined) return deadLink(c);
    c.header('Content-Security-Policy', mailPolicy("'none'"));
    return c.html(digest.html);
  });

  addManageRoutes(app, tools, deadLink);
};

/** Any token from a mail proves the address, but only that of the settings leads to them. */
const answerAgain = (
  c: WebContext,
  { deps, chrome }: RouteTools,
  purpose: TokenPurpose,
  token: string,
) => {
  const outcome = deps.subscribeAgain(purpose, token);
  const reader = deps.findByToken(purpose, token);
  if (outcome.kind === 'invalid' || reader === undefined)
    return c.html(renderDeadLink(chrome()), 404);
  return outcome.kind === 'suppressed'
    ? c.html(renderSuppressed(chrome(), reader), 409)
    : c.html(renderConfirmed(chrome(), purpose === 'manage' ? token : undefined, reader));
};

const addManageRoutes = (
  app: Web,
  tools: RouteTools,
  deadLink: (c: WebContext) => Response | Promise<Response>,
): void => {
  const { deps, chrome } = tools;

  app.get('/manage/:token', (c) => {
    const token = c.req.param('token');
    const reader = deps.findByToken('manage', token);
    if (reader === undefined) return deadLink(c);
    const values = formOf(reader.settings);
    return showSettings(c, tools, { token, reader, values, errors: {} });
  });

  app.get('/manage/:token/data.json', (c) => {
    const data = deps.exportReader(c.req.param('token'));
    if (data === undefined) return deadLink(c);
    c.header('Content-Disposition', 'attachment; filename="paperboy.json"');
    return c.body(JSON.stringify(data, null, 2), 200, { 'Content-Type': 'application/json' });
  });

  app.post('/manage/:token', async (c) => {
    const token = c.req.param('token');
    const reader = deps.findByToken('manage', token);
    if (reader === undefined) return deadLink(c);
    const body = await readBody(c);
    switch (textOf(body.intent)) {
      case 'save':
        return saveSettings(c, tools, token, reader, body);
      case 'preview':
        return showPreview(c, tools, token, reader, body);
      case 'pause':
        return saved(c, token, deps.pause(token, pauseLengthOf(body)), deadLink);
      case 'resume':
        return saved(c, token, deps.changeSettings(token, reader.settings, 'active'), deadLink);
      case 'again':
        return answerAgain(c, tools, 'manage', token);
      case 'forget':
        return saved(c, token, deps.forgetReaction(token, textOf(body.paper) ?? ''), deadLink);
      case 'erase':
        if (textOf(body.sure) !== 'yes')
          return c.redirect(`/manage/${encodeURIComponent(token)}`, 303);
        return deps.eraseReader(token).kind === 'erased'
          ? c.html(renderErased(chrome()))
          : deadLink(c);
      default:
        return answerFault(c, chrome(), 400);
    }
  });
};

/** Without a length, or with one we do not know, a pause lasts until the reader resumes. */
const pauseLengthOf = (body: FormBody) => {
  const length = textOf(body.for) ?? '';
  return isPauseLength(length) ? length : undefined;
};

type Shown = {
  readonly token: string;
  readonly reader: ReaderView;
  readonly values: FormValues;
  readonly errors: FormErrors;
  readonly preview?: Preview;
};

const showSettings = (c: WebContext, { deps, chrome }: RouteTools, shown: Shown) => {
  const { token, reader, values, errors, preview } = shown;
  const form = { values, errors, topics: deps.listTopics() };
  const faulty = Object.keys(errors).length > 0;
  const wasSaved = c.req.query('saved') !== undefined && !faulty;
  const page = renderManagePage(chrome(), {
    ...{ token, reader, form, saved: wasSaved, reactions: deps.listReactions(token) },
    ...(preview && { preview }),
  });
  return c.html(page, faulty ? 422 : 200);
};

/** What the form as it stands would bring; nothing is saved. */
const showPreview = (
  c: WebContext,
  tools: RouteTools,
  token: string,
  reader: ReaderView,
  body: FormBody,
) => {
  const values = readForm(body, { ...emptyForm, language: reader.settings.language });
  const parsed = parseSettings(values, knowledgeOf(tools.deps));
  if (parsed.kind === 'invalid')
    return showSettings(c, tools, { token, reader, values, errors: parsed.errors });
  const preview = previewOf(tools.deps, parsed.value, token);
  return showSettings(c, tools, { token, reader, values, errors: {}, preview });
};

const saveSettings = (
  c: WebContext,
  tools: RouteTools,
  token: string,
  reader: ReaderView,
  body: FormBody,
) => {
  const values = readForm(body, { ...emptyForm, language: reader.settings.language });
  const parsed = parseSettings(values, knowledgeOf(tools.deps));
  if (parsed.kind === 'invalid') {
    return showSettings(c, tools, { token, reader, values, errors: parsed.errors });
  }
  const settings = keepOrder(parsed.value, reader.settings);
  if (tools.deps.changeSettings(token, settings).kind === 'invalid') {
    return answerFault(c, tools.chrome(), 404);
  }
  return c.redirect(`/manage/${encodeURIComponent(token)}?saved`, 303);
};

/** The page lists topics in its own order; a reader's order of those they keep stays theirs. */
const keepOrder = (settings: Settings, before: Settings): Settings => {
  const place = (topic: string) => {
    const index = before.topics.indexOf(topic);
    return index < 0 ? before.topics.length : index;
  };
  return { ...settings, topics: settings.topics.toSorted((a, b) => place(a) - place(b)) };
};

const saved = (
  c: WebContext,
  token: string,
  outcome: { readonly kind: 'changed' | 'invalid' },
  deadLink: (c: WebContext) => Response | Promise<Response>,
) =>
  outcome.kind === 'changed'
    ? c.redirect(`/manage/${encodeURIComponent(token)}?saved`, 303)
    : deadLink(c);
