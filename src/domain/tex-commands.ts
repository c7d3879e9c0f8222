// What each TeX command shows. Unknown ones show their argument, or else their own name.
import { accented, chemistry, dingbat, fraction, root, script, unit } from './tex-forms.ts';
import { type Atom, type AtomKind, atom, joinMath, joinText } from './tex-layout.ts';
import {
  argument,
  atGroup,
  renderArgument,
  renderGroup,
  restOf,
  type Scope,
  spacedText,
  swallowSpace,
  take,
  takeOptional,
  takeRaw,
} from './tex-reader.ts';
import {
  ACCENTS,
  ARGUMENTS,
  DECLARATIONS,
  DOUBLE_STRUCK,
  FENCES,
  FUNCTIONS,
  LETTERS,
  OPERATORS,
  PHRASES,
  STYLES,
  SYMBOLS,
  TEXT_STYLES,
  WRAPPERS,
} from './tex-symbols.ts';

type Handler = (scope: Scope, name: string) => readonly Atom[];

const NOTHING: readonly Atom[] = [];

const GAP: readonly Atom[] = [atom('gap', ' ')];

const word = (text: string): readonly Atom[] => [atom('text', text)];

const SYMBOL_KINDS: readonly (readonly [ReadonlyMap<string, string>, AtomKind])[] = [
  [SYMBOLS, 'text'],
  [LETTERS, 'text'],
  [OPERATORS, 'operator'],
  [FUNCTIONS, 'function'],
  [FENCES, 'close'],
];

export const findSymbol = (name: string): Atom | undefined => {
  for (const [table, kind] of SYMBOL_KINDS) {
    const text = table.get(name);
    if (text === undefined) continue;
    return atom(table === FENCES && /^[⟨⌈⌊[⟦⌜(]/.test(text) ? 'open' : kind, text);
  }
  const variant = /^(?:text|up|math)([a-zA-Z]{2,})$/.exec(name)?.[1];
  return variant === undefined ? undefined : findSymbol(variant);
};

/** Raw argument → plain: escapes undone, nothing else. */
const verbatim = (raw: string | undefined): string =>
  (raw ?? '').replace(/\\([\\%#&_~${}])/g, '$1').trim();

const renderStyle: Handler = (scope) => {
  const atoms = renderGroup(scope);
  if (!atoms) swallowSpace(scope.at);
  return atoms ?? NOTHING;
};

const renderTextStyle: Handler = (scope) => {
  const atoms = renderGroup(scope, false);
  if (!atoms) swallowSpace(scope.at);
  if (!atoms || !scope.math) return atoms ?? NOTHING;
  return spacedText(joinText(atoms));
};

const renderDeclaration: Handler = (scope, name) => {
  swallowSpace(scope.at);
  if (/^(?:left|right)$/.test(name) && restOf(scope.at).startsWith('.')) take(scope.at, 1);
  return NOTHING;
};

const renderArguments: Handler = (scope, name) => {
  const atoms: Atom[] = [];
  let dropped = '';
  takeOptional(scope.at);
  for (const use of ARGUMENTS.get(name) ?? '') {
    takeOptional(scope.at);
    if (use === 'd') dropped = verbatim(takeRaw(scope.at)) || dropped;
    else atoms.push(...(renderGroup(scope) ?? NOTHING));
  }
  if (/cite|ref$|label/.test(name) && name !== 'href') atoms.push(atom('omit', ''));
  return atoms.length === 0 && /^hy?[pr]e/.test(name) ? word(dropped) : atoms;
};

const renderFraction: Handler = (scope) => {
  const math = { ...scope, math: true };
  const above = argument(math);
  return [fraction(above, argument(math))];
};

const renderRoot: Handler = (scope) => {
  const degree = takeOptional(scope.at) ?? '';
  const radicand = restOf(scope.at).startsWith('(') ? '' : argument({ ...scope, math: true });
  return [root(radicand, degree)];
};

const renderBinomial: Handler = (scope) => {
  const above = argument(scope);
  return word(`(${above} choose ${argument(scope)})`);
};

const renderStacked: Handler = (scope, name) => {
  const mark = name === 'underset' ? '_' : '^';
  const extra = script(mark, argument(scope));
  return [...(renderArgument(scope) ?? NOTHING), extra];
};

const renderArrow: Handler = (scope, name) => [
  atom('operator', OPERATORS.get(name) ?? '→'),
  ...(atGroup(scope.at) ? [script('^', argument(scope))] : NOTHING),
];

const renderDoubleStruck: Handler = (scope) =>
  word([...argument(scope)].map((char) => DOUBLE_STRUCK.get(char) ?? char).join(''));

const renderNegated: Handler = (scope) =>
  (renderArgument(scope) ?? NOTHING).map(({ kind, text }) =>
    atom('operator', kind === 'text' ? text : `${text}\u0338`.normalize('NFC')),
  );

const renderOperatorName: Handler = (scope) => [atom('function', argument(scope))];

/** `360{\deg}` and `$45^\deg$` are angles; elsewhere it is the degree of a polynomial. */
const renderDegree: Handler = ({ at }) => {
  const start = at.tokens[at.index - 1]?.start ?? 0;
  const angle = /\d[\s{^$]*$/.test(at.raw.slice(Math.max(0, start - 4), start));
  return [angle ? atom('text', '°') : atom('function', 'deg')];
};

const renderModulus: Handler = (scope) => [...GAP, ...word(`(mod ${argument(scope)})`)];

const renderWrapped: Handler = (scope, name) => {
  const [left = '', right = ''] = (WRAPPERS.get(name) ?? '').split('…');
  const atoms = renderGroup(scope);
  const aside = /footnote|thanks/.test(name);
  if (!atoms) return [aside ? atom('gap', ' ') : atom('function', name)];
  const inner = [atom('open', left), ...atoms, atom('close', right)];
  return aside ? [...GAP, ...inner] : inner;
};

const renderUnicode: Handler = ({ at }) => {
  const code = /^\s*(?:[xX"]([\da-fA-F]{1,6})|(\d{1,7}))\s*$/.exec(takeRaw(at) ?? '');
  const point = code?.[1] ? Number.parseInt(code[1], 16) : Number(code?.[2] ?? Number.NaN);
  const shown = point <= 0x10ffff ? String.fromCodePoint(point) : '';
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]$/u.test(shown) ? word(shown) : NOTHING;
};

/** siunitx: `\SI{20}{\micro\meter}` → 20 μm, `\SIrange{1}{2}{\kelvin}` → 1–2 K. */
const renderQuantity: Handler = ({ at }, name) => {
  const parts: string[] = [];
  takeOptional(at);
  for (let raw = takeRaw(at); raw !== undefined; raw = parts.length < 3 ? takeRaw(at) : undefined) {
    parts.push(unit(raw));
  }
  const symbol = parts.length > 1 && !/list|^num/i.test(name) ? (parts.pop() ?? '') : '';
  const glue = symbol === '' || /^[°%″′]$/.test(symbol) ? '' : ' ';
  return word(parts.join('–') + glue + symbol);
};

const renderChemistry: Handler = (scope) => {
  const raw = restOf(scope.at) === '' ? takeRaw({ ...scope.at }) : undefined;
  if (raw !== undefined && !/[\\$]/.test(raw)) {
    takeRaw(scope.at);
    return word(chemistry(raw));
  }
  return renderGroup(scope, true) ?? NOTHING;
};

const renderDingbat: Handler = ({ at }) => word(dingbat(Number(takeRaw(at))));

const renderAddress: Handler = ({ at }) => word(verbatim(takeRaw(at)));

const renderTextScript: Handler = (scope, name) => {
  const atoms = renderGroup(scope, false);
  return atoms ? [script(name === 'textsuperscript' ? '^' : '_', joinText(atoms))] : NOTHING;
};

/** Mathematics' accents: `\hat x`, `\bar{\nu}`. */
const renderHat: Handler = (scope, name) =>
  word(accented(argument(scope), ACCENTS.get(name) ?? ''));

const renderUnknown: Handler = (scope, name) => {
  const atoms: Atom[] = [];
  while (restOf(scope.at) === '') {
    const group = renderGroup(scope);
    if (!group) break;
    if (atoms.length > 0) atoms.push(atom('gap', ' '));
    atoms.push(...group);
  }
  if (atoms.some(({ text }) => text.trim() !== '')) return atoms;
  return [atom(scope.math ? 'function' : 'text', name)];
};

/** The letter right after a text accent, when the two make one character. */
const accentedLetter = ({ at, math }: Scope, name: string): string | undefined => {
  const named = /^[a-zA-Z]$/.test(name);
  const found = (named ? /^\s+(\p{L})/u : /^\s*(\p{L})/u).exec(restOf(at));
  if (!found?.[1] || (named && math)) return undefined;
  const whole = accented(found[1], ACCENTS.get(name) ?? '');
  if ([...whole].length > 1 || (name === '"' && /^[htwx]$/i.test(found[1]))) return undefined;
  take(at, found[0].length);
  return whole;
};

/** `\'e`, `\v{s}`, `\c c`; and `\b{eta}`, which is how arXiv garbles a raw β. */
const renderAccent: Handler = (scope, name) => {
  const { at, math } = scope;
  const mark = ACCENTS.get(name) ?? '';
  const token = at.tokens[at.index];
  if (token?.kind === 'command' && /^\\[ij]$/.test(token.text)) {
    at.index++;
    swallowSpace(at);
    return word(accented(token.text.slice(1), mark));
  }
  const letter = accentedLetter(scope, name);
  if (letter !== undefined) return word(letter);
  const group = renderGroup(scope);
  if (!group) return [atom(math && /[a-zA-Z]/.test(name) ? 'function' : 'text', name)];
  const inner = math ? joinMath(group) : joinText(group);
  if (inner === '') return word(name);
  const garbled = /^[a-z]{2,}$/.test(inner) ? findSymbol(name + inner) : undefined;
  return garbled ? [garbled] : word(accented(inner, mark));
};

const renderSymbol = (name: string): Atom => {
  if (/^[\s:;>]$/.test(name) || name === '\\') return atom('gap', ' ');
  if (name === ',') return atom('thin', ' ');
  if (name === '{' || name === '}') return atom(name === '{' ? 'open' : 'close', name);
  if (/^[!/@-]$/.test(name)) return atom('text', '');
  if (name === '|') return atom('text', '‖');
  return atom('text', /^[\p{L}\p{N}]?$/u.test(name) ? `\\${name}` : name);
};

const each = (list: string, handler: Handler): readonly (readonly [string, Handler])[] =>
  list.split(' ').map((name) => [name, handler] as const);

const HANDLERS: ReadonlyMap<string, Handler> = new Map([
  ...[...DECLARATIONS].map((name) => [name, renderDeclaration] as const),
  ...[...STYLES].map((name) => [name, renderStyle] as const),
  ...[...TEXT_STYLES].map((name) => [name, renderTextStyle] as const),
  ...[...ARGUMENTS.keys()].map((name) => [name, renderArguments] as const),
  ...[...WRAPPERS.keys()].map((name) => [name, renderWrapped] as const),
  ...[...ACCENTS.keys()].map((name) => [name, name.length > 1 ? renderHat : renderAccent] as const),
  ...each('quad qquad space enspace enskip thinspace nobreakspace par', () => GAP),
  ...each('frac tfrac dfrac cfrac sfrac nicefrac', renderFraction),
  ...each('sqrt', renderRoot),
  ...each('binom tbinom dbinom', renderBinomial),
  ...each('overset underset stackrel', renderStacked),
  ...each('xrightarrow xleftarrow', renderArrow),
  ...each('mathbb mathds Bbb', renderDoubleStruck),
  ...each('not', renderNegated),
  ...each('operatorname', renderOperatorName),
  ...each('deg', renderDegree),
  ...each('pmod', renderModulus),
  ...each('unicode', renderUnicode),
  ...each('SI si qty unit num ang SIrange qtyrange SIlist numrange', renderQuantity),
  ...each('ce ch', renderChemistry),
  ...each('ding', renderDingbat),
  ...each('url path nolinkurl burl', renderAddress),
  ...each('textsuperscript textsubscript', renderTextScript),
]);

export const renderCommand = (scope: Scope, text: string): readonly Atom[] => {
  const name = text.slice(1).replace(/(?<=.)\*$/, '');
  const handler = HANDLERS.get(name);
  if (handler) return handler(scope, name);
  if (!/^[a-zA-Z]/.test(name)) return [renderSymbol(name)];
  const phrase = PHRASES.get(name);
  if (phrase !== undefined) {
    return word(restOf(scope.at).startsWith('.') ? phrase.replace(/\.$/, '') : phrase);
  }
  const symbol = findSymbol(name);
  if (LETTERS.has(name)) swallowSpace(scope.at);
  if (symbol?.text === '°' && /^\s+[CFK]\b/.test(restOf(scope.at))) swallowSpace(scope.at);
  return symbol ? [symbol] : renderUnknown(scope, name);
};
