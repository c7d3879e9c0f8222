/** Failures as a person or a program is told of them. */
import { html } from 'hono/html';
import type { WebContext } from './client.ts';
import { type Chrome, renderMessage } from './pages/layout.ts';

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

/** A failure as a page, or as JSON where JSON was asked for. */
export const answerFault = (
  c: WebContext,
  chrome: Chrome,
  status: FaultStatus,
): Response | Promise<Response> => {
  const { title, text } = faults[status];
  c.header('Cache-Control', 'no-store');
  if (c.req.path.startsWith('/api/')) return c.json({ error: { message: text } }, status);
  const body = html`<p class="lead">${text}</p><p><a href="/">Today’s papers</a> · <a href="/papers">Search</a></p>`;
  return c.html(renderMessage(chrome, { title, body }), status);
};
