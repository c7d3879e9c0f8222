/** Mails written to files, for whoever tries the service on their own machine. */
import { html } from 'hono/html';
import type { OutboxMail, OutboxRow } from '../deps.ts';
import { renderInstant } from './format.ts';
import { type Chrome, type Html, renderPage } from './layout.ts';

const mailPath = (name: string): string => `/outbox/${encodeURIComponent(name)}`;

export const renderOutboxPage = (chrome: Chrome, mails: readonly OutboxRow[]): Html =>
  renderPage(chrome, {
    title: 'Outbox',
    main: html`<h1>Outbox</h1><p class="lead">No mail server is set, so mails are written to files. Only this machine sees this page.</p>
${
  mails.length === 0
    ? html`<p>No mail yet. <a href="/#subscribe">Subscribe</a>, and the first one appears here.</p>`
    : html`<ul class="plain mails">${mails.map(
        (mail) =>
          html`<li><a href="${mailPath(mail.name)}">${mail.subject}</a> <small>to ${mail.to}, ${renderInstant(mail.date)}</small></li>`,
      )}</ul>`
}`,
  });

export const renderOutboxMail = (chrome: Chrome, mail: OutboxMail): Html =>
  renderPage(chrome, {
    title: mail.subject,
    main: html`<p class="kicker"><a href="/outbox">Outbox</a></p><h1>${mail.subject}</h1>
<p class="hint">To ${mail.to} · ${renderInstant(mail.date)}</p>
${
  mail.html === ''
    ? ''
    : html`<iframe class="mail" title="The mail" src="${mailPath(mail.name)}/body" sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"></iframe>`
}
<details${mail.html === '' ? html` open` : ''}><summary>The text part</summary><pre class="mailtext">${mail.text}</pre></details>`,
  });

/**
 * The mail's own document with its links leading the whole window, not the frame: a page of ours
 * refuses to be framed, so inside the frame every click would end at a blank.
 */
export const openLinksOutside = (document: string): string => {
  const pointed = document.replace(/\starget="_blank"/gi, ' target="_top"');
  const base = '<base target="_top">';
  return /<head[^>]*>/i.test(pointed)
    ? pointed.replace(/<head[^>]*>/i, (head) => head + base)
    : base + pointed;
};
