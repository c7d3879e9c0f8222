/**
 * Attention over time: a small picture for each series, and the numbers behind it as a table. The
 * picture is stretched to the width there is, so it holds only lines; words stand around it in HTML,
 * where they stay legible on a small screen.
 */
import { html } from 'hono/html';
import type { Signal, SignalKind } from '../../domain/signal.ts';
import { groupBy } from '../../lib/group.ts';
import { renderCount, renderDate, renderInstant, renderShortCount, sourceName } from './format.ts';
import type { Html } from './layout.ts';

const width = 600;
const height = 160;
const margin = 8;
const mostRows = 400;
const mostSeries = 4;

const kindNames: Readonly<Record<SignalKind, string>> = {
  upvotes: 'Upvotes',
  comments: 'Comments',
  'github-stars': 'GitHub stars',
  points: 'Points',
  citations: 'Citations',
};

/** A value at a moment. */
export type Point = Pick<Signal, 'observedAt' | 'value'>;

type Series = {
  readonly name: string;
  readonly points: readonly Point[];
  readonly first: Point;
  readonly last: Point;
};

/** One series, its points in the order of time; the numbers behind it are the caller's to show. */
export const renderPlot = (name: string, points: readonly Point[]): Html => {
  const [first, last] = [points[0], points.at(-1)];
  return first && last ? renderSeries({ name, points, first, last }) : html``;
};

export const renderAttention = (signals: readonly Signal[]): Html => {
  const series = seriesOf(signals);
  if (series.length === 0) return html`<p>No attention has been observed yet.</p>`;
  return html`<div class="plots">${series.slice(0, mostSeries).map(renderSeries)}</div>${renderTable(signals)}`;
};

/** One series for each source and kind, the longest first. */
const seriesOf = (signals: readonly Signal[]): readonly Series[] =>
  [...groupBy(signals, (signal) => `${signal.source} ${signal.kind}`).values()]
    .flatMap((group): Series[] => {
      const points = group.toSorted((a, b) => a.observedAt.getTime() - b.observedAt.getTime());
      const [first, last] = [points[0], points.at(-1)];
      if (!first || !last) return [];
      return [
        { name: `${kindNames[first.kind]}, ${sourceName(first.source)}`, points, first, last },
      ];
    })
    .toSorted((a, b) => b.points.length - a.points.length || b.last.value - a.last.value);

const renderSeries = (series: Series): Html => {
  const { name, points, last } = series;
  return html`<figure class="plot"><figcaption><strong>${renderCount(last.value)}</strong> ${name}${points.length === 1 ? `, on ${renderDate(last.observedAt)}` : ''}</figcaption>
${points.length > 1 ? renderCurve(series) : ''}</figure>`;
};

// A single look is a number; a curve takes two.
const renderCurve = ({ name, points, first, last }: Series): Html => {
  const top = Math.max(1, ...points.map((point) => point.value));
  const words = `from ${renderCount(first.value)} on ${renderDate(first.observedAt)} to ${renderCount(last.value)} on ${renderDate(last.observedAt)}`;
  const line = linePath(points, top);
  return html`<div class="area"><span class="top">${renderShortCount(top)}</span><span class="zero">0</span>
<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${name}: ${words}">
<path class="grid" d="M0 ${margin}H${width}M0 ${height / 2}H${width}M0 ${height - margin}H${width}"/>
<path class="fill" d="${line}V${height - margin}H${margin}Z"/><path class="line" d="${line}"/>
<path class="dot" d="${dotPath(points.length > 40 ? [last] : points, first, last, top)}"/></svg></div>
<p class="span"><span>${renderDate(first.observedAt)}</span><span>${renderDate(last.observedAt)}</span></p>`;
};

type Place = (point: Point) => string;

const placeIn = (first: Point, last: Point, top: number): Place => {
  const start = first.observedAt.getTime();
  const length = last.observedAt.getTime() - start;
  return (point) => {
    const along = length === 0 ? 0.5 : (point.observedAt.getTime() - start) / length;
    const x = margin + along * (width - 2 * margin);
    const y = height - margin - (point.value / top) * (height - 2 * margin);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  };
};

const linePath = (points: readonly Point[], top: number): string => {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return '';
  return `M${points.map(placeIn(first, last, top)).join('L')}`;
};

// A line of no length with round ends is a dot that stays round however the picture is stretched.
const dotPath = (points: readonly Point[], first: Point, last: Point, top: number): string =>
  points.map((point) => `M${placeIn(first, last, top)(point)}h0`).join('');

const renderTable = (signals: readonly Signal[]): Html => {
  const rows = signals.toSorted((a, b) => b.observedAt.getTime() - a.observedAt.getTime());
  return html`<details class="numbers-table"><summary>The numbers</summary><div class="scroll" tabindex="0" role="region" aria-label="Observations"><table>
<thead><tr><th scope="col">Observed</th><th scope="col">Source</th><th scope="col">What</th><th scope="col" class="number">Total</th></tr></thead>
<tbody>${rows
    .slice(0, mostRows)
    .map(
      (row) =>
        html`<tr><td>${renderInstant(row.observedAt)}</td><td>${sourceName(row.source)}</td><td>${kindNames[row.kind]}</td><td class="number">${renderCount(row.value)}</td></tr>`,
    )}</tbody></table></div>${rows.length > mostRows ? html`<p class="hint">The newest ${mostRows} of ${renderCount(rows.length)}.</p>` : ''}</details>`;
};
