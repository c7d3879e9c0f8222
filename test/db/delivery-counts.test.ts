import { expect, test } from 'vitest';
import { countSettledSince, createDeliveryCount } from '../../src/db/delivery-counts.ts';
import { statement } from '../../src/db/open.ts';
import { deliveryStates } from '../../src/domain/delivery.ts';
import { addReader, later } from '../invent.ts';
import { countDeliveries } from './count-deliveries.ts';
import { tempDb } from './temp-db.ts';

const hourMs = 3_600_000;
const start = new Date('2026-03-01T06:00:00Z');

/** A mail an hour, their states in turns, each settled `lateMs` after it was planned. */
const fillLedger = (mails: number, lateMs: number) => {
  const db = tempDb();
  const reader = addReader(db, 'mira@example.org');
  const insert = statement(
    db,
    `insert into deliveries (key, kind, subscriber_id, state, planned_at, next_attempt_at, settled_at)
     values (?, 'digest', ?, ?, ?, ?, ?)`,
  );
  for (let n = 0; n < mails; n += 1) {
    const at = start.getTime() + n * hourMs;
    insert.run(`mail-${n}`, reader, deliveryStates[n % deliveryStates.length], at, at, at + lateMs);
  }
  return db;
};

test('mails are counted by state as if one by one, also after some were let go', () => {
  const db = fillLedger(100, hourMs);
  const count = createDeliveryCount(db);
  expect(count(start)).toEqual(countDeliveries(db));
  db.$client.exec(`update deliveries set state = 'sent' where id % 3 = 0`);
  expect(count(later(start, 1_000))).toEqual(countDeliveries(db));
  db.$client.exec('delete from deliveries where id < 20');
  expect(count(later(start, hourMs))).toEqual(countDeliveries(db));
});

test('ids given again are counted', () => {
  const db = fillLedger(100, hourMs);
  const count = createDeliveryCount(db);
  count(start);
  db.$client.exec('delete from deliveries where id > 10');
  const more = fillLedger(50, hourMs);
  db.$client.exec(`update deliveries set state = 'planned' where id > 5`);
  expect(count(later(start, 1_000))).toEqual(countDeliveries(db));
  expect(createDeliveryCount(more)(start)).toEqual(countDeliveries(more));
});

test('those settled since an instant are found whatever the hour they were planned', () => {
  const db = fillLedger(300, 20 * hourMs);
  for (const hours of [0, 30, 100, 180, 319, 400]) {
    const since = later(start, hours * hourMs);
    const oneByOne = statement(
      db,
      `select count(*) from deliveries where state in ('sent', 'unknown') and settled_at >= ?`,
    ).pluck();
    expect(countSettledSince(db, ['sent', 'unknown'], since)).toBe(oneByOne.get(since.getTime()));
  }
  expect(countSettledSince(tempDb(), ['sent'], start)).toBe(0);
});
