/** What a reader says to one paper of their mail. */
import { html } from 'hono/html';
import { renderTex } from '../../domain/tex.ts';
import type { FeedbackView } from '../deps.ts';
import { followed } from '../forms.ts';
import { paperPath } from './format.ts';
import { type Chrome, type Html, renderMessage } from './layout.ts';

export type FeedbackParts = {
  readonly view: FeedbackView;
  /** What the link was for: `more`, `less` or `mute`; `done` after acting. */
  readonly asked?: string | undefined;
  readonly problem?: string;
};

/** `action` is the page's own address: each button posts there. */
export const renderFeedbackPage = (chrome: Chrome, action: string, parts: FeedbackParts): Html => {
  const { view, asked, problem } = parts;
  return renderMessage(chrome, {
    title: 'More, less, or none of this',
    body: html`
${asked === 'done' ? html`<p class="done" role="status">Noted. It counts from your next digest on.</p>` : ''}
${problem ? html`<p class="fault" role="alert">${problem}</p>` : ''}
<p class="lead"><a href="${paperPath(view.paper.id)}">${renderTex(view.paper.title)}</a></p>
${renderReaction(action, view, asked)}
<section id="mute"><h2>Mute</h2><p>Whatever is muted comes in no digest, from no topic.</p>
<ul class="plain">${view.mutable.map((term) => html`<li>${renderTerm(action, view, term)}</li>`)}</ul>
<form class="term" method="post" action="${action}"><input type="hidden" name="say" value="mute">
<label>A word or phrase <input type="text" name="term" maxlength="200" required></label><button class="quiet small" type="submit">Mute</button></form>
${renderOtherTerms(action, view)}</section>
<section><h2>What it does</h2><p>Among the papers your topics bring, those close in meaning to what you wanted more of move up, those close to what you wanted less of move down, by half their score at most. Near copies of what you wanted less of are left out. Nothing else is hidden, and nobody else’s digest changes.</p></section>`,
  });
};

const renderReaction = (
  action: string,
  { reaction }: FeedbackView,
  asked: string | undefined,
): Html => {
  const said = { more: 'You wanted more like this.', less: 'You wanted less like this.' };
  const button = (say: string, name: string, quiet: boolean): Html =>
    html`<form method="post" action="${action}"><input type="hidden" name="say" value="${say}"><button${quiet ? html` class="quiet"` : ''} type="submit">${name}</button></form> `;
  return html`${reaction ? html`<p>${said[reaction]}</p>` : ''}<div class="actions">
${reaction === 'more' ? '' : button('more', 'More like this', asked === 'less' || asked === 'mute')}
${reaction === 'less' ? '' : button('less', 'Less like this', asked !== 'less')}
${reaction ? button('none', 'Undo', true) : ''}</div>`;
};

const renderTerm = (action: string, { muted }: FeedbackView, term: string): Html => {
  const isMuted = muted.includes(term);
  const [label, word] = [labelOf(term), isMuted ? 'Undo: muted' : 'Mute'];
  return html`<form class="term" method="post" action="${action}"><input type="hidden" name="say" value="${isMuted ? 'unmute' : 'mute'}"><input type="hidden" name="term" value="${term}"><span>${label}</span><button class="quiet small" type="submit" aria-label="${word}: ${label}">${word}</button></form>`;
};

/** What a term mutes, for who does not know the query language. */
const labelOf = (term: string): string => {
  const author = followed(term);
  if (author !== undefined) return `Papers by ${author}`;
  const category = /^cat:(\S+)$/.exec(term)?.[1];
  if (category !== undefined) return `Everything in ${category}`;
  return `Papers with ${term}`;
};

/** What was muted just now by a word of the reader's own must be taken back as easily. */
const renderOtherTerms = (action: string, view: FeedbackView): Html | '' => {
  const others = view.muted.filter((term) => !view.mutable.includes(term));
  if (others.length === 0) return '';
  return html`<p>Muted before:</p><ul class="plain">${others.map((term) => html`<li>${renderTerm(action, view, term)}</li>`)}</ul>`;
};
