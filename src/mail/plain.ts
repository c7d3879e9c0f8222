/** Text of unknown origin made fit for a mail: cleaned, cut to size, wrapped, links checked. */
import { cleanLine } from '../domain/paper.ts';

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

// What Handlebars writes for each character it escapes, in bytes.
const escapedBytes: Readonly<Record<string, number>> = {
  '&': 5,
  '<': 4,
  '>': 4,
  '"': 6,
  "'": 6,
  '`': 6,
  '=': 6,
};

// Noncharacters (Unicode §23.7), kept for a program's own use; the press marks its places with them.
const withoutMarks = (text: string): string =>
  marks.test(text) ? text.replace(new RegExp(marks, 'g'), '') : text;
const marks = /[\uFDD0-\uFDEF]/;

const htmlBytes = (text: string): number => {
  // Called for every character of a text being cut, nearly all of them plain letters.
  if (text.length === 1 && text <= '\u007F') return escapedBytes[text] ?? 1;
  let bytes = Buffer.byteLength(text);
  for (const [char] of text.matchAll(/[&<>"'`=]/g)) bytes += (escapedBytes[char] ?? 1) - 1;
  return bytes;
};

// Words and single spaces that need neither cleaning nor escaping, nor join what is around them.
const isPlain =
  /^[\w,.:;()/+!?%#*$@[\]{}|~·–—…’“”À-ÖØ-öø-ſ-]+(?: [\w,.:;()/+!?%#*$@[\]{}|~·–—…’“”À-ÖØ-öø-ſ-]+)*$/;

/**
 * One clean line of at most `most` characters and `2 × most` bytes of escaped HTML, so that neither
 * 5 KB of one word nor a line of quotation marks can fill a mail. Cut at a word where there is one,
 * never inside a character as readers see it, and marked with `…`.
 */
export const clampText = (text: string, most: number): string =>
  (isPlainText(text) ? clampPlain(text, most) : undefined) ?? clampAny(text, most);

/** Whether a text is of words and single spaces that need neither cleaning nor escaping, as most are. */
export const isPlainText = (text: string): boolean => isPlain.test(text);

const clampAny = (text: string, most: number): string => {
  // No visible character needs more than a few code units; what is beyond is not worth segmenting.
  const line = withoutMarks(cleanLine(text.slice(0, most * 20)));
  if (line.length <= most && htmlBytes(line) <= 2 * most) return line;
  return `${endAtWord(line.slice(0, cutOf(line, most)))}…`;
};

/**
 * The same for a plain text, which nearly all are: a character is a code unit, and only the bytes have to
 * be counted. `undefined` where they are too many.
 */
export const clampPlain = (text: string, most: number): string | undefined => {
  if (text.length <= most) return Buffer.byteLength(text) <= 2 * most ? text : undefined;
  const cut = text.slice(0, most - 1);
  return Buffer.byteLength(cut) + 3 <= 2 * most ? `${endAtWord(cut)}…` : undefined;
};

/** Where to cut so that the limits hold with an ellipsis, and no character is cut in two. */
const cutOf = (line: string, most: number): number => {
  let cut = 0;
  let characters = 1;
  let bytes = 3;
  for (const char of line) {
    characters += 1;
    bytes += htmlBytes(char);
    if (characters > most || bytes > 2 * most) break;
    cut += char.length;
  }
  // Code points first, since segmenting is slow; only around the cut does a whole character matter.
  const from = Math.max(0, cut - 64);
  if (!joins.test(line.slice(Math.max(0, cut - 2), cut + 4))) return cut;
  const around = line.slice(from, cut + 64);
  const starts = [...graphemes.segment(around)].map(({ index }) => from + index);
  return Math.max(from, ...starts.filter((start) => start <= cut));
};

// What makes one visible character of several: marks, joiners, modifiers, flags, Hangul parts.
const joins = /[\p{M}\p{Cf}\p{Emoji_Modifier}\p{Regional_Indicator}\u1100-\u11FF]/u;

const endAtWord = (text: string): string => {
  const space = text.lastIndexOf(' ');
  // A cut that would lose more than a third is no longer "at a word".
  const whole = space > (text.length * 2) / 3 ? text.slice(0, space) : text;
  // Nearly always a letter, and to look for a run that ends the text takes as long as to read it.
  return isLoose.test(whole.slice(-1)) ? whole.replace(/[\s,;:–—-]+$/u, '') : whole;
};

/** What may not be last before an ellipsis. */
const isLoose = /[\s,;:–—-]/u;

const longestHref = 1_000;

/** The address itself, normalised, when it is `http(s)` or `mailto` and of sane length; else `''`. */
export const safeHref = (href: string, most: number = longestHref): string => {
  if (!URL.canParse(href)) return '';
  const url = new URL(href);
  const safe = ['http:', 'https:', 'mailto:'].includes(url.protocol);
  return safe && url.href.length <= most ? url.href : '';
};

/** Columns of a terminal: East Asian wide characters and emoji take two, combining marks none. */
const columns = (text: string): number => {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const char of text) {
    if (/[\p{M}\p{Cf}]/u.test(char)) continue;
    width += wide.test(char) ? 2 : 1;
  }
  return width;
};

const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60]/u;

const textWidth = 72;

export type Wrap = {
  /** Before the first line. */
  readonly first?: string;
  /** Before every further line. */
  readonly indent?: string;
  /** After the last word, without a space. */
  readonly last?: string;
};

/**
 * The text in lines of at most 72 columns. A word too long for a line is broken, unless it is a
 * link, which would not work any more.
 */
export const wrapText = (
  text: string,
  { first = '', indent = '', last = '' }: Wrap = {},
): string => {
  const lines: string[] = [];
  const lead = first.length - first.trimStart().length;
  let line = first.slice(0, lead);
  let used = lead;
  let empty = true;
  for (const { piece, gap } of piecesOf(`${first.slice(lead)}${text}${last}`, indent, lead)) {
    const width = columns(piece);
    const space = empty ? '' : gap;
    if (!empty && used + space.length + width > textWidth) {
      lines.push(line);
      line = indent + piece;
      used = columns(indent) + width;
    } else {
      line += space + piece;
      used += space.length + width;
    }
    empty = false;
  }
  return [...lines, line].join('\n');
};

type Piece = { readonly piece: string; readonly gap: '' | ' ' };

/** What a line may hold or lack as a whole. A no-break space does not part words. */
function* piecesOf(text: string, indent: string, lead: number): Generator<Piece> {
  const width = textWidth - Math.max(columns(indent), lead);
  for (const word of text.split(/[ \t\r\n]+/).filter(Boolean)) {
    let gap: Piece['gap'] = ' ';
    for (const run of isLink.test(word) ? [word] : splitWide(word))
      for (const piece of breakWord(run, width)) {
        yield { piece, gap };
        gap = '';
      }
  }
}

const isLink = /^<?https?:\/\//;

/*
 * Chinese and Japanese may break anywhere, but no line begins with what closes or carries on
 * (。、」ー), and none ends with what opens (JIS X 4051, in its simplest form).
 */
const closing = '、。，．：；！？）」』】〉》〕］｝”’…ーゃゅょっぁぃぅぇぉャュョッァィゥェォ々%％';
const opening = '（「『【〈《〔［｛“‘';
const wideRun = new RegExp(
  `[${opening}]*(?:(?![${opening}${closing}])${wide.source}|[^${opening}${closing}\\p{Script=Han}\\p{Script=Hangul}\\p{Script=Hiragana}\\p{Script=Katakana}]+)?[${closing}]*`,
  'gu',
);
const splitWide = (word: string): readonly string[] =>
  wide.test(word) ? (word.match(wideRun) ?? []).filter(Boolean) : [word];

const breakWord = (word: string, width: number): readonly string[] => {
  if (columns(word) <= width || isLink.test(word)) return [word];
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const char of word) {
    const size = columns(char);
    if (used + size > width) {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += char;
    used += size;
  }
  return [...pieces, piece];
};
