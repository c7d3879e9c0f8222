/**
 * Lines out of a stream of bytes, in batches: a batch is what one chunk completed, so that a file of
 * short lines does not cost an await a line.
 */
export type Line =
  | { readonly kind: 'line'; readonly number: number; readonly text: string }
  | { readonly kind: 'too-long'; readonly number: number };

const newline = 0x0a;

/**
 * Splits UTF-8 bytes at `\n`. Numbers count from 1. A line of more than `maxBytes` is reported once
 * and its bytes are let go as they arrive; the lines after it come as usual. A last line without an
 * end counts as a line, unless the input throws first: what a break cut off is no line.
 */
export async function* readLines(
  input: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<readonly Line[]> {
  let number = 1;
  let pending: Buffer[] = [];
  let pendingBytes = 0;

  const finish = (lastPart: Buffer): Line => {
    const bytes = pendingBytes + lastPart.length;
    const line: Line =
      bytes > maxBytes
        ? { kind: 'too-long', number }
        : {
            kind: 'line',
            number,
            text: (pending.length === 0
              ? lastPart
              : Buffer.concat([...pending, lastPart])
            ).toString(),
          };
    number += 1;
    pending = [];
    pendingBytes = 0;
    return line;
  };

  for await (const chunk of input) {
    const batch: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      batch.push(finish(chunk.subarray(from, at)));
      from = at + 1;
    }
    const rest = chunk.subarray(from);
    pendingBytes += rest.length;
    if (pendingBytes > maxBytes) pending = [];
    else if (rest.length > 0) pending.push(rest);
    if (batch.length > 0) yield batch;
  }
  if (pendingBytes > 0) yield [finish(Buffer.alloc(0))];
}

/** Line numbers, from 1, of positions asked in ascending order: one pass over the text in all. */
export const createLineCounter = (text: string): ((position: number) => number) => {
  let line = 1;
  let next = text.indexOf('\n');
  return (position) => {
    while (next !== -1 && next < position) {
      line += 1;
      next = text.indexOf('\n', next + 1);
    }
    return line;
  };
};
