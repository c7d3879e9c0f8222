// arXiv's titles, abstracts and names hold raw TeX; readers get Unicode plain text.
// Rules: never throw, never take more than linear time, never lose a word, never emit markup.
import { findSymbol, renderCommand } from './tex-commands.ts';
import { script } from './tex-forms.ts';
import { type Atom, atom, joinMath, joinText, mathAtoms } from './tex-layout.ts';
import {
  advance,
  atGroup,
  DEEPEST,
  render,
  renderArgument,
  renderGroup,
  renderTo,
  restOf,
  type Scope,
  takeRaw,
} from './tex-reader.ts';
import { type Token, tokenize } from './tex-tokens.ts';

const NOTHING: readonly Atom[] = [];

const literal = (text: string): readonly Atom[] => [atom('text', text)];

const charBefore = ({ at }: Scope, { start }: Token): string => at.raw.charAt(start - 1);

const charAfter = ({ at }: Scope, { start, text }: Token): string =>
  at.raw.charAt(start + text.length);

const isCommand = (token: Token | undefined): boolean => token?.kind === 'command';

/** No list in braces is longer. */
const LISTED = 300;

/** Plain text's own braces: sets, lists and placeholders in an address. */
const isPlainGroup = (content: string, before: string, after: string): boolean => {
  if (content.length > LISTED || /[\\$]/.test(content) || /^\W$/.test(content)) return false;
  if (before === '/' || after === '/' || content.trim() === '') return true;
  if (/["=:|]|\.\.|^[\s\d.+-]+$/.test(content)) return true;
  const items = content.split(/[,;]/);
  return items.length > 1 && items.every((item) => item.trim().split(/\s+/).length <= 3);
};

const renderOpen = (scope: Scope, token: Token, before: Token | undefined): readonly Atom[] => {
  const { at, math } = scope;
  const close = at.tokens[token.mate];
  if (!close) {
    advance(at);
    return math || isCommand(before) ? NOTHING : literal('{');
  }
  const content = at.raw.slice(token.start + 1, close.start);
  const inner = renderGroup(scope);
  if (!inner) advance(at);
  if (!inner || math || isCommand(before)) return inner ?? NOTHING;
  const plain = isPlainGroup(content, charBefore(scope, token), charAfter(scope, close));
  return plain ? [...literal('{'), ...inner, ...literal('}')] : inner;
};

const renderFormula = (scope: Scope, token: Token): readonly Atom[] => {
  if (token.text.includes('alignat') && atGroup(scope.at)) takeRaw(scope.at);
  if (scope.depth >= DEEPEST) return NOTHING;
  return literal(joinMath(renderTo(scope, token.mate, true)));
};

/** Outside formulas only braces or a symbol before tell a script: `CO_{2}`, `\ell_1`. */
const isScript = (scope: Scope, token: Token, before: Token | undefined): boolean => {
  const open = scope.at.tokens[scope.at.index];
  if (scope.math || (before?.kind === 'command' && findSymbol(before.text.slice(1)))) return true;
  return open?.kind === 'open' && open.mate >= 0 && /\S/.test(charBefore(scope, token));
};

const renderScript = (scope: Scope, token: Token, before: Token | undefined): readonly Atom[] => {
  const mark = token.kind === 'sup' ? '^' : '_';
  const math = { ...scope, math: true };
  const atoms = isScript(scope, token, before) ? renderArgument(math) : undefined;
  if (!atoms) return literal(mark);
  const text = joinMath(atoms);
  return text === '' ? NOTHING : [script(mark, text)];
};

/** A tie between two words is a space; before a number ("~5 ms", "3~5") it means "about". */
const renderTie = (scope: Scope, token: Token): Atom => {
  const before = charBefore(scope, token);
  const after = charAfter(scope, token);
  if (scope.math || before === '\\') return atom('gap', ' ');
  const glued = /[\p{L}\p{N}\p{M}.,;:)\]}'"%$°]/u.test(before) && /[^\s~=/<>.,]/.test(after);
  const doubled = /[^\s\d]/.test(before) && /\s/.test(after);
  const range = /\d/.test(before) && /\d/.test(after);
  return (glued && !range) || doubled ? atom('gap', ' ') : atom('text', '~');
};

/** `--` is a dash, but not in `--option`, `-->` or a rule of hyphens. */
const renderDash = (scope: Scope, token: Token): readonly Atom[] => {
  const before = charBefore(scope, token);
  const after = charAfter(scope, token);
  const option = /^[\s([`]?$/.test(before) && /[a-zA-Z]/.test(after) && token.text === '--';
  if (token.text.length > 3 || option || /[<!]/.test(before) || after === '>') {
    return literal(token.text);
  }
  return [atom('sign', token.text === '--' ? '–' : '—')];
};

const renderQuote = (scope: Scope, token: Token): readonly Atom[] => {
  if (token.shown !== undefined || !scope.math) return literal(token.shown ?? token.text);
  if (token.text === "'") return [atom('script', '′')];
  return token.text === "''" ? [atom('script', '″')] : literal(token.text);
};

/** `\begin{array}{cc}`: the environment and its columns go, the content stays. */
const renderEnvironment = ({ at }: Scope, token: Token): readonly Atom[] => {
  if (/^\\begin\s*\{(?:array|tabular)/.test(token.text) && atGroup(at)) takeRaw(at);
  return [atom('gap', ' ')];
};

const renderText = (scope: Scope, token: Token, before: Token | undefined): readonly Atom[] => {
  const rest = restOf(scope.at);
  const afterCommand = rest.length === token.text.length && /[a-zA-Z]$/.test(before?.text ?? '');
  advance(scope.at);
  return scope.math ? mathAtoms(rest, afterCommand && isCommand(before)) : literal(rest);
};

const renderNext = (scope: Scope): readonly Atom[] => {
  const { at, math } = scope;
  const token = at.tokens[at.index];
  const before = at.tokens[at.index - 1];
  if (!token) return NOTHING;
  if (token.kind === 'text') return renderText(scope, token, before);
  if (token.kind === 'open') return renderOpen(scope, token, before);
  advance(at);
  switch (token.kind) {
    case 'command':
      return renderCommand(scope, token.text);
    case 'environment':
      return renderEnvironment(scope, token);
    case 'enter':
      return renderFormula(scope, token);
    case 'sup':
    case 'sub':
      return renderScript(scope, token, before);
    case 'tie':
      return [renderTie(scope, token)];
    case 'dash':
      return renderDash(scope, token);
    case 'quote':
      return renderQuote(scope, token);
    case 'align':
      return math ? [atom('soft', ' ')] : literal('&');
    case 'close':
      return math || token.mate >= 0 ? NOTHING : literal('}');
    case 'leave':
      return NOTHING;
    case 'dollar':
    case 'display':
      return literal(token.text);
    default:
      return token.kind satisfies never;
  }
};

const renderMarkup = (raw: string): string => {
  if (!/[\\${~`]|--/.test(raw)) return raw;
  const tokens = tokenize(raw);
  const at = { raw, tokens, index: 0, offset: 0 };
  return joinText(render({ at, math: false, depth: 0, renderNext }, tokens.length));
};

// Powers of those who write no TeX, "R^2" and "10^-4", but not "1.2^3.4" or "a^b".
const plainPower = /(?<=[\p{L}\p{N})\]])\^([-−]?\d{1,3})(?![\d^]|\.\d)/gu;

// Letters such as 𝑛 or 𝐀 (Unicode's "Mathematical Alphanumeric Symbols"), which many fonts lack.
const styledLetter = /[\u{1D400}-\u{1D7FF}]/gu;

/**
 * Raw text as arXiv gives it → Unicode plain text: accents, Greek, scripts and operators where
 * Unicode has them, readable ASCII where not. Text without TeX comes back as it is, but for powers and styled letters.
 */
export const renderTex = (raw: string): string => {
  const text = renderMarkup(raw);
  const powered = text.includes('^')
    ? text
        .replace(plainPower, (_, power: string) => script('^', power).text)
        .replace(/(?<=\d)\^circ(?![a-z])/g, '°')
    : text;
  return powered.replace(styledLetter, (letter) => letter.normalize('NFKC'));
};

/** For indexing and comparing: compatibility forms folded (CO₂ → CO2), case kept. */
export const foldText = (text: string): string => renderMarkup(text).normalize('NFKC');
