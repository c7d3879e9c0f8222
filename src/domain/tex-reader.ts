// A reading position in tokenized TeX, and how arguments are taken from there.
import { type Atom, atom, joinMath, mathAtoms } from './tex-layout.ts';
import type { Token } from './tex-tokens.ts';

/** What nests deeper than this is flattened, its content kept: the stack is finite. */
export const DEEPEST = 20;

/** A reading position: the token, and how much of its text is already taken. */
export type Cursor = {
  readonly raw: string;
  readonly tokens: readonly Token[];
  index: number;
  offset: number;
};

/** Where to read, in which mode, and (so that this file need not know) how to render a token. */
export type Scope = {
  readonly at: Cursor;
  readonly math: boolean;
  readonly depth: number;
  readonly renderNext: (scope: Scope) => readonly Atom[];
};

export const advance = (at: Cursor): void => {
  at.index++;
  at.offset = 0;
};

export const restOf = ({ tokens, index, offset }: Cursor): string => {
  const token = tokens[index];
  return token?.kind === 'text' ? token.text.slice(offset) : '';
};

export const take = (at: Cursor, length: number): void => {
  at.offset += length;
  if (at.offset >= (at.tokens[at.index]?.text.length ?? 0)) advance(at);
};

export const swallowSpace = (at: Cursor): void => {
  const width = /^\s+/.exec(restOf(at))?.[0].length ?? 0;
  if (width > 0) take(at, width);
};

/** Steps onto a `{` that starts an argument; spaces before it count for nothing. */
export const atGroup = (at: Cursor): boolean => {
  const { tokens, index } = at;
  const blank = tokens[index]?.kind === 'text' && restOf(at).trim() === '';
  const open = tokens[blank ? index + 1 : index];
  if (open?.kind !== 'open' || open.mate < 0) return false;
  if (blank) advance(at);
  return true;
};

/** Steps over a `{…}` and returns what stands in it, unread. */
export const takeRaw = (at: Cursor): string | undefined => {
  if (!atGroup(at)) return undefined;
  const open = at.tokens[at.index];
  const close = at.tokens[open?.mate ?? -1];
  if (!open || !close) return undefined;
  at.index = open.mate;
  advance(at);
  return at.raw.slice(open.start + 1, close.start);
};

/** Steps over a `[…]` and returns what stands in it. */
export const takeOptional = (at: Cursor): string | undefined => {
  const rest = restOf(at);
  const end = rest.startsWith('[') ? rest.indexOf(']') : -1;
  if (end < 0) return undefined;
  take(at, end + 1);
  return rest.slice(1, end);
};

export const render = (scope: Scope, end: number): readonly Atom[] => {
  const atoms: Atom[] = [];
  while (scope.at.index < end) for (const next of scope.renderNext(scope)) atoms.push(next);
  return atoms;
};

/** Renders up to the partner of the token before the cursor, and steps over that partner. */
export const renderTo = (scope: Scope, mate: number, math: boolean): readonly Atom[] => {
  const atoms = render({ ...scope, math, depth: scope.depth + 1 }, mate);
  scope.at.index = mate;
  advance(scope.at);
  return atoms;
};

export const renderGroup = (scope: Scope, math = scope.math): readonly Atom[] | undefined => {
  const { at } = scope;
  if (scope.depth >= DEEPEST || !atGroup(at)) return undefined;
  const mate = at.tokens[at.index]?.mate ?? -1;
  advance(at);
  return renderTo(scope, mate, math);
};

/** A group, or in mathematics also the next single thing: `\frac12`, `x^\alpha`. */
export const renderArgument = (scope: Scope): readonly Atom[] | undefined => {
  const { at, depth } = scope;
  const group = renderGroup(scope, true);
  if (group || !scope.math || depth >= DEEPEST) return group;
  swallowSpace(at);
  const token = at.tokens[at.index];
  const char = /^./su.exec(restOf(at))?.[0];
  if (char !== undefined) {
    take(at, char.length);
    return mathAtoms(char, false);
  }
  if (token?.kind !== 'command') return undefined;
  return scope.renderNext({ ...scope, depth: depth + 1 });
};

export const argument = (scope: Scope): string => joinMath(renderArgument(scope) ?? []).trim();

/** Text inside a formula keeps the spaces at its ends: `\text{ if }`. */
export const spacedText = (text: string): readonly Atom[] => {
  const space = (found: boolean): readonly Atom[] => (found ? [atom('gap', ' ')] : []);
  return [...space(/^\s/.test(text)), atom('text', text.trim()), ...space(/\s$/.test(text))];
};
