/** Where a reader changes everything: the settings, a break, the end, and what is kept of them. */
import { html } from 'hono/html';
import { renderTex } from '../../domain/tex.ts';
import type { ReactionRow, ReaderView } from '../deps.ts';
import { renderErrorSummary, type SettingsForm } from './form-parts.ts';
import { paperPath, renderDay } from './format.ts';
import { type Chrome, type Html, renderPage } from './layout.ts';
import { type Preview, renderPreview } from './preview.ts';
import { renderAgain, suppressedWords } from './reader.ts';
import { renderSettingsFields } from './settings-form.ts';

export const renderManagePage = (
  chrome: Chrome,
  parts: {
    readonly token: string;
    readonly reader: ReaderView;
    readonly form: SettingsForm;
    readonly saved: boolean;
    readonly reactions: readonly ReactionRow[];
    readonly preview?: Preview;
  },
): Html => {
  const { token, reader, form, saved, preview, reactions } = parts;
  const action = `/manage/${token}`;
  return renderPage(chrome, {
    title: 'Your settings',
    main: html`${renderErrorSummary(form.errors)}
${saved ? html`<p class="done" role="status">Saved.</p>` : ''}
<h1>Your settings</h1>
<p class="lead">For <strong>${reader.email}</strong>, ${reader.pausedUntil ? `paused until ${renderDay(reader.pausedUntil)}` : statusWords[reader.status]}.</p>
${reader.suppressed && reader.status !== 'unsubscribed' ? html`<p class="aside">${suppressedWords}</p>` : ''}
<div class="desk"><div>${reader.status === 'unsubscribed' ? renderAgain(action, reader) : renderForm(action, form)}</div>
<div>${reader.status === 'unsubscribed' ? '' : renderPreview(preview)}${renderOtherActions(action, reader, reactions)}</div></div>`,
  });
};

const renderForm = (action: string, form: SettingsForm): Html => html`
<form class="coupon" method="post" action="${action}" novalidate><input type="hidden" name="intent" value="save">
${renderSettingsFields(form)}<p class="actions"><button type="submit">Save</button>
<button class="quiet" type="submit" name="intent" value="preview">Preview</button></p></form>`;

const statusWords = {
  unconfirmed: 'not confirmed yet',
  active: 'delivered as you like',
  paused: 'paused: no mail comes until you resume',
  unsubscribed: 'unsubscribed: no mail comes',
} as const;

const renderOtherActions = (
  action: string,
  reader: ReaderView,
  reactions: readonly ReactionRow[],
): Html => html`
${reader.status === 'unsubscribed' ? '' : renderBreak(action, reader)}
${renderReactions(action, reactions)}
${reader.status === 'unsubscribed' ? '' : renderOwnFeed(reader)}
<section><h2>Your data</h2><p><a href="${action}/data.json" download="paperboy.json">Download all that Paperboy keeps about you</a> (JSON).</p>
<form method="post" action="${action}"><input type="hidden" name="intent" value="erase">
<div class="choice"><label><input type="checkbox" name="sure" value="yes" required> Erase my address, settings and history for good</label></div>
<p><button class="quiet danger" type="submit">Erase everything</button></p></form></section>`;

const renderOwnFeed = (reader: ReaderView): Html => html`
<section><h2>Your own feed</h2><p>The same papers in a feed reader. The address is yours alone: whoever has it can read along.</p>
<p class="feeds">${(['xml', 'atom', 'json'] as const).map((format) => html`<a href="/feeds/${reader.feedToken}.${format}">${{ xml: 'RSS', atom: 'Atom', json: 'JSON Feed' }[format]}</a> `)}</p></section>`;

const renderReactions = (action: string, reactions: readonly ReactionRow[]): Html | '' =>
  reactions.length === 0
    ? ''
    : html`<section id="reactions"><h2>What you wanted more and less of</h2><ul class="plain">${reactions.map(
        ({ paper, kind }) =>
          html`<li><form method="post" action="${action}"><input type="hidden" name="intent" value="forget"><input type="hidden" name="paper" value="${paper.id}">${kind === 'more' ? 'More like' : 'Less like'} <a href="${paperPath(paper.id)}">${renderTex(paper.title)}</a> <button class="quiet" type="submit">Undo</button></form></li>`,
      )}</ul></section>`;

const renderBreak = (action: string, reader: ReaderView): Html => html`
<section id="pause"><h2>A break, or goodbye</h2><div class="actions">
${reader.status === 'active' ? renderPause(action) : ''}
${reader.status === 'paused' ? renderIntent(action, 'resume', 'Resume') : ''}
<a class="button quiet" href="/unsubscribe/${reader.unsubscribeToken}">Unsubscribe</a></div></section>`;

const renderPause = (action: string): Html => html`
<form method="post" action="${action}"><input type="hidden" name="intent" value="pause">
<label>Pause <select name="for"><option value="week">for a week</option><option value="two-weeks">for two weeks</option><option value="month">for a month</option><option value="">until I resume</option></select></label>
<button class="quiet" type="submit">Pause</button></form> `;

const renderIntent = (action: string, intent: string, name: string): Html =>
  html`<form method="post" action="${action}"><input type="hidden" name="intent" value="${intent}"><button class="quiet" type="submit">${name}</button></form> `;
