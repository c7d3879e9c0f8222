/** Subscribing: the form on the front page and alone, and what is said after it was sent. */
import { html } from 'hono/html';
import { renderErrorSummary, type SettingsForm } from './form-parts.ts';
import { type Chrome, type Html, renderPage } from './layout.ts';
import { type Preview, renderPreview } from './preview.ts';
import { renderEmailField, renderSettingsFields } from './settings-form.ts';

/** The form alone, when what was typed needs another look or somebody comes by a link. */
export const renderSubscribePage = (
  chrome: Chrome,
  form: SettingsForm,
  extras: { readonly preview?: Preview; readonly foreign?: boolean } = {},
): Html =>
  renderPage(chrome, {
    title: 'Subscribe',
    description: 'Choose your topics and your hour.',
    path: '/subscribe',
    main: html`<div class="desk">
<div id="subscribe">${extras.foreign ? foreignNotice : ''}${renderErrorSummary(form.errors)}${renderSubscribeForm(form, 1)}</div>
${renderPreview(extras.preview)}</div>`,
  });

const foreignNotice = html`<p class="notice" role="status"><strong>One more look, please.</strong> You come from a form on another site. Here is what it filled in: change what you like, and send it.</p>`;

export const renderSubscribeForm = (form: SettingsForm, level: 1 | 2 = 2): Html => html`
<form class="coupon" method="post" action="/subscribe" novalidate>
${level === 1 ? html`<h1 id="subscribe-title">Subscribe</h1>` : html`<h2 id="subscribe-title">Subscribe</h2>`}
<p>Free, no account. You confirm by one click in a first mail.</p>
${renderEmailField(form)}${renderSettingsFields(form)}
<p class="actions"><button type="submit">Send me papers</button>
<button class="quiet" type="submit" name="intent" value="preview">Preview</button></p>
<p class="hint">Your address is used for this and nothing else. Each mail has links to change everything and to leave.</p>
</form>`;

/** The same whoever asks and whether the address is known: it must tell nothing about readers. */
export const renderAccepted = (chrome: Chrome, email: string, outbox: boolean): Html =>
  renderPage(chrome, {
    title: 'One more click',
    main: html`<div class="narrow"><h1>One more click</h1>
<p class="lead">Please look into your inbox. If <strong>${email}</strong> is not subscribed yet, you confirm by the link in a mail there.</p>
<p>An address gets one such mail a day at most, within a few minutes: if it had one today, that one counts, as it was asked for then. Nothing there? Look into the spam folder, or <a href="/#subscribe">try again</a> in case the address has a slip.</p>
<p>Left today? “Unsubscribe” in any of Paperboy’s mails leads to a button that brings you back at once.</p>
${outbox ? html`<p class="aside">This Paperboy has no mail server yet: its mails are files. <a href="/outbox">Open the outbox</a> to read them and confirm.</p>` : ''}
<p><a href="/">Back to today’s papers</a></p></div>`,
  });
