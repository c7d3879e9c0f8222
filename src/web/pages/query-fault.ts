/** A query that cannot be read, with a caret under the place. */
import { html } from 'hono/html';
import type { Html } from './layout.ts';

// So much of the query stands on either side of the place that a small screen still shows it.
const context = 24;

export const renderFault = (query: string, position: number): Html => {
  const at = Math.max(0, Math.min(position, query.length));
  const from = Math.max(0, at - context);
  const shown = query.slice(from, at + context);
  const lead = from > 0 ? '…' : '';
  const tail = at + context < query.length ? '…' : '';
  const space = ' '.repeat([...lead, ...query.slice(from, at)].length);
  return html`<pre class="fault" aria-label="At character ${at + 1} of the query">${lead}${shown}${tail}
${space}<span aria-hidden="true">^</span></pre>`;
};
