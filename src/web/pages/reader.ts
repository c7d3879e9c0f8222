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

/** A link to confirm, opened again after it has done its work. */
export const renderConfirmedBefore = (chrome: Chrome, reader: ReaderView): Html =>
  reader.suppressed
    ? renderSuppressed(chrome, reader)
    : renderMessage(chrome, {
        title: 'You are subscribed already',
        body: html`<p class="lead">${reader.status === 'paused' ? html`Paperboy pauses for <strong>${reader.email}</strong>` : html`Paperboy comes to <strong>${reader.email}</strong>: ${describe(reader.settings)}`}. The newest mail leads to your settings.</p>
<p class="actions"><a class="button" href="/">See today’s papers</a> <a class="button quiet" href="/unsubscribe/${reader.unsubscribeToken}">Unsubscribe</a></p>`,
      });

/** A link to confirm, opened after its reader has left. */
export const renderLeft = (chrome: Chrome, token: string, reader: ReaderView): Html =>
  renderMessage(chrome, {
    title: 'You have left',
    body: html`<p class="lead">This link was made before <strong>${reader.email}</strong> was unsubscribed, so it confirms nothing any more. No mail comes.</p>
${renderAgain(`/confirm/${token}`, reader)}
<p>The <a href="/">front page</a> and the <a href="/feed.xml">feed</a> are there without any subscription.</p>`,
  });

export const renderConfirmed = (
  chrome: Chrome,
  manageToken: string | undefined,
  reader: ReaderView | undefined,
): Html =>
  renderMessage(chrome, {
    title: 'You are subscribed',
    body: html`<p class="lead">${reader ? html`Paperboy comes to <strong>${reader.email}</strong>: ${describe(reader.settings)}.` : ''}</p>
<p class="actions"><a class="button" href="/">See today’s papers</a>${manageToken === undefined ? '' : html` <a class="button quiet" href="/manage/${manageToken}">Change your settings</a>`}</p>`,
  });

const describe = (settings: Settings): string => {
  const days = { daily: 'every day', weekdays: 'Monday to Friday', weekly: 'once a week' };
  const hour = `${String(settings.hour).padStart(2, '0')}:00`;
  return `${plural(settings.papers, 'paper')} at most, ${days[settings.frequency.kind]} from ${hour} (${settings.timeZone}), out of ${plural(settings.topics.length, 'topic')}`;
};

export const renderUnsubscribePage = (chrome: Chrome, token: string, reader: ReaderView): Html =>
  renderMessage(chrome, {
    title: reader.status === 'unsubscribed' ? 'You are unsubscribed' : 'Unsubscribe',
    body:
      reader.status === 'unsubscribed'
        ? html`<p class="lead"><strong>${reader.email}</strong> is unsubscribed already.</p>${renderAgain(`/unsubscribe/${token}`, reader)}`
        : html`<p class="lead">Paperboy stops writing to <strong>${reader.email}</strong>.${reader.status === 'unconfirmed' || reader.suppressed ? '' : ' One last mail says goodbye, with a way back.'}</p>
<form method="post" action="/unsubscribe/${token}"><input type="hidden" name="by" value="page"><p><button type="submit">Unsubscribe</button></p></form>`,
  });

/** The way back for who has left and holds a token from a mail. */
export const renderAgain = (action: string, reader: ReaderView): Html =>
  reader.suppressed
    ? html`<p>${suppressedWords}</p>`
    : html`<p>Subscribe again, and Paperboy comes as before: ${describe(reader.settings)}. No mail to confirm is needed.</p>
<form method="post" action="${action}"><input type="hidden" name="intent" value="again"><p><button type="submit">Subscribe again</button></p></form>`;

export const suppressedWords =
  'Mail to this address came back or was called spam, or the operator keeps it away: nothing is sent there, and it cannot be subscribed again from here. Use another address, or ask the operator.';

export const renderSuppressed = (chrome: Chrome, reader: ReaderView): Html =>
  renderMessage(chrome, {
    title: reader.status === 'unsubscribed' ? 'Not subscribed' : 'No mail comes',
    body: html`<p class="lead"><strong>${reader.email}</strong> ${reader.status === 'unsubscribed' ? 'stays unsubscribed' : 'is not mailed'}.</p><p>${suppressedWords}</p>`,
  });

export const renderUnsubscribed = (chrome: Chrome, token: string, reader: ReaderView): Html =>
  renderMessage(chrome, {
    title: 'You are unsubscribed',
    body: html`<p class="lead">No further digest comes. Thank you for reading.</p>
${renderAgain(`/unsubscribe/${token}`, reader)}
<p>The <a href="/">front page</a> and the <a href="/feed.xml">feed</a> are there without any subscription.</p>`,
  });

export const renderErased = (chrome: Chrome): Html =>
  renderMessage(chrome, {
    title: 'All erased',
    body: html`<p class="lead">Your address, your settings and your history are gone.</p><p><a href="/">Today’s papers</a></p>`,
  });
