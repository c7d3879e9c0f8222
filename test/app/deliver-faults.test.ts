import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { deliverDue } from '../../src/app/deliver.ts';
import { planDigests } from '../../src/app/plan.ts';
import { claimDeliveries, settleDoubtful } from '../../src/db/deliveries.ts';
import type { Db } from '../../src/db/open.ts';
import { leaseMs } from '../../src/domain/delivery.ts';
import { countDeliveries } from '../db/count-deliveries.ts';
import { connect, newDbFile, rowsOf } from '../db/temp-db.ts';
import { addReader, dayMs, inventPaper, inventSignal, later, noon, takeIn } from '../invent.ts';
import { acting, sender } from './post.ts';

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
const states = (): readonly string[] =>
  rowsOf(db, 'select state from deliveries order by id').map(
    (row) => (row as { state: string }).state,
  );

describe('a sender that dies', () => {
  const muchLater = later(noon, leaseMs);

  test('after claiming, leaves a mail that another sends once the lease has run out', async () => {
    readers(1);
    plan();
    claimDeliveries(db, { owner: 'dead', now: noon, until: muchLater }, 10);
    const { transport, dots } = acting(() => undefined);
    const deps = await sender(db, transport);
    await deliverDue(deps);
    expect(dots).toEqual([]);
    await deliverDue({ ...deps, clock: () => muchLater });
    expect(dots).toEqual(['reader1@example.org']);
    expect(states()).toEqual(['sent']);
  });

  test('before the dot, leaves a mail that is sent later', async () => {
    readers(1);
    plan();
    let broken = true;
    const { transport, dots } = acting((at) => {
      if (broken && at === 'before-dot') throw new Error('broken');
    });
    const deps = await sender(db, transport);
    expect(await deliverDue(deps)).toMatchObject({ deferred: 1 });
    expect(states()).toEqual(['deferred']);
    broken = false;
    await deliverDue({ ...deps, clock: () => later(noon, 90_000) });
    expect(dots).toHaveLength(1);
    expect(states()).toEqual(['sent']);
  });

  test('after the dot, leaves a mail in doubt that nobody sends again', async () => {
    readers(1);
    plan();
    const { transport, dots } = acting((at) => {
      if (at === 'after-dot') throw new Error('broken');
    });
    const deps = await sender(db, transport);
    expect(await deliverDue(deps)).toMatchObject({ unknown: 1 });
    await deliverDue({ ...deps, clock: () => later(noon, dayMs) });
    expect(dots).toHaveLength(1);
    expect(states()).toEqual(['unknown']);
  });

  test('without a word after the dot, leaves the same, told by the ledger', async () => {
    readers(1);
    plan();
    const never = new Promise<void>(() => undefined);
    const dotted = new Promise<void>((resolve) => {
      const { transport } = acting((at) => {
        if (at === 'before-dot') return undefined;
        resolve();
        return never;
      });
      void sender(db, transport, { owner: 'dead' }).then(deliverDue);
    });
    await dotted;
    expect(states()).toEqual(['data-sent']);
    const { transport, dots } = acting(() => undefined);
    const deps = await sender(db, transport);
    expect(await deliverDue({ ...deps, clock: () => muchLater })).toMatchObject({ unknown: 1 });
    expect(dots).toEqual([]);
    expect(states()).toEqual(['unknown']);
  });

  test('slowly, losing its lease, does not send the dot', async () => {
    readers(1);
    plan();
    const { transport, dots } = acting((at) => {
      if (at === 'before-dot')
        claimDeliveries(
          connect(file),
          { owner: 'other', now: muchLater, until: later(muchLater, leaseMs) },
          1,
        );
    });
    expect(await deliverDue(await sender(db, transport))).toEqual({
      sent: 0,
      deferred: 0,
      failed: 0,
      unknown: 0,
    });
    expect(dots).toEqual([]);
    expect(rowsOf(db, 'select state, lease_owner as owner from deliveries')).toEqual([
      { state: 'claimed', owner: 'other' },
    ]);
  });

  test('is no reason to call a mail doubtful whose sender still has its lease', async () => {
    readers(1);
    plan();
    const { transport } = acting((at) => {
      if (at === 'after-dot')
        expect(settleDoubtful(connect(file), later(noon, leaseMs - 1))).toBe(0);
    });
    expect(await deliverDue(await sender(db, transport))).toMatchObject({ sent: 1 });
  });
});

describe('one bad mail', () => {
  test('that cannot be composed is tried later, and stops no other', async () => {
    readers(3);
    plan();
    const { transport, dots } = acting(() => undefined);
    const deps = await sender(db, transport);
    const print: typeof deps.print = async (order) => {
      if (order.key.startsWith('digest-2-')) throw new Error('no words');
      return deps.print(order);
    };
    expect(await deliverDue({ ...deps, print })).toMatchObject({ sent: 2, deferred: 1 });
    expect(dots).toHaveLength(2);
    expect(rowsOf(db, `select reason from deliveries where state = 'deferred'`)).toEqual([
      { reason: 'no words' },
    ]);
  });
});

describe('the pace', () => {
  test('keeps to the messages a second that are allowed', async () => {
    readers(6);
    plan();
    const { transport, dots } = acting(() => undefined);
    const startedAt = performance.now();
    await deliverDue(
      await sender(db, transport, {
        clock: () => new Date(noon.getTime() + performance.now()),
        sendRate: 50,
      }),
    );
    // A slow machine only takes longer: five waits of 20 ms are the least, short of rounding.
    expect(performance.now() - startedAt).toBeGreaterThan(90);
    expect(dots).toHaveLength(6);
  });

  test('when stopped brings the mail in flight to its end and gives the others back', async () => {
    readers(10);
    plan();
    const stopping = new AbortController();
    const { transport, dots } = acting(async (at) => {
      if (at === 'before-dot') stopping.abort();
      await sleep(1);
    });
    const deps = await sender(db, transport);
    await deliverDue(deps, { signal: stopping.signal });
    expect(dots.length).toBeLessThanOrEqual(deps.concurrency);
    expect(countDeliveries(db)).toEqual({ sent: dots.length, planned: 10 - dots.length });
    expect(
      rowsOf(db, `select max(attempts) as most from deliveries where state = 'planned'`),
    ).toEqual([{ most: 0 }]);
  });
});

describe('a round', () => {
  const running = () => {
    const from = Date.now();
    return () => new Date(noon.getTime() + Date.now() - from);
  };

  test('holds each mail once, though its lease runs out in hand', async () => {
    for (const name of ['quick', 'slow']) addReader(db, `${name}@example.org`);
    plan();
    let at = noon.getTime();
    let tries = 0;
    const dots: string[] = [];
    const deps = await sender(
      db,
      {
        describe: 'slow',
        close: async () => undefined,
        send: async ({ envelope: { to } }, dot) => {
          if (to.startsWith('quick')) {
            await sleep(50);
            at += leaseMs + 60_000;
          } else {
            tries += 1;
            await sleep(tries === 1 ? 150 : 80);
            if (tries === 2) return { kind: 'deferred', scope: 'message', reason: '451 later' };
          }
          await dot();
          dots.push(to);
          await sleep(100);
          return { kind: 'sent', reply: '250 ok' };
        },
      },
      { clock: () => new Date(at), concurrency: 2 },
    );
    await deliverDue(deps);
    at += 5 * 60_000;
    await deliverDue(deps);
    expect(dots.toSorted()).toEqual(['quick@example.org', 'slow@example.org']);
    expect(states()).toEqual(['sent', 'sent']);
  });

  test('that is to end sends none of those that wait for their turn at a slow pace', async () => {
    readers(12);
    plan();
    const stopping = new AbortController();
    const { transport, dots } = acting((step) => {
      if (step === 'after-dot') stopping.abort();
    });
    const deps = await sender(db, transport, { clock: running(), concurrency: 10, sendRate: 2 });
    await deliverDue(deps, { signal: stopping.signal });
    expect(dots).toHaveLength(1);
    expect(states().filter((state) => state === 'planned')).toHaveLength(11);
  });

  test('does not try a server again that failed while others waited for their turn', async () => {
    readers(12);
    plan();
    let asked = 0;
    const deps = await sender(
      db,
      {
        describe: 'gone',
        close: async () => undefined,
        send: async () => {
          asked += 1;
          return { kind: 'deferred', scope: 'host', reason: 'no connection' };
        },
      },
      { clock: running(), concurrency: 10, sendRate: 10 },
    );
    await deliverDue(deps);
    expect(asked).toBe(1);
  });

  test('enters what the server took, though another holds the database for longer than is waited', async () => {
    readers(30);
    plan();
    db.$client.pragma('busy_timeout = 20');
    const other = connect(file);
    const { transport, dots } = acting(async (step) => {
      if (step === 'after-dot' && dots.length === 6) {
        other.$client.exec('begin immediate');
        setTimeout(() => other.$client.exec('rollback'), 600);
      }
      await sleep(20);
    });
    const deps = await sender(db, transport, { clock: running(), concurrency: 3 });
    // A claim may have failed meanwhile, which ends the round.
    await deliverDue(deps).catch(() => undefined);
    expect(states().filter((state) => state === 'sent')).toHaveLength(dots.length);
    expect(states()).not.toContain('data-sent');
    await deliverDue(deps);
    expect(states().every((state) => state === 'sent')).toBe(true);
    expect(new Set(dots).size).toBe(dots.length);
  });

  test('that can claim no more brings to its end what it has in hand, and gives back the rest', async () => {
    readers(30);
    plan();
    const { transport, dots } = acting(async (step) => {
      if (step === 'before-dot' && dots.length === 0)
        db.$client.exec(
          `create trigger if not exists held before update on deliveries
           when old.state = 'planned' begin select raise(abort, 'held'); end`,
        );
      await sleep(5);
    });
    const deps = await sender(db, transport, { clock: running(), concurrency: 4 });
    await expect(deliverDue(deps)).rejects.toThrow('held');
    expect(states().toSorted()).toEqual([
      ...Array.from({ length: 30 - dots.length }, () => 'planned'),
      ...dots.map(() => 'sent'),
    ]);
    db.$client.exec('drop trigger held');
    await deliverDue(deps);
    expect(dots.toSorted()).toEqual(
      Array.from({ length: 30 }, (_, n) => `reader${n + 1}@example.org`).toSorted(),
    );
  });

  test('stops when a server refuses one mail after another for no reader’s sake', async () => {
    readers(40);
    plan();
    let answer = '550 relay not permitted';
    let asked = 0;
    const deps = await sender(
      db,
      {
        describe: 'refusing',
        close: async () => undefined,
        send: async (_mail, dot) => {
          asked += 1;
          if (answer !== '')
            return { kind: 'rejected', code: 550, about: 'message', reason: answer };
          await dot();
          return { kind: 'sent', reply: '250 ok' };
        },
      },
      { clock: running(), concurrency: 1 },
    );
    expect(await deliverDue(deps)).toMatchObject({ sent: 0, failed: 4, deferred: 1 });
    expect(states().filter((state) => state === 'planned')).toHaveLength(35);
    // One is enough to see that it still does.
    expect(await deliverDue(deps, { atOnce: true })).toMatchObject({ failed: 0, deferred: 1 });
    expect(asked).toBe(6);
    expect(rowsOf(db, 'select 1 from suppressions')).toEqual([]);
    answer = '';
    expect(await deliverDue(deps, { atOnce: true })).toMatchObject({ sent: 34, failed: 0 });
  });
});
