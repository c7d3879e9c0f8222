import { beforeEach, describe, expect, it } from 'vitest';
import { takeMessage } from '../../src/app/bounce.ts';
import { erase } from '../../src/app/reader.ts';
import { addSuppression, removeSuppression } from '../../src/app/suppressions.ts';
import { countBounces } from '../../src/db/bounces.ts';
import { type Db, openDatabase } from '../../src/db/open.ts';
import { findByEmail, insertSubscriber, type Subscriber } from '../../src/db/subscribers.ts';
import { isSuppressed } from '../../src/db/suppressions.ts';
import { defaultSettings } from '../../src/domain/subscription.ts';
import { makeToken, newKey } from '../../src/lib/token.ts';
import { verpAddress } from '../../src/lib/verp.ts';
import { arf, dsn, words } from '../mail/reports.ts';

const secret = 'a secret of more than thirty-two characters';
const bounceAddress = 'bounces@paperboy.example';
const ada = 'Ada@reader.example';
const day = (number: number): Date => new Date(Date.UTC(2026, 2, number, 12));

let db: Db;
beforeEach(() => {
  db = openDatabase(':memory:', 'migrations');
  insertSubscriber(db, {
    key: newKey(),
    email: ada,
    status: 'active',
    settings: { ...defaultSettings, topics: [] },
    topicIds: [],
    at: day(1),
  });
});

const reader = (): Subscriber => {
  const found = findByEmail(db, ada);
  if (!found) throw new Error('the reader is gone');
  return found;
};

const block = (status: string, text: string, recipient = 'ada@reader.example') => ({
  'Final-Recipient': `rfc822; ${recipient}`,
  Action: 'failed',
  Status: status,
  'Diagnostic-Code': `smtp; ${text}`,
});
const hard = block('5.1.1', '550 5.1.1 no such user');
const soft = block('5.2.2', '552 5.2.2 mailbox full');

type Given = { readonly address?: string; readonly dryRun?: boolean; readonly on?: number };

const take = (lines: readonly string[], origin: 'operator' | 'mailbox', given: Given = {}) =>
  takeMessage({ db, secret, bounceAddress: given.address }, Buffer.from(lines.join('\r\n')), {
    origin,
    now: day(given.on ?? 1),
    dryRun: given.dryRun ?? false,
  }).map(({ effect }) => effect);

const marked = (): string => verpAddress(secret, bounceAddress, reader().key);

describe('a hard bounce', () => {
  it('handed over by the operator suppresses at once, and a second time changes nothing', () => {
    expect(take(dsn([hard]), 'operator')).toEqual(['suppressed']);
    expect(isSuppressed(db, ada)).toBe(true);
    expect(take(dsn([hard]), 'operator')).toEqual(['noted']);
    expect(countBounces(db)).toEqual({ hard: 1 });
  });

  it('changes nothing in a dry run', () => {
    expect(take(dsn([hard]), 'operator', { dryRun: true })).toEqual(['suppressed']);
    expect(isSuppressed(db, ada)).toBe(false);
    expect(countBounces(db)).toEqual({});
  });

  it('found in a mailbox proves nothing without a mark of ours', () => {
    expect(take(dsn([hard]), 'mailbox')).toEqual(['unproven']);
    expect(isSuppressed(db, ada)).toBe(false);
  });

  it('counts when it came to the signed return address', () => {
    const given = { address: bounceAddress };
    expect(take(dsn([hard], { to: marked() }), 'mailbox', given)).toEqual(['suppressed']);
    expect(isSuppressed(db, ada)).toBe(true);
  });

  it('counts when the enclosed mail bears the signed return address', () => {
    const returned = [`Return-Path: <${marked()}>`, 'To: ada@reader.example', '', 'Hello'];
    expect(take(dsn([hard], { returned }), 'mailbox', { address: bounceAddress })).toEqual([
      'suppressed',
    ]);
  });

  it('counts when the address that failed is the one a mail was forwarded to', () => {
    const forwarded = block('5.1.1', '550 5.1.1 no such user', 'ada@elsewhere.example');
    const given = { address: bounceAddress };
    expect(take(dsn([forwarded], { to: marked() }), 'operator', given)).toEqual(['suppressed']);
    expect(isSuppressed(db, ada)).toBe(true);
  });

  it('by the other spelling of a domain is the same reader’s', () => {
    const given = 'mira@bücher.example';
    insertSubscriber(db, {
      ...{ key: newKey(), email: given, status: 'active' as const, topicIds: [], at: day(1) },
      settings: { ...defaultSettings, topics: [] },
    });
    const returned = block('5.1.1', '550 5.1.1 no such user', 'mira@xn--bcher-kva.example');
    expect(take(dsn([returned]), 'operator')).toEqual(['suppressed']);
    expect(isSuppressed(db, given)).toBe(true);
  });

  it('forged changes nothing once a bounce address is set, not even by the pipe', () => {
    const forged = marked().replace(/\+./, (start) => (start === '+a' ? '+b' : '+a'));
    const given = { address: bounceAddress };
    expect(take(dsn([hard], { to: forged }), 'operator', given)).toEqual(['unproven']);
    expect(take(dsn([hard]), 'operator', given)).toEqual(['unproven']);
    expect(isSuppressed(db, ada)).toBe(false);
  });
});

describe('soft bounces', () => {
  it('suppress on the fifth day, and several on one day count once', () => {
    for (const on of [1, 2, 2, 3, 4])
      expect(take(dsn([soft]), 'operator', { on })).toEqual(['noted']);
    expect(take(dsn([soft]), 'operator', { on: 5 })).toEqual(['suppressed']);
  });

  it('read again on other days are of the day they were written', () => {
    const dated = [`Date: ${day(1).toUTCString()}`, ...dsn([soft])];
    for (const on of [1, 2, 3, 4, 5, 6]) take(dated, 'operator', { on });
    expect(countBounces(db)).toEqual({ soft: 1 });
    expect(isSuppressed(db, ada)).toBe(false);
    // Nor is one believed that is years behind.
    const wrong = [`Date: ${new Date(0).toUTCString()}`, ...dsn([soft])];
    take(wrong, 'operator', { on: 6 });
    expect(countBounces(db)).toEqual({ soft: 2 });
    // A clock that is ahead cannot say what is to come.
    take([`Date: ${day(20).toUTCString()}`, ...dsn([soft])], 'operator', { on: 7 });
    expect(countBounces(db)).toEqual({ soft: 3 });
  });

  it('are forgotten when the operator lets the address in again', () => {
    for (const on of [1, 2, 3, 4, 5]) take(dsn([soft]), 'operator', { on });
    expect(removeSuppression(db, ada)).toBe(true);
    expect(take(dsn([soft]), 'operator', { on: 6 })).toEqual(['noted']);
    expect(isSuppressed(db, ada)).toBe(false);
  });

  it('of somebody we do not mail are not kept', () => {
    const stranger = block('5.2.2', 'mailbox full', 'nobody@reader.example');
    expect(take(dsn([stranger]), 'operator')).toEqual(['unknown']);
  });
});

describe('what readers ask for', () => {
  const complaint = ['Feedback-Type: abuse', 'Original-Rcpt-To: redacted@provider.example'];

  it('a complaint suppresses and ends the subscription', () => {
    const told = ['Feedback-Type: abuse', 'Original-Rcpt-To: ada@reader.example'];
    expect(take(arf(told, ['', 'Hello']), 'operator')).toEqual(['suppressed']);
    expect([isSuppressed(db, ada), reader().status]).toEqual([true, 'unsubscribed']);
  });

  it('a complaint whose reader is blacked out is known by the link in the enclosed mail', () => {
    const token = makeToken(secret, 'unsubscribe', reader().key);
    const enclosed = [`List-Unsubscribe: <https://paperboy.example/unsubscribe/${token}>`, '', 'x'];
    const given = { address: bounceAddress };
    expect(take(arf(complaint, enclosed), 'mailbox', given)).toEqual(['suppressed']);
    expect(isSuppressed(db, ada)).toBe(true);
    expect(isSuppressed(db, 'redacted@provider.example')).toBe(false);
  });

  it('an opt-out ends the subscription and suppresses nothing', () => {
    const told = ['Feedback-Type: opt-out', 'Original-Rcpt-To: ada@reader.example'];
    expect(take(arf(told, ['', 'Hello']), 'operator')).toEqual(['unsubscribed']);
    expect([isSuppressed(db, ada), reader().status]).toEqual([false, 'unsubscribed']);
  });

  it('a mail "unsubscribe TOKEN" ends the subscription, also from a mailbox', () => {
    const token = makeToken(secret, 'unsubscribe', reader().key);
    const mail = words([''], ['From: ada@reader.example', `Subject: unsubscribe ${token}`]);
    expect(take(mail, 'mailbox', { address: bounceAddress })).toEqual(['unsubscribed']);
    expect(reader().status).toBe('unsubscribed');
  });

  it('the same mail with a token of another purpose changes nothing', () => {
    const token = makeToken(secret, 'feed', reader().key);
    const mail = words([''], ['From: ada@reader.example', `Subject: unsubscribe ${token}`]);
    expect(take(mail, 'operator')).toEqual([]);
    expect(reader().status).toBe('active');
  });
});

it('erasing a reader forgets their bounces and keeps the suppression', () => {
  take(dsn([hard]), 'operator');
  erase(db, reader());
  expect(countBounces(db)).toEqual({});
  expect(isSuppressed(db, ada)).toBe(true);
});

it('an address the operator adds is suppressed once', () => {
  expect(addSuppression(db, 'bo@reader.example', 'manual', day(1))).toBe(true);
  expect(addSuppression(db, 'bo@reader.example', 'manual', day(2))).toBe(false);
});
