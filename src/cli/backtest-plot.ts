/** The outcome of a backtest as a bar chart in SVG, for the documentation. */
import type { BacktestRow } from '../app/backtest.ts';
import { escapeHtml } from '../lib/html.ts';

const width = 640;
const labelWidth = 150;
const barWidth = 400;
const rowHeight = 44;
const top = 56;

/** Best first; both measures of a ranker side by side. Both run from 0 to 1. */
export const renderBacktestPlot = (
  rows: readonly BacktestRow[],
  from: string,
  to: string,
): string => {
  const sorted = [...rows].sort((a, b) => b.ndcg10 - a.ndcg10);
  const height = top + sorted.length * rowHeight + 16;
  const title = `What each ranker's top ten foresaw, ${from} to ${to}`;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">`,
    '<style>text{font:13px system-ui,sans-serif;fill:#1f2430}.n{fill:#1f5fae}.o{fill:#c9ccd4}.g{font-size:12px;fill:#565d6d}</style>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="16" y="22" font-weight="600">${escapeHtml(title)}</text>`,
    '<rect class="n" x="16" y="33" width="10" height="10"/><text class="g" x="31" y="42">nDCG@10</text>',
    '<rect class="o" x="106" y="33" width="10" height="10"/><text class="g" x="121" y="42">overlap@10</text>',
    ...sorted.map((row, i) => renderRow(row, top + i * rowHeight)),
    '</svg>',
  ].join('\n')}\n`;
};

const renderRow = (row: BacktestRow, y: number): string => {
  const bar = (kind: string, value: number, at: number): string =>
    `<rect class="${kind}" x="${labelWidth}" y="${at}" width="${(value * barWidth).toFixed(1)}" height="14"/>` +
    `<text class="g" x="${(labelWidth + value * barWidth + 6).toFixed(1)}" y="${at + 11}">${value.toFixed(3)}</text>`;
  return (
    `<text x="${labelWidth - 10}" y="${y + 22}" text-anchor="end">${escapeHtml(row.ranker)}</text>` +
    bar('n', row.ndcg10, y + 4) +
    bar('o', row.overlap10, y + 20)
  );
};
