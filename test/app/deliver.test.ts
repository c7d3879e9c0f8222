import { beforeEach, describe, expect, test } from 'vitest';
import { type DeliverOptions, deliverDue } from '../../src/app/deliver.ts';
import { claimOrders } from '../../src/app/orders.ts';
import { planDigests } from '../../src/app/plan.ts';
import { sendDue } from '../../src/app/send-due.ts';
import type { Db } from '../../src/db/open.ts';
import { setStatus } from '../../src/db/subscribers.ts';
import { isSuppressed, suppress } from '../../src/db/suppressions.ts';
import { countDeliveries } from '../db/count-deliveries.ts';
import { connect, newDbFile, rowsOf } from '../db/temp-db.ts';
import { addReader, dayMs, inventPaper, inventSignal, later, noon, takeIn } from '../invent.ts';
import { openPostOffice, sender } from './post.ts';

let db: Db;
let file = '';
beforeEach(async () => {
  file = newDbFile();
  db = connect(file);
  const papers = Array.from({ length: 30 }, (_, n) => inventPaper(n));
  await takeIn(
    db,
    papers,
    papers.map((paper, n) => inventSignal(paper.id, n)),
  );
});

const readers = (count: number): void => {
  for (let n = 1; n <= count; n += 1) addReader(db, `reader${n}@example.org`);
};
const plan = (asOf = noon) => planDigests(db, { asOf, now: asOf, reuseMs: 0 });
describe('delivering through a real server', () => {
  test('says what it waits for when others hold mails', async () => {
    readers(3);
    plan();
    const until = later(noon, 60_000);
    claimOrders(db, { owner: 'another', now: noon, until }, 2);
    const post = await openPostOffice();
    const deps = await sender(db, post.transport());
    const enough = new AbortController();
    const held: unknown[] = [];
    const report = await sendDue(
      {
        ...deps,
        clock: () => noon,
        deliver: (options) => deliverDue({ ...deps, clock: () => noon }, options),
      },
      () => false,
      { asOf: noon, now: noon, reuseMs: 0 },
      {
        signal: enough.signal,
        onHeld: (mails) => {
          held.push(mails);
          enough.abort();
        },
      },
    );
    expect(held).toEqual([{ count: 2, until: until.getTime() }]);
    expect(report).toMatchObject({ sent: 1, waiting: 2 });
  });

  test('brings every due reader exactly one mail, a second run none, the next day no paper again', async () => {
    readers(12);
    const post = await openPostOffice();
    const deps = await sender(db, post.transport());
    const send = (asOf: Date) =>
      sendDue(
        {
          ...deps,
          clock: () => asOf,
          deliver: (options) => deliverDue({ ...deps, clock: () => asOf }, options),
        },
        () => false,
        { asOf, now: asOf, reuseMs: 0 },
        {},
      );
    expect(await send(noon)).toMatchObject({
      due: 12,
      sent: 12,
      deferred: 0,
      failed: 0,
      waiting: 0,
    });
    const first = post.letters.splice(0);
    expect(new Set(first.map(({ to }) => to)).size).toBe(12);
    expect(new Set(first.map(({ messageId }) => messageId)).size).toBe(12);
    expect(await send(noon)).toMatchObject({ due: 0, sent: 0 });
    expect(post.letters).toEqual([]);
    expect(await send(later(noon, dayMs))).toMatchObject({ due: 12, sent: 12 });
    expect(post.letters).toHaveLength(12);
    for (const { to, papers } of post.letters) {
      const before = first.find((letter) => letter.to === to)?.papers ?? [];
      expect([papers.length, before.length]).toEqual([10, 10]);
      expect(papers.filter((paper) => before.includes(paper))).toEqual([]);
    }
  });

  test('from two senders at once over one file sends nothing twice', async () => {
    readers(30);
    plan();
    const post = await openPostOffice();
    const other = connect(file);
    const [one, two] = [
      await sender(db, post.transport()),
      await sender(other, post.transport(), { owner: 'sender-2' }),
    ];
    const counts = await Promise.all([deliverDue(one), deliverDue(two)]);
    expect(counts.reduce((sum, { sent }) => sum + sent, 0)).toBe(30);
    expect(post.letters).toHaveLength(30);
    expect(new Set(post.letters.map(({ to }) => to)).size).toBe(30);
    expect(countDeliveries(db)).toEqual({ sent: 30 });
  });

  test('a tick that fires twice, in two services at once, sends nothing twice', async () => {
    readers(30);
    const post = await openPostOffice();
    const deps = [
      await sender(db, post.transport()),
      await sender(connect(file), post.transport(), { owner: 'sender-2' }),
    ];
    const tick = () =>
      Promise.all(
        deps.map((one) => {
          const deliver = (options?: DeliverOptions) => deliverDue(one, options);
          const request = { asOf: noon, now: noon, reuseMs: 0 };
          return sendDue({ ...one, deliver }, () => false, request, {});
        }),
      );
    await Promise.all([tick(), tick()]);
    expect(post.letters).toHaveLength(30);
    expect(new Set(post.letters.map(({ to }) => to)).size).toBe(30);
    expect(countDeliveries(db)).toEqual({ sent: 30 });
  });

  test('defers what the server defers, and repeats it under the same Message-ID', async () => {
    readers(2);
    plan();
    let greylisted = true;
    const post = await openPostOffice((to) =>
      greylisted && to.startsWith('reader1')
        ? { code: 451, text: '4.7.1 come again later' }
        : undefined,
    );
    const deps = await sender(db, post.transport());
    expect(await deliverDue(deps)).toEqual({ sent: 1, deferred: 1, failed: 0, unknown: 0 });
    greylisted = false;
    expect(await deliverDue(deps)).toMatchObject({ sent: 0 });
    expect(await deliverDue({ ...deps, clock: () => later(noon, 90_000) })).toMatchObject({
      sent: 1,
    });
    expect(post.letters.map(({ to }) => to)).toEqual([
      'reader2@example.org',
      'reader1@example.org',
    ]);
  });

  test('suppresses a mailbox that is none, and goes on with the others', async () => {
    readers(3);
    plan();
    const post = await openPostOffice((to) =>
      to.startsWith('reader2') ? { code: 550, text: '5.1.1 no such user' } : undefined,
    );
    expect(await deliverDue(await sender(db, post.transport()))).toMatchObject({
      sent: 2,
      failed: 1,
    });
    expect(isSuppressed(db, 'reader2@example.org')).toBe(true);
    expect(plan(later(noon, dayMs))).toMatchObject({
      due: 3,
      planned: 2,
      skipped: { suppressed: 1 },
    });
  });

  test('stops the round when the server is away, and loses nothing', async () => {
    readers(20);
    plan();
    const post = await openPostOffice();
    const transport = post.transport();
    await post.close();
    const deps = await sender(db, transport);
    const away = await deliverDue(deps);
    expect(away.sent + away.failed + away.unknown).toBe(0);
    expect(away.deferred).toBeGreaterThan(0);
    expect(away.deferred).toBeLessThanOrEqual(deps.concurrency);
    expect(countDeliveries(db)).toEqual({ deferred: away.deferred, planned: 20 - away.deferred });
    const again = await openPostOffice();
    const back = { ...(await sender(db, again.transport())), clock: () => later(noon, 120_000) };
    expect(await deliverDue(back)).toMatchObject({ sent: 20 });
    expect(new Set(again.letters.map(({ to }) => to)).size).toBe(20);
  });

  test('mails nobody who left, paused or was suppressed between planning and sending', async () => {
    readers(4);
    plan();
    setStatus(db, 1, 'unsubscribed', noon);
    setStatus(db, 2, 'paused', noon);
    suppress(db, 'reader3@example.org', 'complaint', 'spam', noon);
    const post = await openPostOffice();
    expect(await deliverDue(await sender(db, post.transport()))).toMatchObject({
      sent: 1,
      failed: 3,
    });
    expect(post.letters.map(({ to }) => to)).toEqual(['reader4@example.org']);
    expect(rowsOf(db, `select reason from deliveries where state = 'failed'`)).toEqual([
      { reason: 'the reader is unsubscribed' },
      { reason: 'the reader is paused' },
      { reason: 'the address is suppressed' },
    ]);
  });
});
