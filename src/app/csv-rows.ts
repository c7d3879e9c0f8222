/** The rows of a list of readers, one at a time, whatever is wrong with those around. */
import { parse } from 'csv-parse/sync';
import { suggestWord } from '../domain/spelling.ts';
import { readLines } from '../lib/lines.ts';
import { detectForeign, type ForeignKind } from './foreign-lists.ts';

/** Of our own lists, in their order. */
export const columns = [
  'email',
  'topics',
  'frequency',
  'hour',
  'timezone',
  'status',
  'papers',
  'mute',
  'language',
] as const;
const neededColumns = ['email', 'topics'] as const;

export type Row = Readonly<Record<string, string | undefined>>;

/** A CSV that cannot be read at all. */
export class CsvFault extends Error {}

export type NumberedRow = {
  readonly line: number;
  readonly row: Row | string;
  readonly foreign: ForeignKind | undefined;
};

/** Longer lines are no reader's. */
const longestLine = 100_000;

// Line by line: no field of ours holds a line end, and so a quotation mark gone wrong costs its own
// line and none of those after it. Notes in others' lists do hold some: there an open quotation goes
// on in the next line.
export async function* readRows(
  input: AsyncIterable<Buffer>,
  onUnread: (columns: readonly string[]) => void,
  needed: readonly string[] = neededColumns,
): AsyncGenerator<NumberedRow> {
  let header: readonly string[] | undefined;
  let foreign: ForeignKind | undefined;
  for await (const line of wholeLines(input, () => foreign !== undefined)) {
    if (header === undefined) checkSeparator(line.text ?? '');
    const cells = line.text === undefined ? 'the line is too long' : cellsOf(line.text);
    if (header !== undefined)
      yield {
        line: line.number,
        row: typeof cells === 'string' ? cells : toNamed(header, cells),
        foreign,
      };
    else if (typeof cells === 'string') throw new CsvFault(`line ${line.number}: ${cells}`);
    else {
      header = cells.map((name) => name.toLowerCase());
      foreign = detectForeign(header);
      if (!foreign) onUnread(checkHeader(header, needed));
    }
  }
  if (header === undefined) throw new CsvFault('the file is empty');
}

type WholeLine = { readonly number: number; readonly text: string | undefined };

async function* wholeLines(
  input: AsyncIterable<Buffer>,
  mayGoOn: () => boolean,
): AsyncGenerator<WholeLine> {
  let open: { number: number; text: string } | undefined;
  for await (const lines of readLines(input, longestLine))
    for (const line of lines) {
      if (line.kind !== 'line') {
        yield { number: line.number, text: undefined };
        continue;
      }
      if (!open && line.text.trim() === '') continue;
      const text: string = open ? `${open.text}\n${line.text}` : line.text;
      const number: number = open?.number ?? line.number;
      open = undefined;
      if (mayGoOn() && text.length < longestLine && isOpen(text)) open = { number, text };
      else yield { number, text };
    }
  if (open) yield open;
}

const isOpen = (text: string): boolean => (text.match(/"/g) ?? []).length % 2 === 1;

const cellsOf = (text: string): readonly string[] | string => {
  try {
    const [cells] = parse(text, { bom: true, relax_column_count: true, trim: true }) as string[][];
    return cells ?? [];
  } catch (error) {
    // The parser has seen one line, and calls it the first.
    const reason = (error instanceof Error ? error.message : String(error)).replace(
      / at line 1\b/,
      '',
    );
    return `cannot be read: ${reason}`;
  }
};

const toNamed = (header: readonly string[], cells: readonly string[]): Row =>
  Object.fromEntries(header.map((name, column) => [name, cells[column] ?? '']));

// Spreadsheets of some languages write one of these and still call it CSV.
const checkSeparator = (header: string): void => {
  const other = header.includes(',') ? undefined : /[;\t|]/.exec(header)?.[0];
  if (other !== undefined)
    throw new CsvFault(
      `line 1: the columns are separated by ${other === '\t' ? 'a tab' : `"${other}"`}, and a comma is expected`,
    );
};

/** The columns that say nothing to us. */
const checkHeader = (header: readonly string[], needed: readonly string[]): readonly string[] => {
  const missing = needed.filter((name) => !header.includes(name));
  if (missing.length > 0)
    throw new CsvFault(
      `line 1: the ${missing.length > 1 ? 'columns' : 'column'} ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing (expected: ${columns.join(',')}, or an export of listmonk, Mailchimp or Buttondown)`,
    );
  const unread = header.filter((name) => !columns.some((known) => known === name));
  const known = columns.map((word) => ({ word, frequency: Number.POSITIVE_INFINITY }));
  for (const name of unread) {
    const meant = suggestWord(name, known);
    // Without its status a reader who has left would be mailed.
    if (meant && !header.includes(meant))
      throw new CsvFault(`line 1: there is no column "${name}"; write "${meant}", or take it away`);
  }
  return unread;
};
