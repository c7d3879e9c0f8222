import { html } from 'hono/html';
import type { Html } from './layout.ts';

/** The way to the pages before and after; nothing where there is one page. */
export const renderPages = (
  page: number,
  pages: number,
  addressOf: (page: number) => string,
): Html | string =>
  pages < 2
    ? ''
    : html`<nav class="pager" aria-label="Pages">${
        page > 1
          ? html`<a rel="prev" href="${addressOf(page - 1)}">← Page ${page - 1}</a>`
          : html`<span></span>`
      }<span>Page ${page} of ${pages}</span>${
        page < pages
          ? html`<a rel="next" href="${addressOf(page + 1)}">Page ${page + 1} →</a>`
          : html`<span></span>`
      }</nav>`;
