/** Any file or stream Paperboy imports, read as records one after another in bounded memory. */
import type { Line } from '../lib/lines.ts';
import { readLines } from '../lib/lines.ts';
import { detectFormat, headBytes } from './detect.ts';
import { GzipError, gunzip, isGzip } from './gunzip.ts';
import { parseJsonDocument } from './json-document.ts';
import { parseJsonLine } from './jsonl.ts';
import type { SourceRecord } from './source-record.ts';
import { rejected } from './source-record.ts';
import { createTextListReader } from './text-list.ts';
import { parseXmlDocument } from './xml-document.ts';

export type { LiveRecord, SourceRecord } from './source-record.ts';

export type ReadOptions = {
  /** When the import happens: counts without a date of their own are observed now. */
  readonly now: Date;
  /** Called with the size of each chunk taken from the input, before unpacking. */
  readonly onBytes?: (bytes: number) => void;
};

const megabyte = 1024 * 1024;
const longestLine = 8 * megabyte;
const largestDocument = 64 * megabyte;

/**
 * Papers and signals of a file in any format we read, packed with gzip or not. A row that cannot be
 * read is a `rejected` record and the rest goes on; only a failing `input` throws.
 */
export async function* readRecords(
  input: AsyncIterable<Buffer>,
  options: ReadOptions,
): AsyncGenerator<SourceRecord> {
  const packed = await peek(counted(input, options.onBytes), 2);
  const unpacked = await peek(isGzip(packed.head) ? gunzip(packed.all) : packed.all, headBytes);
  let lastLine = 0;
  const seen = (line: number): void => {
    lastLine = Math.max(lastLine, line);
  };
  try {
    for await (const batch of readBatches(unpacked, options.now, seen))
      for (const record of batch) yield inTime(record, options.now);
  } catch (error) {
    if (!(error instanceof GzipError)) throw error;
    yield rejected(lastLine + 1, `${error.message} after line ${lastLine}`);
  } finally {
    await unpacked.close();
    await packed.close();
  }
}

const graceMs = 2 * 86_400_000;

// Two days are for clocks, zones and listings announced ahead; what lies further off is a mistake,
// and would stand above all others until that day has come.
const inTime = (record: SourceRecord, now: Date): SourceRecord => {
  if (record.kind !== 'paper') return record;
  const { publishedAt, listedOn } = record.paper;
  const latest = now.getTime() + graceMs;
  if (publishedAt && publishedAt.getTime() > latest)
    return rejected(record.line, `publishedAt ${publishedAt.toISOString()} lies in the future`);
  if (listedOn && Date.parse(listedOn) > latest)
    return rejected(record.line, `listedOn ${listedOn} lies in the future`);
  return record;
};

// In batches, because each async generator a record passes through costs more than parsing it.
type Batches = AsyncGenerator<Iterable<SourceRecord>>;

async function* readBatches(
  { head, all }: Peeked,
  now: Date,
  seen: (line: number) => void,
): Batches {
  const format = detectFormat(head);
  switch (format.kind) {
    case 'empty':
      // Damaged gzip may give nothing at all; reading on tells it from a file without content.
      await readWhole(all, seen);
      yield [rejected(1, 'the file is empty')];
      return;
    case 'unknown':
      yield [rejected(1, format.reason)];
      return;
    case 'jsonl':
      yield* readEachLine(all, seen, ({ text, number }) => parseJsonLine(text, number, now));
      return;
    case 'text-list': {
      const reader = createTextListReader(format.startsAt);
      yield* readEachLine(all, seen, reader.read);
      yield reader.end();
      return;
    }
    case 'json':
      yield* readDocument(all, seen, (text) => parseJsonDocument(text, now));
      return;
    case 'xml':
      yield* readDocument(all, seen, parseXmlDocument);
      return;
    default:
      format satisfies never;
  }
}

async function* readEachLine(
  input: AsyncIterable<Buffer>,
  seen: (line: number) => void,
  parse: (line: { readonly number: number; readonly text: string }) => readonly SourceRecord[],
): Batches {
  const read = (line: Line): readonly SourceRecord[] => {
    if (line.kind === 'too-long') return [rejected(line.number, 'the line is longer than 8 MB')];
    return parse(line.number === 1 ? { ...line, text: withoutMark(line.text) } : line);
  };
  for await (const lines of readLines(input, longestLine)) {
    yield lines.flatMap(read);
    seen(lines.at(-1)?.number ?? 0);
  }
}

async function* readDocument(
  input: AsyncIterable<Buffer>,
  seen: (line: number) => void,
  parse: (text: string) => Iterable<SourceRecord>,
): Batches {
  const whole = await readWhole(input, seen);
  if (whole !== undefined) yield parse(withoutMark(whole));
  else yield [rejected(1, 'a document of more than 64 MB, too large to read whole')];
}

/** The input as one text; `undefined` beyond what is read whole. */
const readWhole = async (
  input: AsyncIterable<Buffer>,
  seen: (line: number) => void,
): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let [bytes, lines] = [0, 0];
  for await (const chunk of input) {
    bytes += chunk.length;
    if (bytes > largestDocument) return undefined;
    chunks.push(chunk);
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
    seen(lines);
  }
  return Buffer.concat(chunks).toString();
};

// The byte order mark some editors put before UTF-8; JSON and XML parsers trip over it.
const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

async function* counted(
  input: AsyncIterable<Buffer>,
  onBytes: ReadOptions['onBytes'],
): AsyncGenerator<Buffer> {
  for await (const chunk of input) {
    onBytes?.(chunk.length);
    yield chunk;
  }
}

type Peeked = {
  /** At least as many bytes as asked for, where the input has them. */
  readonly head: Buffer;
  /** The whole input, its head included; to be read once. */
  readonly all: AsyncIterable<Buffer>;
  readonly close: () => Promise<unknown>;
};

/** A failure while peeking is kept until the bytes before it have been read. */
const peek = async (input: AsyncIterable<Buffer>, least: number): Promise<Peeked> => {
  const iterator = input[Symbol.asyncIterator]();
  const chunks: Buffer[] = [];
  let bytes = 0;
  let failure: { readonly error: unknown } | undefined;
  try {
    while (bytes < least) {
      const next = await iterator.next();
      if (next.done) break;
      chunks.push(next.value);
      bytes += next.value.length;
    }
  } catch (error) {
    failure = { error };
  }
  const head = Buffer.concat(chunks);
  async function* all(): AsyncGenerator<Buffer> {
    yield head;
    if (failure) throw failure.error;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      yield next.value;
    }
  }
  return { head, all: all(), close: async () => iterator.return?.() };
};
