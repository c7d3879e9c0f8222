import type { LiveRecord, SourceRecord } from '../../src/sources/records.ts';
import { readRecords } from '../../src/sources/records.ts';

export const now = new Date('2026-03-20T12:00:00Z');

/** All records of a file with this content, handed over in chunks of the given size. */
export const read = async (
  content: string | Buffer,
  chunkBytes = 64 * 1024,
): Promise<readonly SourceRecord[]> => {
  const bytes = Buffer.from(content);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      yield bytes.subarray(at, at + chunkBytes);
    }
  }
  return gather(readRecords(chunks(), { now }));
};

export const gather = async <T>(items: AsyncIterable<T>): Promise<readonly T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

export const papersOf = (records: readonly LiveRecord[]) =>
  records.flatMap((record) => (record.kind === 'paper' ? [record.paper] : []));

export const signalsOf = (records: readonly LiveRecord[]) =>
  records.flatMap((record) => (record.kind === 'signal' ? [record.signal] : []));

export const rejectsOf = (records: readonly LiveRecord[]) =>
  records.flatMap((record) =>
    record.kind === 'rejected' ? [`line ${record.line}: ${record.reason}`] : [],
  );
