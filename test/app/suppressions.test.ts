import { expect, it } from 'vitest';
import { exportSuppressions, importSuppressions } from '../../src/app/suppressions.ts';
import { type Db, openDatabase } from '../../src/db/open.ts';
import {
  forgetSuppressedAddress,
  isSuppressed,
  iterateSuppressions,
} from '../../src/db/suppressions.ts';

const now = new Date('2026-03-20T12:00:00Z');
const open = (): Db => openDatabase(':memory:', 'migrations');

async function* bytes(text: string) {
  yield Buffer.from(text);
}

const take = (db: Db, text: string) => importSuppressions(db, bytes(text), 'list.csv', now);

it('takes a bare list of addresses', async () => {
  const db = open();
  const tally = await take(db, 'ada@reader.example\nBo@Reader.example\nno address\n');
  expect([tally.new, tally.unchanged]).toEqual([2, 0]);
  expect(tally.rejected).toEqual([
    { file: 'list.csv', line: 3, reason: '"no address" is no e-mail address' },
  ]);
  expect(isSuppressed(db, 'bo@reader.example')).toBe(true);
});

it('takes columns in any order and keeps what they say', async () => {
  const db = open();
  await take(db, 'reason,email,since\ncomplaint,ada@reader.example,2026-01-02T03:04:05Z\n');
  expect([...iterateSuppressions(db)].map(({ reason, since }) => [reason, since])).toEqual([
    ['complaint', new Date('2026-01-02T03:04:05Z')],
  ]);
});

it('calls an unknown reason manual and a moment to come now, and counts them', async () => {
  const db = open();
  const tally = await take(
    db,
    'email,reason,since\nada@reader.example,whim,2030-01-01\nbo@reader.example,Hard,soon\ncy@reader.example,,\n',
  );
  expect(tally.supposed).toEqual({ reason: 1, since: 2 });
  expect(
    [...iterateSuppressions(db)]
      .map(({ email, reason, since }) => [email, reason, since])
      .toSorted(),
  ).toEqual([
    ['ada@reader.example', 'manual', now],
    ['bo@reader.example', 'hard', now],
    ['cy@reader.example', 'manual', now],
  ]);
});

it('gives out what another Paperboy can take in, erased addresses too', async () => {
  const [from, into] = [open(), open()];
  await take(from, 'ada@reader.example\nbo@reader.example\n');
  forgetSuppressedAddress(from, 'ada@reader.example');
  const text = [...exportSuppressions(from)].join('');
  expect(text).not.toContain('ada@');
  expect((await take(into, text)).new).toBe(2);
  expect(isSuppressed(into, 'ada@reader.example')).toBe(true);
  expect((await take(into, text)).unchanged).toBe(2);
});
