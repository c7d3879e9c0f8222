/** The pages behind the links in a reader's own mails. */
import { html } from 'hono/html';
import type { Settings } from '../../domain/subscription.ts';
import type { ReaderView } from '../deps.ts';
import { plural } from './format.ts';
import { type Chrome, type Html, renderMessage } from './layout.ts';

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

export const renderUnsubscribePage = (chrome: Chrome, token: string, reader: ReaderView): Html =>
  renderMessage(chrome, {
    title: 'Unsubscribe',
    body: html`<p class="lead">${
      reader.status === 'unsubscribed'
        ? html`<strong>${reader.email}</strong> is unsubscribed already.`
        : html`Paperboy stops writing to <strong>${reader.email}</strong>. One last mail says goodbye, with a way back.`
    }</p>
<form method="post" action="/unsubscribe/${token}"><input type="hidden" name="by" value="page"><p><button type="submit">Unsubscribe</button></p></form>`,
  });

export const renderUnsubscribed = (chrome: Chrome): Html =>
  renderMessage(chrome, {
    title: 'You are unsubscribed',
    body: html`<p class="lead">No further digest comes. Thank you for reading.</p>
<p>A slip? <a href="/#subscribe">Subscribe again</a>. The <a href="/">front page</a> and the <a href="/feed.xml">feed</a> are there without any subscription.</p>`,
  });

export const renderErased = (chrome: Chrome): Html =>
  renderMessage(chrome, {
    title: 'All erased',
    body: html`<p class="lead">Your address, your settings and your history are gone.</p><p><a href="/">Today’s papers</a></p>`,
  });
