import { beforeEach, describe, expect, test } from 'vitest';
import { pause, resumePaused } from '../../src/app/pause.ts';
import { planDigests } from '../../src/app/plan.ts';
import { changeSettings, unsubscribe } from '../../src/app/reader.ts';
import type { Db } from '../../src/db/open.ts';
import { findById, type Subscriber } from '../../src/db/subscribers.ts';
import { makeToken } from '../../src/lib/token.ts';
import { tempDb } from '../db/temp-db.ts';
import { addReader, inventSettings, noon } from '../invent.ts';

let db: Db;
let id = 0;
const secret = 'a secret of the tests';
const tokens = () => ({ db, secret });
const reader = (): Subscriber => findById(db, id) as Subscriber;
const manage = (): string => makeToken(secret, 'manage', reader().key);

beforeEach(() => {
  db = tempDb();
  id = addReader(db, 'mira@example.org', inventSettings({ timeZone: 'Asia/Tokyo' }), 'active');
});

describe('a pause', () => {
  test('of a week ends at the midnight of the reader, not before', () => {
    const from = new Date('2026-03-20T16:00:00Z'); // Saturday the 21st in Tokyo.
    expect(pause(tokens(), manage(), 'week', from)).toEqual({ kind: 'changed' });
    expect(reader()).toMatchObject({ status: 'paused', pausedUntil: '2026-03-28' });
    resumePaused(db, new Date('2026-03-27T14:59:00Z'));
    expect(reader().status).toBe('paused');
    planDigests(db, { asOf: new Date('2026-03-27T15:00:00Z'), now: noon, reuseMs: 0 });
    expect(reader()).toMatchObject({ status: 'active', pausedUntil: undefined });
  });

  test('is not ended by looking what would be sent', () => {
    pause(tokens(), manage(), 'week', noon);
    const asOf = new Date('2026-06-01T00:00:00Z');
    planDigests(db, { asOf, now: noon, reuseMs: 0, dryRun: true });
    expect(reader().status).toBe('paused');
  });

  test('without a length lasts until the reader resumes', () => {
    pause(tokens(), manage(), 'month', noon);
    pause(tokens(), manage(), undefined, noon);
    expect(resumePaused(db, new Date('2036-01-01T00:00:00Z'))).toBe(0);
    changeSettings(tokens(), manage(), reader().settings, 'active', noon);
    expect(reader().status).toBe('active');
  });

  test('is ended by resuming at once, and changes of settings leave it as it is', () => {
    pause(tokens(), manage(), 'month', noon);
    const { pausedUntil } = reader();
    changeSettings(tokens(), manage(), { ...reader().settings, papers: 3 }, undefined, noon);
    expect(reader()).toMatchObject({ status: 'paused', pausedUntil, settings: { papers: 3 } });
    changeSettings(tokens(), manage(), reader().settings, 'active', noon);
    expect(reader()).toMatchObject({ status: 'active', pausedUntil: undefined });
  });

  test('brings nobody back who left during it', () => {
    pause(tokens(), manage(), 'week', noon);
    unsubscribe(tokens(), makeToken(secret, 'unsubscribe', reader().key), noon);
    resumePaused(db, new Date('2036-01-01T00:00:00Z'));
    expect(reader().status).toBe('unsubscribed');
    expect(pause(tokens(), manage(), 'week', noon)).toEqual({ kind: 'invalid' });
  });
});
