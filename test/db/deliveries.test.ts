import { beforeEach, describe, expect, test } from 'vitest';
import {
  claimDeliveries,
  endLeases,
  insertDelivery,
  markDataSent,
  releaseDelivery,
  settleDelivery,
  settleDoubtful,
} from '../../src/db/deliveries.ts';
import { countDigestsSince, markLedger, nextAttemptAt } from '../../src/db/delivery-counts.ts';
import type { Db } from '../../src/db/open.ts';
import { type DeliveryKind, leaseFrom } from '../../src/domain/delivery.ts';
import { addReader, later, noon } from '../invent.ts';
import { countDeliveries } from './count-deliveries.ts';
import { connect, newDbFile, rowsOf } from './temp-db.ts';

let [db, other]: Db[] = [];
let reader = 0;
beforeEach(() => {
  const file = newDbFile();
  [db, other] = [connect(file), connect(file)];
  reader = addReader(here(), 'mira@example.org');
});
const here = (): Db => db as Db;
const there = (): Db => other as Db;

const minuteMs = 60_000;
const plan = (key: string, kind: DeliveryKind = 'digest', at = noon): boolean =>
  insertDelivery(here(), { key, kind, subscriberId: reader, at });
const claim = (on: Db, owner: string, limit = 10, now = noon) =>
  claimDeliveries(on, { owner, now, until: later(now, 20 * minuteMs) }, limit);
const keys = (claimed: readonly { key: string }[]): readonly string[] =>
  claimed.map(({ key }) => key);
const states = (): unknown[] =>
  rowsOf(here(), 'select state from deliveries order by id').map(
    (row) => (row as { state: string }).state,
  );

describe('the ledger of mails', () => {
  test('takes a mail once', () => {
    expect(plan('a')).toBe(true);
    expect(plan('a')).toBe(false);
    expect(countDeliveries(here())).toEqual({ planned: 1 });
  });

  test('gives each mail to one of two senders', () => {
    for (let n = 0; n < 20; n += 1) plan(`m${n}`);
    const taken = [1, 2, 3, 4, 5].flatMap(() => [
      ...keys(claim(here(), 'one', 3)),
      ...keys(claim(there(), 'two', 2)),
    ]);
    expect(taken).toHaveLength(20);
    expect(new Set(taken).size).toBe(20);
  });

  test('gives notices out before digests, the longest waiting first, and nothing before its time', () => {
    plan('digest-late', 'digest', later(noon, -1));
    plan('digest-early', 'digest', later(noon, -2));
    plan('notice', 'confirmation');
    plan('tomorrow', 'digest', later(noon, 1));
    expect([...keys(claim(here(), 'one'))].sort()).toEqual([
      'digest-early',
      'digest-late',
      'notice',
    ]);
    expect(nextAttemptAt(here())).toBe(noon.getTime() + 1);
    const again = later(noon, 30 * minuteMs);
    expect(keys(claim(here(), 'two', 1, again))).toEqual(['notice']);
    expect(keys(claim(here(), 'two', 1, again))).toEqual(['digest-early']);
  });

  test('gives a claimed mail to another only when the lease has run out', () => {
    plan('a');
    claim(here(), 'one');
    expect(claim(there(), 'two', 10, later(noon, 20 * minuteMs - 1))).toEqual([]);
    const [second] = claim(there(), 'two', 10, later(noon, 20 * minuteMs));
    expect(second).toMatchObject({ key: 'a', attempts: 2 });
    const id = second?.id ?? 0;
    expect(markDataSent(here(), id, 'one', leaseFrom(noon))).toBe(false);
    expect(settleDelivery(here(), id, 'one', { state: 'sent', reason: 'ok' }, noon)).toBe(false);
    releaseDelivery(here(), id, 'one');
    expect(states()).toEqual(['claimed']);
    expect(markDataSent(there(), id, 'two', leaseFrom(noon))).toBe(true);
    expect(settleDelivery(there(), id, 'two', { state: 'sent', reason: 'ok' }, noon)).toBe(true);
    expect(states()).toEqual(['sent']);
  });

  test('never gives out a mail whose data is sent, but calls it unknown', () => {
    plan('a');
    const [mail] = claim(here(), 'one');
    markDataSent(here(), mail?.id ?? 0, 'one', leaseFrom(later(noon, 15 * minuteMs)));
    const muchLater = later(noon, 24 * 60 * minuteMs);
    // The lease of the claim would have ended; the answer to the dot has time of its own.
    expect(settleDoubtful(there(), later(noon, 30 * minuteMs))).toBe(0);
    expect(claim(there(), 'two', 10, muchLater)).toEqual([]);
    expect(settleDoubtful(there(), muchLater)).toBe(1);
    expect(states()).toEqual(['unknown']);
    expect(
      settleDelivery(here(), mail?.id ?? 0, 'one', { state: 'sent', reason: 'ok' }, noon),
    ).toBe(false);
  });

  test('settles a mail once', () => {
    plan('a');
    const [mail] = claim(here(), 'one');
    const retryAt = later(noon, minuteMs);
    expect(
      settleDelivery(
        here(),
        mail?.id ?? 0,
        'one',
        { state: 'deferred', reason: 'x'.repeat(900), retryAt },
        noon,
      ),
    ).toBe(true);
    expect(
      settleDelivery(here(), mail?.id ?? 0, 'one', { state: 'sent', reason: 'ok' }, noon),
    ).toBe(false);
    expect(claim(here(), 'one')).toEqual([]);
    expect(claim(here(), 'one', 10, retryAt)).toMatchObject([{ key: 'a', attempts: 2 }]);
    expect(rowsOf(here(), 'select length(reason) as length from deliveries')).toEqual([
      { length: 500 },
    ]);
  });

  test('takes a mail back as if it had not been claimed', () => {
    plan('a');
    const [mail] = claim(here(), 'one');
    releaseDelivery(here(), mail?.id ?? 0, 'one');
    expect(claim(there(), 'two')).toMatchObject([{ key: 'a', attempts: 1 }]);
  });

  test('ends the leases of those who are gone, and of nobody else', () => {
    plan('a');
    plan('b');
    claim(here(), 'dead', 1);
    claim(here(), 'alive', 1);
    endLeases(here(), (owner) => owner === 'dead', noon);
    expect(keys(claim(there(), 'two'))).toEqual(['a']);
  });

  test('counts digests from a mark on, those that were waiting included', () => {
    plan('old');
    const [mail] = claim(here(), 'one');
    settleDelivery(here(), mail?.id ?? 0, 'one', { state: 'sent', reason: 'ok' }, noon);
    plan('waiting');
    const mark = markLedger(here());
    plan('new');
    plan('notice', 'welcome');
    expect(countDigestsSince(here(), mark)).toEqual({ planned: 2 });
  });
});
