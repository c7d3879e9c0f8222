import { beforeEach, describe, expect, test } from 'vitest';
import { createMailCounts } from '../../src/app/mail-counts.ts';
import { createMetrics } from '../../src/app/metrics.ts';
import { insertDelivery } from '../../src/db/deliveries.ts';
import type { Db } from '../../src/db/open.ts';
import { shutWay } from '../../src/db/shut-ways.ts';
import { tempDb } from '../db/temp-db.ts';
import { addReader, later, noon } from '../invent.ts';

let db: Db;
let now = noon;
beforeEach(() => {
  db = tempDb();
  now = noon;
});

describe('the metrics of delivery', () => {
  test('count what became of mails, and how many a second', async () => {
    const mails = createMailCounts(() => now);
    mails.add('planned', 130);
    for (let n = 0; n < 120; n += 1) mails.add('sent');
    mails.add('deferred');
    mails.add('unknown', 2);
    const metrics = await createMetrics(db, () => now, {
      service: () => ({ mails, onDuty: true }),
    }).read();
    for (const line of [
      '# TYPE paperboy_mails_total counter',
      'paperboy_mails_total{outcome="planned"} 130',
      'paperboy_mails_total{outcome="sent"} 120',
      'paperboy_mails_total{outcome="deferred"} 1',
      'paperboy_mails_total{outcome="failed"} 0',
      'paperboy_mails_total{outcome="unknown"} 2',
      'paperboy_mails_per_second 2',
      'paperboy_on_duty 1',
    ])
      expect(metrics.split('\n')).toContain(line);
  });

  test('forget the rate of a minute ago, and not the total', async () => {
    const mails = createMailCounts(() => now);
    for (const seconds of [0, 30, 59]) {
      now = later(noon, seconds * 1_000);
      mails.add('sent', 60);
    }
    expect(mails.sentPerSecond()).toBe(3);
    now = later(noon, 75_000);
    expect(mails.sentPerSecond()).toBe(2);
    now = later(noon, 300_000);
    expect(mails.sentPerSecond()).toBe(0);
    expect(mails.totals().sent).toBe(180);
  });

  test('tell how long the queue waits, and which ways are shut', async () => {
    const until = later(noon, 90_000);
    addReader(db, 'mira@example.org');
    insertDelivery(db, { key: 'a', kind: 'digest', subscriberId: 1, at: noon });
    shutWay(db, { way: 'server', times: 2, until, reason: 'no connection', since: noon });
    const metrics = (await createMetrics(db, () => later(noon, 600_000)).read()).split('\n');
    expect(metrics).toContain('paperboy_queue_age_seconds 600');
    expect(metrics).toContain(
      `paperboy_way_shut_timestamp_seconds{way="server"} ${until.getTime() / 1000}`,
    );
    expect(await createMetrics(tempDb(), () => noon).read()).toContain(
      '\npaperboy_queue_age_seconds 0\n',
    );
  });
});
