import { beforeEach, describe, expect, test } from 'vitest';
import { planDigests } from '../../src/app/plan.ts';
import {
  changeSettings,
  confirm,
  erase,
  exportReader,
  findByToken,
  hasLeft,
  subscribeAgain,
  unsubscribe,
} from '../../src/app/reader.ts';
import type { Db } from '../../src/db/open.ts';
import { findById, type Subscriber } from '../../src/db/subscribers.ts';
import { isSuppressed, suppress } from '../../src/db/suppressions.ts';
import { makeToken, type Purpose } from '../../src/lib/token.ts';
import { rowsOf, tempDb } from '../db/temp-db.ts';
import { addReader, inventPaper, inventSettings, later, noon, takeIn } from '../invent.ts';

let db: Db;
let id = 0;
beforeEach(() => {
  db = tempDb();
  id = addReader(db, 'mira@example.org', inventSettings({ topics: ['cs.RO'] }), 'unconfirmed');
});

const secret = 'a secret of the tests';
const tokens = () => ({ db, secret });
const reader = (): Subscriber => findById(db, id) as Subscriber;
const tokenFor = (purpose: Purpose): string => makeToken(secret, purpose, reader().key);
const confirmNow = () => confirm(tokens(), tokenFor('confirm'), noon);
const leave = () => unsubscribe(tokens(), tokenFor('unsubscribe'), later(noon, 1));

describe('the links in a mail', () => {
  test('work for one purpose and one secret only', () => {
    const purposes = ['confirm', 'manage', 'unsubscribe', 'feed'] as const;
    for (const made of purposes)
      for (const read of purposes)
        expect(findByToken(tokens(), read, tokenFor(made))?.id).toBe(
          made === read ? id : undefined,
        );
    expect(findByToken({ db, secret: 'another' }, 'manage', tokenFor('manage'))).toBeUndefined();
  });

  test('do nothing with any byte changed', () => {
    const token = tokenFor('unsubscribe');
    for (let at = 0; at < token.length; at += 1) {
      const flipped = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      expect(unsubscribe(tokens(), flipped, noon), `at ${at}`).toEqual({ kind: 'invalid' });
    }
    expect(reader().status).toBe('unconfirmed');
  });
});

describe('confirming', () => {
  test('makes a reader active, with a first digest due at once; twice is once', () => {
    expect(confirmNow()).toEqual({ kind: 'confirmed', manageToken: tokenFor('manage') });
    const after = reader();
    expect(after).toMatchObject({ status: 'active', awaitsFirst: true, confirmedAt: noon });
    expect(confirm(tokens(), tokenFor('confirm'), later(noon, 5)).kind).toBe('confirmed');
    expect(reader()).toEqual(after);
  });

  test('by an old link does not bring back a reader who has left', () => {
    confirmNow();
    leave();
    expect(confirmNow()).toEqual({ kind: 'invalid' });
    expect(hasLeft(db, reader())).toBe(true);
    expect(reader().status).toBe('unsubscribed');
  });

  test('does not resume a reader who is pausing', () => {
    confirmNow();
    changeSettings(tokens(), tokenFor('manage'), reader().settings, 'paused', noon);
    confirmNow();
    expect(reader().status).toBe('paused');
  });
});

describe('settings', () => {
  const next = inventSettings({ topics: ['cs.CL', 'query:sleepy robots'], hour: 5, papers: 3 });
  const change = (status?: 'active' | 'paused') =>
    changeSettings(tokens(), tokenFor('manage'), next, status, noon);

  test('can be changed by readers who are subscribed, and by nobody else', () => {
    expect(change()).toEqual({ kind: 'invalid' });
    confirmNow();
    expect(change('paused')).toEqual({ kind: 'changed' });
    expect(reader()).toMatchObject({ status: 'paused', settings: next });
    expect(change('active')).toEqual({ kind: 'changed' });
    expect(reader().status).toBe('active');
    leave();
    expect(change('active')).toEqual({ kind: 'invalid' });
    expect(reader().status).toBe('unsubscribed');
  });
});

describe('unsubscribing', () => {
  test('works at once, and repeated it is harmless', () => {
    confirmNow();
    expect(leave()).toEqual({ kind: 'unsubscribed' });
    const after = reader();
    expect(unsubscribe(tokens(), tokenFor('unsubscribe'), later(noon, 99))).toEqual({
      kind: 'unsubscribed',
    });
    expect(reader()).toEqual(after);
  });
});

describe('what is kept of a reader', () => {
  const prepare = async (): Promise<void> => {
    await takeIn(db, [inventPaper(1)]);
    confirmNow();
    planDigests(db, { asOf: noon, now: noon, reuseMs: 0 });
  };

  test('can be had by the reader', async () => {
    await prepare();
    expect(exportReader(db, reader())).toMatchObject({
      email: 'mira@example.org',
      status: 'active',
      topics: ['cs.RO'],
      digests: [{ day: '2026-03-20', papers: ['2603.10001'] }],
    });
  });

  test('is gone when erased, but for the hash that keeps a bad address from being mailed', async () => {
    await prepare();
    suppress(db, 'mira@example.org', 'hard', '550 <mira@example.org>: unknown', noon);
    erase(db, reader());
    const tables = ['subscribers', 'subscriptions', 'digests', 'deliveries'];
    for (const table of tables) expect(rowsOf(db, `select * from ${table}`), table).toEqual([]);
    expect(JSON.stringify(rowsOf(db, 'select * from suppressions'))).not.toContain('mira');
    expect(isSuppressed(db, 'mira@example.org')).toBe(true);
  });
});

describe('subscribing again', () => {
  const again = (purpose: 'confirm' | 'manage' | 'unsubscribe', token = tokenFor(purpose)) =>
    subscribeAgain(tokens(), purpose, token, later(noon, 2));

  test.each(['confirm', 'manage', 'unsubscribe'] as const)(
    'by the token to %s brings back the settings on the same day, without a mail; twice is once',
    (purpose) => {
      confirmNow();
      const { settings } = reader();
      leave();
      expect(again(purpose)).toEqual({ kind: 'subscribed' });
      const after = reader();
      expect(after).toMatchObject({ status: 'active', settings, awaitsFirst: true });
      expect(after.unsubscribedAt).toBeUndefined();
      expect(again(purpose)).toEqual({ kind: 'subscribed' });
      expect(reader()).toEqual(after);
      expect(rowsOf(db, 'select * from deliveries')).toEqual([]);
    },
  );

  test('needs a token of its purpose, and revives no pause and no unconfirmed reader', () => {
    expect(again('manage').kind).toBe('invalid');
    confirmNow();
    expect(again('manage', tokenFor('unsubscribe')).kind).toBe('invalid');
    changeSettings(tokens(), tokenFor('manage'), reader().settings, 'paused', noon);
    again('manage');
    expect(reader().status).toBe('paused');
  });

  test('is not for a suppressed address', () => {
    confirmNow();
    leave();
    suppress(db, 'mira@example.org', 'complaint', 'spam', noon);
    expect(again('unsubscribe')).toEqual({ kind: 'suppressed' });
    expect(reader().status).toBe('unsubscribed');
  });
});
