/**
 * The picture that stands beside a link where people share one: a page of the paper with a title
 * across it. An SVG drawing of 1200 × 630, the size every network asks for.
 */
import { escapeHtml } from '../lib/html.ts';
import { shorten } from './pages/format.ts';

export type Card = {
  /** The small line above the title. */
  readonly kicker: string;
  readonly title: string;
  /** The line below it. */
  readonly line: string;
};

const width = 1200;
const margin = 80;
const room = width - 2 * margin;

/** Sizes of the title, the largest that fits is taken; below the least the title is shortened. */
const sizes = [
  { size: 76, lines: 3 },
  { size: 64, lines: 4 },
  { size: 54, lines: 5 },
] as const;

/** The drawing; `Gelasio` is the face its widths were measured in. */
export const drawCard = (card: Card): string => {
  const { size, lines } = setTitle(card.title);
  const top = 200 + size;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="630" viewBox="0 0 ${width} 630">
<rect width="${width}" height="630" fill="#fbf7ee"/><rect width="${width}" height="14" fill="#9c2a1a"/>
<g font-family="Gelasio, DejaVu Sans" fill="#211c15">
<text x="${margin}" y="108" font-size="60" font-weight="700" letter-spacing="-1.5">Paperboy</text>
<path d="M${margin} 136H${width - margin}" stroke="#211c15" stroke-width="2"/>
<path d="M${margin} 142H${width - margin}" stroke="#211c15" stroke-width="1"/>
<text x="${margin}" y="192" font-size="30" fill="#9c2a1a">${escapeHtml(shorten(card.kicker, 64))}</text>
${lines
  .map(
    (line, index) =>
      `<text x="${margin}" y="${top + Math.round(index * size * 1.16)}" font-size="${size}" font-weight="700" letter-spacing="-0.5">${escapeHtml(line)}</text>`,
  )
  .join('\n')}
<text x="${margin}" y="584" font-size="28" fill="#5d5345">${escapeHtml(shorten(card.line, 76))}</text></g></svg>`;
};

const setTitle = (title: string): { readonly size: number; readonly lines: readonly string[] } => {
  for (const { size, lines } of sizes) {
    const broken = breakLines(title, room / size);
    if (broken.length <= lines) return { size, lines: broken };
  }
  const { size, lines } = sizes[2];
  const broken = breakLines(title, room / size).slice(0, lines);
  return { size, lines: [...broken.slice(0, -1), `${broken.at(-1)}…`] };
};

/** Lines of at most `most` ems; a word longer than a line is broken. */
const breakLines = (text: string, most: number): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).flatMap((each) => pieces(each, most))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (ems(longer) <= most) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
  }
  return [...lines, line];
};

const pieces = (word: string, most: number): readonly string[] => {
  if (ems(word) <= most) return [word];
  const length = Math.floor(most);
  const letters = [...word];
  return Array.from({ length: Math.ceil(letters.length / length) }, (_, index) =>
    letters.slice(index * length, (index + 1) * length).join(''),
  );
};

/** The width of a text in the bold face, in ems, rather more than less. */
const ems = (text: string): number => [...text].reduce((sum, letter) => sum + widthOf(letter), 0);

const widthOf = (letter: string): number => {
  if (/[ijlI.,:;'’|!()[\]\- ft]/.test(letter)) return 0.36;
  if (/[mwMW@%—]/.test(letter)) return 0.95;
  if (/[A-Z0-9]/.test(letter)) return 0.72;
  if (/[a-z]/.test(letter)) return 0.56;
  // Whatever is written elsewhere may be as wide as it is high.
  return /[\u0080-\u024f]/.test(letter) ? 0.6 : 1;
};
