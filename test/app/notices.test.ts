import { beforeEach, describe, expect, test } from 'vitest';
import { openArchive } from '../../src/app/archive.ts';
import { claimOrders } from '../../src/app/orders.ts';
import { createPrinter } from '../../src/app/print-mail.ts';
import { changeSettings, confirm, unsubscribe } from '../../src/app/reader.ts';
import type { Db } from '../../src/db/open.ts';
import { findById, type Subscriber } from '../../src/db/subscribers.ts';
import type { Settings } from '../../src/domain/subscription.ts';
import { makeToken, type Purpose } from '../../src/lib/token.ts';
import { tempDb } from '../db/temp-db.ts';
import { addReader, inventSettings, later, noon } from '../invent.ts';
import { mailKit } from './post.ts';

let db: Db;
let id = 0;
beforeEach(() => {
  db = tempDb();
  id = addReader(db, 'mira@example.org', inventSettings({ topics: ['cs.RO'] }));
});

const secret = 'a secret of the tests';
const tokens = () => ({ db, secret });
const reader = (): Subscriber => findById(db, id) as Subscriber;
const token = (purpose: Purpose): string => makeToken(secret, purpose, reader().key);
const change = (given: Partial<Settings>, at = noon) =>
  changeSettings(tokens(), token('manage'), { ...reader().settings, ...given }, undefined, at);
const leave = (by: 'page' | 'one-click') => unsubscribe(tokens(), token('unsubscribe'), noon, by);
const kinds = (): unknown[] =>
  db.$client.prepare('select kind from deliveries order by id').pluck().all();

const minuteMs = 60_000;

/** What would go out at a time: the mails, and why others are needless. */
const mailsAt = async (at: Date): Promise<readonly string[]> => {
  const kit = await mailKit();
  const print = createPrinter(kit, openArchive(db, kit));
  const claims = claimOrders(db, { owner: 'x', now: at, until: later(at, minuteMs) }, 9);
  return Promise.all(
    claims.map(async ({ ordered }) =>
      ordered.kind === 'needless'
        ? ordered.reason
        : decoded((await print(ordered.order)).bytes.toString()),
    ),
  );
};
const decoded = (message: string): string =>
  message
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

describe('the notice of a change', () => {
  test('comes once things have settled, and tells what was changed and nothing else', async () => {
    change({ papers: 3 });
    change({ muted: ['crypto'] }, later(noon, 5 * minuteMs));
    expect(kinds()).toEqual(['changed']);
    expect(await mailsAt(later(noon, 9 * minuteMs))).toEqual([]);
    const [mail = ''] = await mailsAt(later(noon, 10 * minuteMs));
    expect(mail).toContain('Subject: Your Paperboy settings were changed');
    expect(mail).toContain('At most 3 papers in a digest.');
    expect(mail).toContain('Muted: crypto.');
    expect(mail).not.toContain('Topics:');
    expect(mail).toContain(`/manage/${token('manage')}`);
  });

  test('does not come when all is as it was', async () => {
    change({});
    expect(kinds()).toEqual([]);
    const before = reader().settings;
    change({ papers: 3 });
    change(before);
    expect(await mailsAt(later(noon, 10 * minuteMs))).toEqual(['all is as it was']);
  });
});

describe('a goodbye', () => {
  test('comes to who pressed our button, with a way back that works', async () => {
    leave('page');
    leave('page');
    expect(kinds()).toEqual(['goodbye']);
    const [mail = ''] = await mailsAt(noon);
    expect(mail).toContain('Subject: Goodbye from Paperboy');
    expect(mail).toContain(`/confirm/${token('confirm')}`);
    expect(confirm(tokens(), token('confirm'), later(noon, 1)).kind).toBe('confirmed');
    expect(reader().status).toBe('active');
  });

  test('comes to nobody who left by their mail client, and no old link brings them back', async () => {
    leave('one-click');
    leave('page');
    expect(kinds()).toEqual([]);
    expect(confirm(tokens(), token('confirm'), later(noon, 1))).toEqual({ kind: 'invalid' });
  });

  test('is needless once they are back', async () => {
    leave('page');
    confirm(tokens(), token('confirm'), later(noon, 1));
    expect(await mailsAt(noon)).toEqual(['the reader is active']);
  });
});
