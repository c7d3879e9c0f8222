import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readRecords } from '../../src/sources/records.ts';
import { gather, now, papersOf, read, rejectsOf } from './read.ts';

const row = (n: number): string =>
  JSON.stringify({ arxivId: `2603.${String(n).padStart(5, '0')}`, title: `Sheep number ${n}` });
const manyRows = (count: number): string =>
  Array.from({ length: count }, (_, n) => `${row(n + 1)}\n`).join('');

describe('files', () => {
  test('gzip is known by its first bytes, in one member or several', async () => {
    const packed = Buffer.concat([gzipSync(manyRows(3)), gzipSync(row(4))]);
    expect(papersOf(await read(packed))).toHaveLength(4);
    expect(papersOf(await read(packed, 1))).toHaveLength(4);
  });

  test('the bytes read are reported as they lie in the file', async () => {
    const packed = gzipSync(manyRows(2000));
    let bytes = 0;
    async function* chunks() {
      yield packed.subarray(0, 100);
      yield packed.subarray(100);
    }
    const onBytes = (count: number): void => {
      bytes += count;
    };
    for await (const record of readRecords(chunks(), { now, onBytes })) void record;
    expect(bytes).toBe(packed.length);
  });

  test('gzip cut short gives the rows before the break and says where it broke', async () => {
    const packed = gzipSync(manyRows(20_000));
    const records = await read(packed.subarray(0, packed.length / 2));
    const papers = papersOf(records);
    expect(papers.length).toBeGreaterThan(5_000);
    expect(rejectsOf(records)).toEqual([
      `line ${papers.length + 1}: gzip data is damaged after line ${papers.length}`,
    ]);
  });

  test('gzip damaged in the middle or at once is told, too', async () => {
    const packed = gzipSync(manyRows(20_000));
    const middle = Math.floor(packed.length / 2);
    packed.fill(0xff, middle, middle + 64);
    const records = await read(packed);
    expect(records.at(-1)).toMatchObject({ kind: 'rejected' });
    expect(rejectsOf(records).at(-1)).toContain('gzip data is damaged after line');
    expect(rejectsOf(await read(Buffer.from([0x1f, 0x8b])))[0]).toContain('gzip data is damaged');
    expect(rejectsOf(await read(Buffer.from([0x1f, 0x8b, 1, 2, 3, 4])))[0]).toContain('damaged');
  });

  test('what follows the gzip data is not read', async () => {
    const padded = Buffer.concat([gzipSync(manyRows(3)), Buffer.alloc(200_000)]);
    expect(papersOf(await read(padded))).toHaveLength(3);
  });

  test('a gzip bomb is left before it is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
    expect(rejectsOf(await read(bomb))[0]).toContain('inflates more than 200 times');
  });

  test('a line over 8 MB is skipped, the next ones are read', async () => {
    const long = JSON.stringify({ title: 'x'.repeat(9 * 1024 * 1024) });
    const records = await read(`${row(1)}\n${long}\n${row(2)}\n`);
    expect(papersOf(records).map(({ id }) => id)).toEqual(['2603.00001', '2603.00002']);
    expect(rejectsOf(records)).toEqual(['line 2: the line is longer than 8 MB']);
  });

  test('a document over 64 MB is refused, not read', async () => {
    let handedOut = 0;
    async function* endless() {
      yield Buffer.from('[');
      for (; ; handedOut += 1) yield Buffer.alloc(1024 * 1024, ' ');
    }
    const [record] = await gather(readRecords(endless(), { now }));
    expect(record).toMatchObject({ kind: 'rejected', line: 1 });
    expect(handedOut).toBeLessThan(70);
  });

  test.each([
    ['nothing', '', 'the file is empty'],
    ['white space alone', ' \n\n', 'the file is empty'],
    ['an empty file packed', gzipSync(''), 'the file is empty'],
    ['an image', Buffer.from('\u0089PNG\r\n', 'latin1'), 'not a format Paperboy reads (an image)'],
    ['a ZIP archive', 'PK\u0003\u0004rest', 'not a format Paperboy reads (a ZIP archive)'],
    ['bytes', Buffer.from([1, 2, 3, 0, 255]), 'not a format Paperboy reads (binary data)'],
    ['UTF-16', Buffer.from('\uFEFF{"title":1}', 'utf16le'), 'text in UTF-16'],
    ['gzip in gzip', gzipSync(gzipSync(row(1))), 'gzip inside gzip'],
    ['a table', 'id,title,abstract\n1,Sheep,Long', 'a table such as CSV'],
    ['a note', 'Remember the sheep.', 'text, but neither JSON, XML nor lines'],
    ['a page', '<!DOCTYPE html><html><p>Sorry</html>', 'this is a web page (HTML), not data'],
    ['an error answer', '{\n"error": "no such day"\n}', 'an error answer: no such day'],
  ])('%s is refused in plain words', async (_what, content, reason) => {
    const records = await read(content);
    expect(records).toHaveLength(1);
    expect(rejectsOf(records)[0]).toContain(reason);
  });

  test('a broken first row does not hide the format of the rest', async () => {
    const records = await read(`its title was lost"}\n${manyRows(2)}`);
    expect(papersOf(records)).toHaveLength(2);
    expect(rejectsOf(records)).toHaveLength(1);
  });

  test('a failing input throws after what it gave', async () => {
    async function* failing() {
      yield Buffer.from(manyRows(5_000));
      throw new Error('the disk is gone');
    }
    let papers = 0;
    const reading = (async () => {
      for await (const record of readRecords(failing(), { now }))
        papers += Number(record.kind === 'paper');
    })();
    await expect(reading).rejects.toThrow('the disk is gone');
    expect(papers).toBe(5_000);
  });

  test('a reader that stops early closes the input', async () => {
    let closed = false;
    async function* input() {
      try {
        for (;;) yield Buffer.from(manyRows(100));
      } finally {
        closed = true;
      }
    }
    for await (const record of readRecords(input(), { now })) {
      expect(record.kind).toBe('paper');
      break;
    }
    expect(closed).toBe(true);
  });
});
