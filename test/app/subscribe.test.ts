import { beforeEach, describe, expect, test } from 'vitest';
import { confirm, unsubscribe } from '../../src/app/reader.ts';
import { subscribe } from '../../src/app/subscribe.ts';
import type { Db } from '../../src/db/open.ts';
import { findByEmail, type Subscriber } from '../../src/db/subscribers.ts';
import { suppress } from '../../src/db/suppressions.ts';
import { makeToken } from '../../src/lib/token.ts';
import { rowsOf, tempDb } from '../db/temp-db.ts';
import { addReader, dayMs, inventSettings, later, noon } from '../invent.ts';

let db: Db;
beforeEach(() => {
  db = tempDb();
});

const email = 'mira@example.org';
const wanted = inventSettings({ topics: ['cs.CL', 'query:sleepy robots'], hour: 6 });
const ask = (at = noon, settings = wanted): void => subscribe(db, { email, settings }, at);
const notices = (): readonly unknown[] =>
  rowsOf(db, 'select kind, planned_at from deliveries order by id');
const reader = (): Subscriber => {
  const found = findByEmail(db, email);
  if (!found) throw new Error('there is no reader');
  return found;
};

describe('subscribing', () => {
  test('asks a new reader for confirmation, with the settings wished for', () => {
    ask();
    expect(reader()).toMatchObject({ status: 'unconfirmed', settings: wanted });
    expect(notices()).toEqual([{ kind: 'confirmation', planned_at: noon.getTime() }]);
  });

  test('tells nothing, whoever asks about whom', () => {
    const answers = (['unconfirmed', 'active', 'paused', 'unsubscribed'] as const).map((status) => {
      addReader(db, `${status}@example.org`, inventSettings(), status);
      return subscribe(db, { email: `${status}@example.org`, settings: wanted }, noon);
    });
    suppress(db, email, 'hard', 'gone', noon);
    expect([...answers, ask()]).toEqual(Array.from({ length: 5 }, () => undefined));
  });

  test('sends one notice a day to an address, however often it is asked for', () => {
    for (let n = 0; n < 100; n += 1) ask(later(noon, n * 1_000));
    expect(notices()).toHaveLength(1);
    ask(later(noon, dayMs));
    expect(notices()).toHaveLength(2);
  });

  test.each(['unconfirmed', 'unsubscribed'] as const)(
    'changes what a reader who is %s would confirm only with a new mail',
    (status) => {
      addReader(db, email, inventSettings(), status);
      ask();
      expect(reader().settings).toEqual(wanted);
      const others = inventSettings({ topics: ['cs.RO'] });
      ask(later(noon, 1_000), others);
      expect(reader().settings).toEqual(wanted);
      ask(later(noon, dayMs), others);
      expect(reader().settings).toMatchObject(others);
      expect(notices()).toHaveLength(2);
    },
  );

  test.each(['active', 'paused'] as const)(
    'changes nothing for a reader who is %s, but tells them',
    (status) => {
      addReader(db, email, inventSettings({ hour: 21 }), status);
      const before = reader();
      ask();
      expect(reader()).toEqual(before);
      expect(notices()).toEqual([{ kind: 'already', planned_at: noon.getTime() }]);
    },
  );

  test('mails a suppressed address nothing and keeps nothing of it', () => {
    suppress(db, email, 'complaint', 'spam', noon);
    ask();
    expect(findByEmail(db, email)).toBeUndefined();
    expect(notices()).toEqual([]);
  });

  test('after leaving needs a new confirmation', () => {
    ask();
    const tokens = { db, secret: 'a secret' };
    confirm(tokens, makeToken('a secret', 'confirm', reader().key), noon);
    unsubscribe(tokens, makeToken('a secret', 'unsubscribe', reader().key), noon);
    ask(later(noon, dayMs));
    // Anyone may type an address into a form: what they asked for stands until they click.
    expect(reader().status).toBe('unsubscribed');
    expect(notices()).toHaveLength(2);
    confirm(tokens, makeToken('a secret', 'confirm', reader().key), later(noon, dayMs));
    expect(reader().status).toBe('active');
  });
});
