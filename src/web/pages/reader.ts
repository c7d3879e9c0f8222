/** The pages behind the links in a reader's own mails. */
import { html } from 'hono/html';
import type { Settings } from '../../domain/subscription.ts';
import type { ReaderView } from '../deps.ts';
import { plural } from './format.ts';
import { type Chrome, type Html, renderMessage, renderPage } from './layout.ts';
import { renderErrorSummary, renderSettingsFields, type SettingsForm } from './settings-form.ts';

export const renderDeadLink = (chrome: Chrome): Html =>
  renderMessage(chrome, {
    title: 'This link does not work',
    body: html`<p>It may be cut off, too old, or belong to a subscription that is gone. The newest mail from Paperboy has links that work.</p>
<p><a href="/#subscribe">Subscribe</a> again, or go to <a href="/">today’s papers</a>.</p>`,
  });

export const renderConfirmPage = (chrome: Chrome, token: string, reader: ReaderView): Html =>
  renderMessage(chrome, {
    title: 'Confirm your subscription',
    body: html`<p class="lead">Paperboy will write to <strong>${reader.email}</strong>: ${describe(reader.settings)}.</p>
<form method="post" action="/confirm/${token}"><p><button type="submit">Confirm</button></p></form>
<p class="hint">You did not ask for this? Do nothing, and no further mail comes.</p>`,
  });

export const renderConfirmed = (
  chrome: Chrome,
  manageToken: string,
  reader: ReaderView | undefined,
): Html =>
  renderMessage(chrome, {
    title: 'You are subscribed',
    body: html`<p class="lead">${reader ? html`Paperboy comes to <strong>${reader.email}</strong>: ${describe(reader.settings)}.` : ''}</p>
<p class="actions"><a class="button" href="/">See today’s papers</a> <a class="button quiet" href="/manage/${manageToken}">Change your settings</a></p>`,
  });

const describe = (settings: Settings): string => {
  const days = { daily: 'every day', weekdays: 'Monday to Friday', weekly: 'once a week' };
  const hour = `${String(settings.hour).padStart(2, '0')}:00`;
  return `${plural(settings.papers, 'paper')} at most, ${days[settings.frequency.kind]} from ${hour} (${settings.timeZone}), out of ${plural(settings.topics.length, 'topic')}`;
};

export const renderManagePage = (
  chrome: Chrome,
  parts: {
    readonly token: string;
    readonly reader: ReaderView;
    readonly form: SettingsForm;
    readonly saved: boolean;
  },
): Html => {
  const { token, reader, form, saved } = parts;
  const action = `/manage/${token}`;
  return renderPage(chrome, {
    title: 'Your settings',
    main: html`<div class="narrow">${renderErrorSummary(form.errors)}
${saved ? html`<p class="done" role="status">Saved.</p>` : ''}
<h1>Your settings</h1>
<p>For <strong>${reader.email}</strong>, ${statusWords[reader.status]}.</p>
<form class="coupon" method="post" action="${action}" novalidate><input type="hidden" name="intent" value="save">
${renderSettingsFields(form)}<p><button type="submit">Save</button></p></form>
${renderOtherActions(action, reader)}</div>`,
  });
};

const statusWords = {
  unconfirmed: 'not confirmed yet',
  active: 'delivered as you like',
  paused: 'paused: no mail comes until you resume',
  unsubscribed: 'unsubscribed: no mail comes',
} as const;

const renderOtherActions = (action: string, reader: ReaderView): Html => html`
<section><h2>A break, or goodbye</h2><div class="actions">
${reader.status === 'active' ? renderIntent(action, 'pause', 'Pause') : ''}
${reader.status === 'paused' ? renderIntent(action, 'resume', 'Resume') : ''}
${reader.status === 'unsubscribed' ? '' : html`<a class="button quiet" href="/unsubscribe/${reader.unsubscribeToken}">Unsubscribe</a>`}</div></section>
<section><h2>Your own feed</h2><p>The same papers in a feed reader. The address is yours alone: whoever has it can read along.</p>
<p class="feeds">${(['xml', 'atom', 'json'] as const).map((format) => html`<a href="/feeds/${reader.feedToken}.${format}">${{ xml: 'RSS', atom: 'Atom', json: 'JSON Feed' }[format]}</a> `)}</p></section>
<section><h2>Your data</h2><p><a href="${action}/data.json" download="paperboy.json">Download all that Paperboy keeps about you</a> (JSON).</p>
<form method="post" action="${action}"><input type="hidden" name="intent" value="erase">
<div class="choice"><label><input type="checkbox" name="sure" value="yes" required> Erase my address, settings and history for good</label></div>
<p><button class="quiet danger" type="submit">Erase everything</button></p></form></section>`;

const renderIntent = (action: string, intent: string, name: string): Html =>
  html`<form method="post" action="${action}"><input type="hidden" name="intent" value="${intent}"><button class="quiet" type="submit">${name}</button></form> `;

export const renderUnsubscribePage = (chrome: Chrome, token: string, reader: ReaderView): Html =>
  renderMessage(chrome, {
    title: 'Unsubscribe',
    body: html`<p class="lead">${
      reader.status === 'unsubscribed'
        ? html`<strong>${reader.email}</strong> is unsubscribed already.`
        : html`Paperboy will not write to <strong>${reader.email}</strong> again.`
    }</p>
<form method="post" action="/unsubscribe/${token}"><p><button type="submit">Unsubscribe</button></p></form>`,
  });

export const renderUnsubscribed = (chrome: Chrome): Html =>
  renderMessage(chrome, {
    title: 'You are unsubscribed',
    body: html`<p class="lead">No further mail comes. Thank you for reading.</p>
<p>A slip? <a href="/#subscribe">Subscribe again</a>. The <a href="/">front page</a> and the <a href="/feed.xml">feed</a> are there without any subscription.</p>`,
  });

export const renderErased = (chrome: Chrome): Html =>
  renderMessage(chrome, {
    title: 'All erased',
    body: html`<p class="lead">Your address, your settings and your history are gone.</p><p><a href="/">Today’s papers</a></p>`,
  });
