// Cuts raw TeX into tokens and pairs what belongs together: braces, mathematics, quotes.
// Everything is one pass with a stack, so hostile input costs no more than any other.
import { MATH_ENVIRONMENTS, TEXT_STYLES } from './tex-symbols.ts';

export type TokenKind =
  | 'text'
  | 'command'
  | 'environment'
  | 'open'
  | 'close'
  | 'dollar'
  | 'display'
  | 'enter' // mathematics begins: `$`, `\(`, `\begin{equation}` …, `mate` is its end
  | 'leave'
  | 'sup'
  | 'sub'
  | 'tie'
  | 'align'
  | 'quote'
  | 'dash';

/** `mate` is the index of the partner, or -1. `shown` replaces a paired quotation mark. */
export type Token = {
  kind: TokenKind;
  readonly text: string;
  readonly start: number;
  mate: number;
  shown?: string;
};

/** `opener`: the frame of the formula around, unless text (as in `\text{…}`) lies between. */
type Frame = {
  readonly index: number;
  readonly kind: TokenKind;
  readonly math: boolean;
  readonly opener: number;
};

type Pairing = { readonly raw: string; readonly tokens: Token[]; readonly frames: Frame[] };

const SPECIAL = new RegExp(
  [
    // Addresses first, so that nothing inside them (`--`, `~`, `_`) is taken for TeX.
    /https?:\/\/[^\s\\{}$`'"<>]+(?:\{\w+\}[/.?&=-][^\s\\{}$`'"<>]*)*/,
    /\\(?:begin|end)\s*\{\w*\*?\}/,
    /\\(?:[a-zA-Z]+(?:\*(?=[{[]))?|[\s\S]|$)/,
    /\$+|[{}^_~&"]|`+|''?|-{2,}/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gu',
);

const KINDS: ReadonlyMap<string, TokenKind> = new Map([
  ['\\', 'command'],
  ['{', 'open'],
  ['}', 'close'],
  ['^', 'sup'],
  ['_', 'sub'],
  ['~', 'tie'],
  ['&', 'align'],
  ['`', 'quote'],
  ["'", 'quote'],
  ['"', 'quote'],
  ['-', 'dash'],
]);

const kindOf = (text: string): TokenKind => {
  if (text.startsWith('$')) return text === '$' ? 'dollar' : text === '$$' ? 'display' : 'text';
  if (/^\\(?:begin|end)\s*\{/.test(text)) return 'environment';
  return text.startsWith('```') ? 'text' : (KINDS.get(text.charAt(0)) ?? 'text');
};

const scan = (raw: string): Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  for (const match of raw.matchAll(SPECIAL)) {
    if (match.index > at) {
      tokens.push({ kind: 'text', text: raw.slice(at, match.index), start: at, mate: -1 });
    }
    const [text] = match;
    const kind = kindOf(text);
    tokens.push({ kind, text, start: match.index, mate: -1 });
    at = match.index + text.length;
    // `$$` may turn out to be the end of one formula and the start of the next.
    if (kind === 'display') tokens.push({ kind: 'text', text: '', start: at, mate: -1 });
  }
  if (at < raw.length) tokens.push({ kind: 'text', text: raw.slice(at), start: at, mate: -1 });
  return tokens;
};

/** Enough of a formula to judge it by; a bound, so that nested formulas stay linear. */
const JUDGED = 300;

const COMMANDS = /\\[a-zA-Z]+\s?(?:\{[^{}]*\})?/g;

const PRICE = /^\d[\d.,]*\s?(?:[kKMBT]|bn|[mb]illion|trillion)?[\s,;:.()–-]/;

const MARKUP = /\\(?:emph|text(?:bf|it|sc|tt)|url|href|cite|[$&#])/;

/**
 * Is what stands between two dollar signs mathematics, or prose between two prices? The rules
 * are those of Pandoc (a price's "closing" dollar follows a space or precedes a digit), relaxed
 * for the many formulas written with spaces inside.
 */
const isFormula = (raw: string, from: number, to: number, width: number): boolean => {
  const content = raw.slice(from, Math.min(to, from + JUDGED));
  if (content.trim() === '' || /\n\s*\n/.test(content)) return false;
  const plain = content.replace(COMMANDS, ' ');
  const words = plain.match(/(?<![a-zA-Z])[a-zA-Z]{3,}(?![a-zA-Z])/g)?.length ?? 0;
  const endsOpen = /[\s([]/.test(raw.charAt(to - 1));
  const startsLoose = /^[\s).,;:?!]/.test(content);
  const next = raw.charAt(to + width);
  if (words > 1 && (startsLoose || endsOpen || /^\d/.test(content))) return false;
  const prose = MARKUP.test(content) || /(?<![a-zA-Z])[a-zA-Z]{2}/.test(plain);
  if (prose && PRICE.test(content) && (endsOpen || /[\d_^]/.test(next))) return false;
  if (/[\\^_{}]/.test(content)) return true;
  if (/^\d/.test(content) && (endsOpen || /\d/.test(next))) return false;
  if (words > 0 && endsOpen) return false;
  return !(startsLoose && /\d/.test(raw.charAt(from - width - 1)));
};

const link = (tokens: readonly Token[], a: number, b: number, math: boolean): void => {
  const [first, second] = [tokens[a], tokens[b]];
  if (!first || !second) return;
  first.mate = b;
  second.mate = a;
  if (math) [first.kind, second.kind] = ['enter', 'leave'];
};

const inMath = ({ frames }: Pairing): boolean => frames.at(-1)?.math ?? false;

const openerOf = ({ frames }: Pairing): number => frames.at(-1)?.opener ?? -1;

/** Ends the formula opened at `frames[at]`; one that is not a formula stays plain text. */
const leave = ({ raw, tokens, frames }: Pairing, at: number, index: number): boolean => {
  const opener = frames[at]?.index ?? -1;
  frames.length = at;
  const first = tokens[opener];
  const last = tokens[index];
  if (!first || !last) return false;
  const width = first.text.length;
  const from = first.start + width;
  if (first.text.startsWith('$') && !isFormula(raw, from, last.start, width)) return false;
  link(tokens, opener, index, true);
  return true;
};

const enter = ({ frames }: Pairing, index: number, kind: TokenKind): void => {
  frames.push({ index, kind, math: true, opener: frames.length });
};

const pairDollar = (pairing: Pairing, index: number, kind: 'dollar' | 'display'): void => {
  const opener = openerOf(pairing);
  const opened = pairing.frames[opener]?.kind;
  if (opened === undefined || (opened === kind && !leave(pairing, opener, index))) {
    enter(pairing, index, kind);
  } else if (opened === 'dollar' && kind === 'display') {
    const closed = leave(pairing, opener, index);
    enter(pairing, closed ? index + 1 : index, closed ? 'dollar' : 'display');
  }
};

const pairClose = ({ tokens, frames }: Pairing, index: number): void => {
  // At most one unfinished formula can lie above a group: inside one, no other starts.
  const at = frames.at(-1)?.kind === 'open' ? frames.length - 1 : frames.length - 2;
  const frame = frames[at];
  if (frame?.kind !== 'open') return;
  frames.length = at;
  link(tokens, frame.index, index, false);
};

const pairOpen = (pairing: Pairing, index: number): void => {
  const before = pairing.tokens[index - 1];
  const name = before?.kind === 'command' ? before.text.slice(1).replace('*', '') : '';
  const math = name === 'ensuremath' || (inMath(pairing) && !TEXT_STYLES.has(name));
  const opener = math ? openerOf(pairing) : -1;
  pairing.frames.push({ index, kind: 'open', math, opener });
};

/** `\(…\)`, `\[…\]` and the environments of displayed mathematics. */
const pairNamed = (pairing: Pairing, index: number, text: string): void => {
  const environment = /^\\(begin|end)\s*\{(\w*)/.exec(text);
  if (environment && !MATH_ENVIRONMENTS.has(environment[2] ?? '')) return;
  const opens = environment ? environment[1] === 'begin' : text === '\\(' || text === '\\[';
  const kind = environment ? 'environment' : 'command';
  if (opens && !inMath(pairing)) enter(pairing, index, kind);
  const opener = opens ? -1 : openerOf(pairing);
  if (opener >= 0 && pairing.frames[opener]?.kind === kind) leave(pairing, opener, index);
};

const pairAll = (pairing: Pairing): void => {
  pairing.tokens.forEach(({ kind, text }, index) => {
    if (kind === 'open') pairOpen(pairing, index);
    else if (kind === 'close') pairClose(pairing, index);
    else if (kind === 'dollar' || kind === 'display') pairDollar(pairing, index, kind);
    else if (kind === 'environment' || /^\\[()[\]]$/.test(text)) pairNamed(pairing, index, text);
  });
};

/** Farther apart, a back-tick and an apostrophe are no pair. */
const QUOTED = 200;

type Quotes = { double: Token | undefined; single: Token | undefined };

const pairQuote = (raw: string, open: Quotes, token: Token): void => {
  const end = token.start + token.text.length;
  const closes = /\S/.test(raw.charAt(token.start - 1));
  const free = /^[^\p{L}\p{N}]?$/u.test(raw.charAt(end));
  const opens = !/[\p{L}\p{N}]/u.test(raw.charAt(token.start - 1)) && /\S/.test(raw.charAt(end));
  const { double, single } = open;
  if (token.text === '`') open.single = opens && !single ? token : undefined;
  else if (token.text === "'") {
    if (!single || !closes || !free) return;
    if (token.start - single.start < QUOTED) [single.shown, token.shown] = ['‘', '’'];
    open.single = undefined;
  } else {
    // A code span closes with back-ticks too, but has no spaces.
    const prose = token.text !== '``' || /\s/.test(raw.slice(double?.start, token.start));
    if (double && closes && prose) [double.shown, token.shown] = ['“', '”'];
    if (double && closes) open.double = undefined;
    else if (token.text === '``') open.double = opens ? token : undefined;
  }
};

/** ``…'' and `…' become curly; a back-tick that closes with a back-tick is code and stays. */
const pairQuotes = (raw: string, tokens: readonly Token[]): void => {
  const open: Quotes = { double: undefined, single: undefined };
  let resumeAt = 0;
  tokens.forEach((token, index) => {
    if (index < resumeAt) return;
    if (token.kind === 'enter') resumeAt = token.mate;
    else if (token.kind === 'quote') pairQuote(raw, open, token);
  });
};

export const tokenize = (raw: string): readonly Token[] => {
  const tokens = scan(raw);
  pairAll({ raw, tokens, frames: [] });
  pairQuotes(raw, tokens);
  return tokens;
};
