// How pieces of rendered TeX are put together as plain text: the spaces between them.
import { PREFIXES } from './tex-symbols.ts';

export type AtomKind =
  | 'text' // shown as it is
  | 'gap' // exactly one space, wherever it meets others
  | 'soft' // a space that only ends a command: `\alpha x`
  | 'thin' // `\,`: a space, but not between the digits of a number
  | 'omit' // a citation: nothing, and no space before it either
  | 'operator'
  | 'sign' // an operator typed as a character; the author's own spaces count
  | 'function'
  | 'open'
  | 'close'
  | 'script'
  | 'tail' // a script without Unicode form: what follows must keep clear of it
  | 'fraction';

export type Atom = { readonly kind: AtomKind; readonly text: string };

export const atom = (kind: AtomKind, text: string): Atom => ({ kind, text });

const lastChar = (parts: readonly string[]): string => {
  const last = parts.at(-1) ?? '';
  return last.charAt(last.length - 1);
};

const trimEnd = (parts: string[]): void => {
  for (let last = parts.pop(); last !== undefined; last = parts.pop()) {
    const trimmed = last.trimEnd();
    if (trimmed !== '') {
      parts.push(trimmed);
      return;
    }
  }
};

/** A space of TeX's own between `before` and `next`, unless there is one already. */
const joint = (before: string, next: string, wanted: AtomKind): boolean => {
  if (before === '' || /\s/.test(before)) return false;
  if (wanted === 'omit') return /^[\p{L}\p{N}(]/u.test(next);
  if (wanted === 'thin' && /\d/.test(before) && /^\d/.test(next)) return false;
  return (wanted === 'gap' || wanted === 'thin') && !/^\s/.test(next);
};

/** Text mode: pieces side by side, no doubled space around a command's own. */
export const joinText = (atoms: readonly Atom[]): string => {
  const parts: string[] = [];
  let wanted: AtomKind = 'text';
  for (const { kind, text } of atoms) {
    if (kind === 'omit') trimEnd(parts);
    if (kind === 'omit' || (kind === 'thin' && wanted === 'text')) wanted = kind;
    else if (kind === 'gap' && wanted !== 'omit') wanted = kind;
    else if (kind !== 'gap' && kind !== 'thin' && text !== '') {
      const next = parts.length === 0 && wanted === 'omit' ? text.trimStart() : text;
      if (joint(lastChar(parts), next, wanted)) parts.push(' ');
      if (next !== '') parts.push(next);
      wanted = 'text';
    }
  }
  return parts.join('');
};

const WORDLIKE: ReadonlySet<AtomKind | 'start'> = new Set([
  'text',
  'script',
  'tail',
  'close',
  'fraction',
]);

const GAPS = ['none', 'soft', 'thin', 'gap'] as const;

type Gap = (typeof GAPS)[number];

/** How wide a space an atom is; 0 where it is none. */
const widthOf = (kind: AtomKind | 'none'): number => GAPS.indexOf(kind as Gap);

type Row = {
  readonly parts: string[];
  kind: AtomKind | 'start';
  gap: Gap;
  spaced: boolean;
  unary: boolean;
};

const startsWord = ({ kind, text }: Atom): boolean =>
  kind === 'function' || kind === 'fraction' || (kind === 'text' && /^[\p{L}\p{N}]/u.test(text));

const needsSpace = (row: Row, next: Atom, spacedAfter: boolean): boolean => {
  if (row.kind === 'start' || row.kind === 'open' || next.kind === 'close') return false;
  if (next.kind === 'script' || next.kind === 'tail' || /^[,;]/.test(next.text)) return false;
  if (row.gap === 'gap') return true;
  if (row.gap === 'thin') return !(/\d/.test(lastChar(row.parts)) && /^\d/.test(next.text));
  if (row.kind === 'function') return startsWord(next);
  if (next.kind === 'function' && WORDLIKE.has(row.kind))
    return !/[|‖/!{]/.test(lastChar(row.parts));
  if (row.kind === 'tail') return startsWord(next);
  if (row.kind === 'operator') return !row.unary && row.spaced;
  if (row.gap === 'none') return false;
  return next.kind === 'operator' || (next.kind === 'sign' && spacedAfter);
};

/** `a/b` stands alone; where something touches it, it is `(a/b)`. */
const enclosed = (row: Row, next: Atom, following: Atom | undefined, spaced: boolean): string => {
  if (next.kind !== 'fraction') return next.text;
  const before = !spaced && WORDLIKE.has(row.kind);
  const after = following !== undefined && WORDLIKE.has(following.kind);
  const touched = after && following.kind !== 'close' && /^[^,.;:!?%)\]]/.test(following.text);
  return before || touched ? `(${next.text})` : next.text;
};

const isUnary = (row: Row, text: string): boolean =>
  PREFIXES.has(text) && ['start', 'open', 'operator', 'sign'].includes(row.kind);

/** Mathematics: the author's spaces around operators, none that only TeX's syntax asked for. */
export const joinMath = (atoms: readonly Atom[]): string => {
  const row: Row = { parts: [], kind: 'start', gap: 'none', spaced: false, unary: false };
  atoms.forEach((next, i) => {
    const width = widthOf(next.kind);
    if (width > 0) {
      row.gap = GAPS[Math.max(width, widthOf(row.gap))] ?? 'gap';
      return;
    }
    if (next.text === '') return;
    const following = atoms[i + 1];
    const spaced = needsSpace(row, next, following !== undefined && widthOf(following.kind) > 0);
    const text = enclosed(row, next, following, spaced);
    row.unary = next.kind === 'operator' && isUnary(row, next.text);
    row.parts.push(spaced ? ` ${text}` : text);
    row.spaced = spaced;
    row.gap = 'none';
    if (!(row.kind === 'function' && next.kind === 'script')) row.kind = next.kind;
  });
  return row.parts.join('');
};

/** Characters of mathematics as typed, cut into atoms. */
export const mathAtoms = (text: string, afterCommand: boolean): readonly Atom[] => {
  const atoms: Atom[] = [];
  for (const [piece] of text.matchAll(/\s+|[\p{L}\p{M}\p{N}.%…]+|./gsu)) {
    if (/^\s/.test(piece)) {
      atoms.push(atom(afterCommand && atoms.length === 0 ? 'soft' : 'gap', ' '));
    } else if (/^[([]$/.test(piece)) atoms.push(atom('open', piece));
    else if (/^[)\]]$/.test(piece)) atoms.push(atom('close', piece));
    else if (/^[-+=<>*/−]$/.test(piece)) atoms.push(atom('sign', piece));
    else if (/^[\u2190-\u22ff×±·]$/.test(piece)) atoms.push(atom('operator', piece));
    else atoms.push(atom('text', piece));
  }
  return atoms;
};
