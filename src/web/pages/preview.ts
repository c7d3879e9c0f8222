/** What settings would bring, for who has not decided yet: the next digest, and each topic's week. */
import { html } from 'hono/html';
import type { DigestPreview, TopicWeek } from '../deps.ts';
import { plural, renderDate } from './format.ts';
import type { Html } from './layout.ts';
import { renderPaperList } from './papers.ts';

export type Preview = {
  readonly digest: DigestPreview;
  readonly weeks: readonly Extract<TopicWeek, { readonly kind: 'ok' }>[];
};

/** The place a preview appears in, with or without one. */
export const renderPreview = (preview: Preview | undefined): Html =>
  preview === undefined
    ? html`<div id="preview"></div>`
    : html`<section id="preview" aria-labelledby="preview-title"><h2 id="preview-title" tabindex="-1">Your next digest, if it came now</h2>
${
  preview.digest.papers.length === 0
    ? html`<p>Nothing new in these topics. On such a day no mail comes.</p>`
    : renderPaperList(
        preview.digest.papers.map(({ paper, topic, parts }, index) => ({
          paper,
          parts,
          topic,
          rank: index + 1,
        })),
        'brief',
      )
}
${renderWeeks(preview.weeks)}</section>`;

const renderWeeks = (weeks: Preview['weeks']): Html | string =>
  weeks.length === 0
    ? ''
    : html`<h3>The week up to ${renderDate(weeks[0]?.until ?? new Date(0))}</h3>
<div class="scroll"><table><thead><tr><th scope="col">Topic</th><th scope="col" class="number">New papers</th></tr></thead><tbody>${weeks.map(
        ({ name, papers }) =>
          html`<tr><th scope="row">${name}</th><td class="number">${plural(papers, 'paper')}</td></tr>`,
      )}</tbody></table></div>`;
