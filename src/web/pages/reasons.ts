/** Why a paper trends, in sentences, with the sum behind them. */
import { html } from 'hono/html';
import type { RankedPaper, ToldPart } from '../../domain/trend.ts';
import { plural } from './format.ts';
import type { Html } from './layout.ts';

const explained = html`<a href="/trending-explained">How trending is worked out</a>`;

export const renderReasons = (ranked: RankedPaper | undefined): Html =>
  ranked === undefined
    ? html`<section><h2>Not in today’s list</h2><p>Its attention began more than 30 days ago, or nobody has told of any yet. ${explained}</p></section>`
    : html`<section><h2>Why it trends</h2><p>${leadOf(ranked)}</p>
<ul class="reasons">${byWeight(ranked.parts).map((part) => renderReason(part, ranked.score))}</ul>
${renderSum(ranked)}<p class="hint">${explained}</p></section>`;

const leadOf = ({ rank, score }: RankedPaper): Html => {
  const expected = Math.round(score);
  const growth =
    expected < 1
      ? 'fewer than one further upvote is expected'
      : `about ${plural(expected, 'further upvote')} can be expected`;
  return html`Number <strong>${rank.toLocaleString('en')}</strong> of all papers now: ${growth}, because`;
};

const byWeight = (parts: readonly ToldPart[]): readonly ToldPart[] =>
  parts.filter(({ points }) => points > 0).toSorted((a, b) => b.points - a.points);

const renderReason = ({ value, points }: ToldPart, score: number): Html => {
  const share = score > 0 ? Math.min(100, Math.round((100 * points) / score)) : 0;
  return html`<li>${value}<meter min="0" max="100" value="${share}" aria-label="Share of the score">${share} %</meter></li>`;
};

const renderSum = ({ score, parts }: RankedPaper): Html => html`
<details class="sum"><summary>The sum</summary><div class="scroll"><table><thead><tr><th scope="col">Part</th><th scope="col" class="number">Points</th></tr></thead>
<tbody>${parts.map((part) => html`<tr><th scope="row">${part.name}</th><td class="number">${part.points.toFixed(2)}</td></tr>`)}</tbody>
<tfoot><tr><th scope="row">Score</th><td class="number">${score.toFixed(2)}</td></tr></tfoot></table></div></details>`;
