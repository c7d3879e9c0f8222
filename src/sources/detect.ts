/** Which format a file is in, told from its first bytes; its name and ending are not asked. */
import { findListStart } from './text-list.ts';

export type Format =
  | { readonly kind: 'empty' }
  /** One JSON object a line. */
  | { readonly kind: 'jsonl' }
  /** One JSON value over the whole file. */
  | { readonly kind: 'json' }
  | { readonly kind: 'xml' }
  | { readonly kind: 'text-list'; readonly startsAt: number }
  | { readonly kind: 'unknown'; readonly reason: string };

/** How much of a file `detectFormat` wants to see. */
export const headBytes = 64 * 1024;

const signatures: readonly (readonly [string, string])[] = [
  ['PK\u0003\u0004', 'a ZIP archive'],
  ['%PDF-', 'a PDF'],
  ['SQLite format 3', 'a SQLite database'],
  ['\u0089PNG', 'an image'],
  ['\u00ff\u00d8\u00ff', 'an image'],
  ['\u0028\u00b5\u002f\u00fd', 'Zstandard data: unpack it first'],
  ['\u00fd7zXZ', 'xz data: unpack it first'],
  ['BZh', 'bzip2 data: unpack it first'],
  ['\u001f\u008b', 'gzip inside gzip'],
  ['\u00ff\u00fe', 'text in UTF-16: save it as UTF-8'],
  ['\u00fe\u00ff', 'text in UTF-16: save it as UTF-8'],
];

const unknown = (what: string): Format => ({
  kind: 'unknown',
  reason: `not a format Paperboy reads (${what})`,
});

/** `head` is the file's beginning, unpacked: all of it or at least `headBytes`. */
export const detectFormat = (head: Buffer): Format => {
  const latin = head.toString('latin1');
  const known = signatures.find(([magic]) => latin.startsWith(magic));
  if (known) return unknown(known[1]);
  if (latin.includes('\u0000')) return unknown('binary data');
  const text = head.toString().replace(/^\uFEFF/, '');
  const replaced = text.split('\uFFFD').length - 1;
  if (replaced > 8 && replaced > text.length / 100)
    return unknown('binary data, or text not in UTF-8');

  const start = text.trimStart();
  if (start === '') return { kind: 'empty' };
  if (start.startsWith('<')) return { kind: 'xml' };
  if (start.startsWith('[')) return { kind: 'json' };
  if (start.startsWith('{')) return { kind: isWholeDocument(start) ? 'json' : 'jsonl' };
  return detectText(text);
};

// A JSON object set over several lines, or a recorded exchange, which may be on one.
const isWholeDocument = (start: string): boolean =>
  /^\{[ \t\r]*\n/.test(start) ||
  (/^\{\s*"(?:url|status_code|body)"\s*:/.test(start) && start.includes('"status_code"'));

const detectText = (text: string): Format => {
  // A damaged first row does not make the rows after it anything but JSON.
  if (/^\s*\{.*\}\s*$/m.test(text)) return { kind: 'jsonl' };
  const firstLine = text.trimStart().split('\n', 1)[0] ?? '';
  if (/^"?\w+"?(?:[,;\t]"?\w+"?){2,}\s*$/.test(firstLine)) return unknown('a table such as CSV');
  const lines = text.split('\n').map((line, at) => ({ number: at + 1, text: line }));
  const startsAt = findListStart(lines);
  if (startsAt !== undefined) return { kind: 'text-list', startsAt };
  return unknown('text, but neither JSON, XML nor lines of title and abstract in turn');
};
