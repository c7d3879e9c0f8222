/** Encoded text with holes in it, and the filling of them. */
import Handlebars from 'handlebars';
import { remembered } from '../lib/remembered.ts';
import { holeEnd, holeStart, innerEnd, innerStart, wrapMark } from './marks.ts';
import { wrapText } from './plain.ts';
import type { SetForm } from './press-run.ts';
import { encodePiece, toBytes } from './quoted-printable.ts';

/** A value's place, by its name; `turns` are to be wrapped, as `wrap` says. */
export type Hole =
  | { readonly name: string; readonly filled: Filled }
  | {
      /** Text and names, in turns: a text, a name, a text. */
      readonly turns: readonly string[];
      readonly wrap: Readonly<Record<string, string>>;
      readonly filled: Filled;
    };
/**
 * What a hole was filled with, by its value, or by that of the one name in it: the day's line is
 * everybody's, and lines of topics are shared. Unset for a hole with a link in it, which no two readers
 * share.
 */
type Filled = Map<string, Buffer> | undefined;
/** Encoded text with holes; `bytes` counts the decoded text between them. */
export type Form = {
  readonly pieces: readonly (Buffer | Hole)[];
  readonly bytes: number;
  /** The same made ready to be copied, by the digits of a paper's rank. */
  readonly set: SetForm[];
};

/** Filled text with marks, made a form. */
export const toForm = (filled: string): Form => {
  const pieces: (Buffer | Hole)[] = [];
  let bytes = 0;
  filled.split(holeStart).forEach((run, index) => {
    const end = index === 0 ? 0 : run.indexOf(holeEnd) + 1;
    if (index > 0) pieces.push(toHole(run.slice(0, end - 1)));
    const still = run.slice(end);
    bytes += Buffer.byteLength(still);
    if (still !== '') pieces.push(toBytes(encodePiece(still)));
  });
  return { pieces, bytes, set: [] };
};

const toHole = (spelled: string): Hole => {
  const at = spelled.indexOf(wrapMark);
  const filled: Filled = spelled.includes('links.') ? undefined : new Map();
  if (at < 0) return { name: spelled, filled };
  const wrap = JSON.parse(spelled.slice(at + 1)) as Readonly<Record<string, string>>;
  return { turns: spelled.slice(0, at).split(inner), wrap, filled };
};

/** What fills a hole: in HTML escaped, in text wrapped where the template asked for that. */
export const fillHole = (
  hole: Hole,
  part: 'html' | 'text',
  textOf: (name: string) => string,
): Buffer => {
  const key = keyOf(hole, textOf);
  const known = hole.filled?.get(key);
  if (known !== undefined) return known;
  const text = toBytes(
    encodePiece(
      'wrap' in hole
        ? wrapText(fillTurns(hole.turns, textOf), hole.wrap)
        : part === 'html'
          ? Handlebars.Utils.escapeExpression(key)
          : key,
    ),
  );
  return hole.filled ? remembered(hole.filled, mostFilled, key, () => text) : text;
};

const keyOf = (hole: Hole, textOf: (name: string) => string): string => {
  if (!('wrap' in hole)) return textOf(hole.name);
  const { turns } = hole;
  // To join and hash a long line for each mail takes longer than to copy it.
  return turns.length === 3 ? textOf(turns[1] ?? '') : fillTurns(turns, textOf);
};

const mostFilled = 500;

const inner = new RegExp(`${innerStart}([^${innerEnd}]*)${innerEnd}`);

const fillTurns = (turns: readonly string[], textOf: (name: string) => string): string => {
  let text = turns[0] ?? '';
  for (let at = 1; at < turns.length; at += 2) text += textOf(turns[at] ?? '') + turns[at + 1];
  return text;
};
