import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toJsonl, tuesday } from '../invented-days.ts';
import { documentOf, makePlace, type Place, reasonOf } from './paperboy.ts';

const tally = (papers: number, signals: number, rejected: readonly unknown[] = []) => ({
  papers: { new: papers, updated: 0, unchanged: 0 },
  signals: { new: signals, unchanged: 0 },
  rejected,
});

const day = toJsonl(tuesday);
const [firstRow = '', ...otherRows] = day.trimEnd().split('\n');

describe('paperboy import', { timeout: 90_000 }, () => {
  let place: Place;
  beforeEach(() => {
    place = makePlace();
  });
  afterEach(() => place.remove());

  const imported = async (files: readonly string[], input?: string | Buffer) =>
    documentOf(await place.run(['import', '--json', ...files], input ? { input } : {}));

  it('takes standard input, gzip included, prints its tally alone, and a repeat is none', async () => {
    expect(await imported(['-'], gzipSync(day))).toEqual(tally(7, 14));
    const again = await place.run(['import', '-'], { input: day });
    expect(again).toEqual({
      code: 0,
      stdout: 'papers: 0 new, 0 updated, 7 unchanged\nsignals: 0 new, 14 unchanged\nrejected: 0\n',
      stderr: '',
    });
  });

  it('a row cut short is reported with its line and the rows around it are kept', async () => {
    const cut = firstRow.slice(0, -20);
    const file = place.file('days.jsonl', [otherRows[0], cut, ...otherRows.slice(1)].join('\n'));
    const rejection = { file, line: 2, reason: 'the row is cut short: its JSON does not end' };
    expect(await imported([file])).toEqual(tally(6, 14, [rejection]));
  });

  it('a line of 10 MB is refused and the lines after it are read', async () => {
    const huge = JSON.stringify({ title: 'x'.repeat(10_000_000) });
    const file = place.file('days.jsonl', [firstRow, huge, ...otherRows].join('\n'));
    const rejection = { file, line: 2, reason: 'the line is longer than 8 MB' };
    expect(await imported([file])).toEqual(tally(7, 14, [rejection]));
  });

  it('what stands before a break in gzip data is kept, and the break is reported', async () => {
    // Noise does not compress, so the break falls well after the good rows.
    const noise = Array.from({ length: 3000 }, (_, i) => `{"noise":"${(i * 2654435761) % 4093}"}`);
    const packed = gzipSync([day.trimEnd(), ...noise].join('\n'));
    const file = place.file('days.jsonl.gz', packed.subarray(0, packed.length - 2000));
    const result = (await imported([file])) as ReturnType<typeof tally>;
    expect(result).toMatchObject({ papers: { new: 7 }, signals: { new: 14 } });
    expect(result.rejected.at(-1)).toMatchObject({
      file,
      reason: expect.stringMatching(/gzip data is damaged after line \d+/),
    });
  });

  it('a bad file in the middle costs only itself, and the exit code tells', async () => {
    const good = place.file('good.jsonl', day);
    const bad = [
      place.file('empty.jsonl', ''),
      place.file('binary.jsonl', Buffer.from([0, 1, 2, 3, 255, 254, 0, 9])),
    ];
    expect(await imported([...bad, good])).toEqual(
      tally(7, 14, [
        { file: bad[0], line: 1, reason: 'the file is empty' },
        { file: bad[1], line: 1, reason: 'not a format Paperboy reads (binary data)' },
      ]),
    );
    const missing = await place.run(['import', `${good}.missing`, good]);
    expect(missing.code).toBe(1);
    expect(missing.stdout).toContain('papers: 0 new, 0 updated, 7 unchanged');
    expect(reasonOf(missing)).toContain('good.jsonl.missing: there is no such file');
  });

  it('when nothing at all could be read it fails, with the reason in one line', async () => {
    const empty = await place.run(['import', place.file('empty.jsonl', '')]);
    expect(empty.code).toBe(1);
    expect(empty.stderr).toContain('nothing could be read');
    expect(empty.stderr).toContain('the file is empty');
    const gzip = place.file('broken.gz', Buffer.from('1f8b0800deadbeef', 'hex'));
    const broken = await place.run(['import', gzip]);
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain('gzip data is damaged');
    const missing = await place.run(['import', `${gzip}.missing`]);
    expect([missing.code, missing.stdout]).toEqual([1, '']);
    expect(missing.stderr).toContain('broken.gz.missing: there is no such file');
  });
});
