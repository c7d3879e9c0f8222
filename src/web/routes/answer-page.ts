import type { WebContext } from '../client.ts';
import type { Html } from '../pages/layout.ts';

/** A page for reading: everybody's, kept by caches for a minute. */
export const answerPage = (c: WebContext, page: Html, status: 200 | 400 = 200) => {
  c.header('Cache-Control', 'public, max-age=60');
  return c.html(page, status);
};
