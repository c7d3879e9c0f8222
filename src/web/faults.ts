/** Failures as a person or a program is told of them. */
import { html } from 'hono/html';
import { absUrl, parseArxivId } from '../domain/paper.ts';
import type { WebContext } from './client.ts';
import { type Chrome, type Html, renderMessage } from './pages/layout.ts';

type FaultStatus = 400 | 403 | 404 | 413 | 429 | 500 | 503;

const faults: Readonly<Record<FaultStatus, { readonly title: string; readonly text: string }>> = {
  400: { title: 'That request makes no sense', text: 'Something in the address or form is wrong.' },
  403: {
    title: 'Not from here',
    text: 'This form was sent from another site. Please use the form on our own page.',
  },
  404: { title: 'Not in this paper', text: 'There is nothing at this address.' },
  413: { title: 'Too much', text: 'The form holds more than Paperboy takes.' },
  429: { title: 'One moment, please', text: 'Too many requests came from your network.' },
  503: {
    title: 'Only to read',
    text: 'This copy of Paperboy shows papers and feeds and takes no forms. Nothing was changed.',
  },
  500: {
    title: 'Something broke',
    text: 'The fault is ours and has been noted. Please try again in a moment.',
  },
};

/** Where the address that leads nowhere may have been meant to lead. */
const renderGuess = (path: string): Html => {
  const id = /^\/papers\/(.+)/.exec(path)?.[1];
  const arxivId = id === undefined ? undefined : parseArxivId(id);
  if (arxivId !== undefined)
    return html`<p>Paperboy has not been told of this paper. <a href="${absUrl(arxivId)}">arXiv:${arxivId}</a> may have it.</p>`;
  const words = wordsOf(path);
  return words === ''
    ? html``
    : html`<form class="search" method="get" action="/papers" role="search"><label class="hidden" for="q">Search for papers</label><input id="q" name="q" type="search" value="${words}"><button type="submit">Search</button></form>`;
};

// The last part of the address, without what may be a secret: long runs of letters and digits.
const wordsOf = (path: string): string => {
  const last = path.split('/').at(-1) ?? '';
  const words = last.replace(/%[0-9a-f]{2}/gi, ' ').match(/[a-z]{2,20}/gi) ?? [];
  return /^[\w-]{24,}(?:\.\w+)?$/.test(last) ? '' : words.join(' ').slice(0, 100);
};

/** A failure as a page, or as JSON where JSON was asked for. */
export const answerFault = (
  c: WebContext,
  chrome: Chrome,
  status: FaultStatus,
): Response | Promise<Response> => {
  const { title, text } = faults[status];
  c.header('Cache-Control', 'no-store');
  if (c.req.path.startsWith('/api/')) return c.json({ error: { message: text } }, status);
  const body = html`<p class="lead">${text}</p>${status === 404 ? renderGuess(c.req.path) : ''}<p><a href="/">Today’s papers</a> · <a href="/topics">Topics</a> · <a href="/papers">Search</a></p>`;
  return c.html(renderMessage(chrome, { title, body }), status);
};
