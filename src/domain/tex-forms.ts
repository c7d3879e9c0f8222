// Shapes of plain text that stand for two-dimensional notation: scripts, fractions, accents.
import { type Atom, atom } from './tex-layout.ts';
import { SUBSCRIPTS, SUPERSCRIPTS, UNITS } from './tex-symbols.ts';

const shaped = (text: string, forms: ReadonlyMap<string, string>): string | undefined => {
  // A word reads better as it is (k_eff), and so does a call: 2^(-O(n)).
  if (/[a-zA-Z]{3}/.test(text) || /^[^(].*[()]/.test(text)) return undefined;
  let out = '';
  for (const char of text) {
    const form = forms.get(char);
    if (form === undefined) return undefined;
    out += form;
  }
  return out;
};

/** x^2 → x², k_{eff} → k_eff, ℝ^{n × m} → ℝ^(n×m). */
export const script = (mark: '^' | '_', rendered: string): Atom => {
  const text = rendered
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ ?([^\p{L}\p{N} ]) ?/gu, '$1');
  const form = shaped(text, mark === '^' ? SUPERSCRIPTS : SUBSCRIPTS);
  if (form !== undefined) return atom('script', form);
  const bare = /^(?:[\p{Lu}\p{Ll}\p{Lo}\p{M}\p{Nd}.]+|.|\([^()]*\)|\[[^[\]]*\])$/u.test(text);
  return atom('tail', bare ? mark + text : `${mark}(${text})`);
};

const isWhole = (text: string): boolean => {
  let depth = 0;
  for (const [i, char] of [...text].entries()) {
    if (char === '(') depth++;
    else if (char === ')') depth--;
    if (depth === 0 && i > 0 && /[\s+\-−±×·/=<>≤≥∼≈→,]/.test(char)) return false;
  }
  return true;
};

/** In parentheses when it has operators of its own. */
const grouped = (text: string): string => (isWhole(text) ? text : `(${text})`);

// A number, one letter, a word or a call, with its scripts; "a/bc" would mean (a/b)c.
const DIVISOR =
  /^(?:[\p{N}.]+|\p{L}?\([^()]*\)|\p{L}\p{M}*|[a-zA-Z]{3,})[\p{Lm}\p{No}⁺⁻₊₋′*†]*(?:[_^][\p{L}\p{N}.]+)?$/u;

export const fraction = (above: string, below: string): Atom => {
  if (below === '') return atom('text', above);
  const divisor = DIVISOR.test(below) || /^[^()]$/u.test(below) ? below : `(${below})`;
  return atom('fraction', `${grouped(above)}/${divisor}`);
};

export const root = (radicand: string, degree: string): Atom => {
  const bare = /^(?:\p{N}*|\p{L}\p{M}*|\([^()]*\))$/u.test(radicand);
  const sign = degree === '3' ? '∛' : degree === '4' ? '∜' : '√';
  const index = degree !== '' && sign === '√' ? script('^', degree).text : '';
  return atom('text', index + sign + (bare ? radicand : `(${radicand})`));
};

/** The first letter of `text` with the accent; over several letters an accent cannot be shown. */
export const accented = (text: string, mark: string): string => {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const base = /^[\p{L}\p{N}\p{S}]/u.exec(text)?.[0];
  if (base === undefined || letters > 1) return text;
  const bare = base === 'ı' ? 'i' : base === 'ȷ' ? 'j' : base;
  return (bare + mark).normalize('NFC') + text.slice(base.length);
};

/** Chemistry as in mhchem: H2O → H₂O, Fe^{3+} → Fe³⁺, -> → →. */
export const chemistry = (raw: string): string =>
  raw
    .replace(/->/g, '→')
    .replace(/\^\{?(\d*[+-]?)\}?/g, (_, charge: string) => script('^', charge).text)
    .replace(/_\{?(\w+)\}?/g, (_, count: string) => script('_', count).text)
    .replace(/(?<=[A-Za-z)\]])\d+/g, (count) => script('_', count).text)
    .replace(/[{}$]/g, '');

/** Units as in siunitx: `\micro\meter` → μm, `\per\second` → /s. */
export const unit = (raw: string): string =>
  raw
    .replace(/\\([a-zA-Z]+)/g, (_, name: string) => UNITS.get(name) ?? name)
    .replace(/\^\{?([-+\d]+)\}?/g, (_, power: string) => script('^', power).text)
    .replace(/\+-/g, '±')
    .replace(/[{}$\\~\s]+/g, '');

/** pifont's numbers: check marks and circled digits. */
export const dingbat = (code: number): string => {
  if (code >= 172 && code <= 181) return String.fromCodePoint(0x2460 + code - 172);
  if (code >= 182 && code <= 211) return String.fromCodePoint(0x2776 + code - 182);
  return code >= 33 && code <= 126 ? String.fromCodePoint(0x2701 + code - 33) : '';
};
