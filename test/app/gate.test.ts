import { beforeEach, describe, expect, test } from 'vitest';
import { type DeliverDeps, deliverDue } from '../../src/app/deliver.ts';
import { createPace } from '../../src/app/gate.ts';
import { planDigests } from '../../src/app/plan.ts';
import { insertDelivery } from '../../src/db/deliveries.ts';
import type { Db } from '../../src/db/open.ts';
import { listShutWays } from '../../src/db/shut-ways.ts';
import { type SendOutcome, staleAfterMs } from '../../src/domain/delivery.ts';
import { parseDomainRates } from '../../src/domain/pace.ts';
import { countDeliveries } from '../db/count-deliveries.ts';
import { rowsOf, scalar, tempDb } from '../db/temp-db.ts';
import {
  addReader,
  dayMs,
  hourMs,
  inventPaper,
  inventSignal,
  later,
  noon,
  takeIn,
} from '../invent.ts';
import { sender } from './post.ts';

const minuteMs = 60_000;

let db: Db;
beforeEach(async () => {
  db = tempDb();
  const papers = [1, 2, 3].map((n) => inventPaper(n));
  await takeIn(
    db,
    papers,
    papers.map((paper, n) => inventSignal(paper.id, n + 1)),
  );
});

const readers = (count: number, domain: string): void => {
  for (let n = 1; n <= count; n += 1) addReader(db, `reader${n}@${domain}`);
};
const plan = (now = noon) => planDigests(db, { asOf: now, now, reuseMs: 0 });

type Sent = { readonly to: string; readonly at: number };

/** A server that answers as told, and a sender whose clock the test sets. */
const office = async (answer: (to: string) => SendOutcome, given: Partial<DeliverDeps> = {}) => {
  const tried: Sent[] = [];
  let now = noon;
  const clock = given.clock ?? (() => now);
  const deps = await sender(
    db,
    {
      describe: 'told',
      send: async ({ envelope: { to } }, beforeFinalDot) => {
        tried.push({ to, at: clock().getTime() });
        const outcome = answer(to);
        if (outcome.kind === 'sent' || outcome.kind === 'unknown') await beforeFinalDot();
        return outcome;
      },
      close: async () => undefined,
    },
    { pace: createPace(), ...given, clock },
  );
  /** One round, at so many milliseconds after noon. */
  const roundAt = async (ms: number, atOnce = false) => {
    now = later(noon, ms);
    tried.length = 0;
    const delivered = await deliverDue(deps, { atOnce });
    return { ...delivered, tried: tried.length };
  };
  return { tried, roundAt };
};
const sent: SendOutcome = { kind: 'sent', reply: '250 ok' };
const away: SendOutcome = { kind: 'deferred', scope: 'host', reason: 'no connection' };

describe('a server that is away', () => {
  test('is asked by one mail at a time, less and less often, and by all when it is back', async () => {
    readers(30, 'a.example');
    plan();
    let isAway = true;
    const { roundAt } = await office(() => (isAway ? away : sent));
    expect((await roundAt(0)).tried).toBeLessThanOrEqual(3);
    const probes: number[] = [];
    for (let minute = 1; minute <= 180; minute += 1) {
      const { tried } = await roundAt(minute * minuteMs);
      expect(tried).toBeLessThanOrEqual(1);
      if (tried > 0) probes.push(minute);
    }
    expect(probes.length).toBeGreaterThanOrEqual(180 / 18);
    expect(probes.length).toBeLessThan(25);
    expect(listShutWays(db)).toMatchObject([{ way: 'server', reason: 'no connection' }]);
    isAway = false;
    let total = 0;
    for (let minute = 181; minute <= 260; minute += 1)
      total += (await roundAt(minute * minuteMs)).sent;
    expect(total).toBe(30);
    expect(listShutWays(db)).toEqual([]);
  });

  test('makes digests late, and drops them once they are stale', async () => {
    readers(4, 'a.example');
    plan();
    const { roundAt } = await office(() => away);
    for (let at = 0; at <= staleAfterMs + hourMs; at += 10 * minuteMs) await roundAt(at);
    expect(countDeliveries(db)).toEqual({ failed: 4 });
    for (const row of rowsOf(db, 'select reason from deliveries'))
      expect(row).toEqual({ reason: expect.stringMatching(/^stale/) });
  });

  test('is asked at once when somebody stands there and wants it', async () => {
    readers(5, 'a.example');
    plan();
    let isAway = true;
    const { roundAt } = await office(() => (isAway ? away : sent));
    await roundAt(0);
    isAway = false;
    expect(await roundAt(1_000)).toMatchObject({ tried: 0 });
    expect(await roundAt(1_000, true)).toMatchObject({ sent: expect.toSatisfy((n) => n >= 2) });
  });

  test('that hangs up after each final dot is left alone, or all would be in doubt', async () => {
    readers(50, 'a.example');
    plan();
    const { roundAt } = await office(() => ({ kind: 'unknown', reason: 'no answer' }));
    expect((await roundAt(0)).unknown).toBeLessThanOrEqual(3);
    expect(await roundAt(2 * minuteMs)).toMatchObject({ unknown: 1, tried: 1 });
  });
});

describe('one domain', () => {
  const putOff: SendOutcome = {
    ...{ kind: 'deferred', scope: 'message' },
    reason: '451 4.7.0 too many messages',
  };

  test('that puts mail off holds no other, and is asked by one mail', async () => {
    readers(40, 'slow.example');
    readers(40, 'quick.example');
    plan();
    let isBusy = true;
    const { roundAt, tried } = await office((to) =>
      isBusy && to.endsWith('@slow.example') ? putOff : sent,
    );
    const toSlow = () => tried.filter(({ to }) => to.endsWith('@slow.example')).length;
    expect(await roundAt(0)).toMatchObject({ sent: 40 });
    expect(toSlow()).toBeLessThanOrEqual(7);
    expect(listShutWays(db)).toMatchObject([{ way: 'slow.example', times: 1 }]);
    await roundAt(2 * minuteMs);
    expect(toSlow()).toBe(1);
    isBusy = false;
    let total = 0;
    for (let minute = 4; minute < 12; minute += 1) total += (await roundAt(minute * minuteMs)).sent;
    expect(total).toBe(40);
    expect(listShutWays(db)).toEqual([]);
  });

  test('that greylists each reader once is not held back for it', async () => {
    readers(40, 'grey.example');
    plan();
    const known = new Set<string>();
    const { roundAt } = await office((to) => {
      if (known.has(to)) return sent;
      known.add(to);
      return { kind: 'deferred', scope: 'message', reason: '450 4.7.1 greylisted' };
    });
    expect(await roundAt(0)).toMatchObject({ deferred: 40 });
    expect(await roundAt(2 * minuteMs)).toMatchObject({ sent: 40 });
  });

  const rates = (text: string) => {
    const parsed = parseDomainRates(text);
    if (parsed.kind !== 'ok') throw new Error(parsed.problems.join());
    return parsed.value;
  };

  test('gets no more than allowed while others get theirs, and its line gets later moments', async () => {
    readers(60, 'slow.example');
    readers(8, 'quick.example');
    plan();
    // Whoever has to wait at all is given a moment in a round to come.
    const pace = createPace({ domainRates: rates('slow.example=100'), patienceMs: 0 });
    const { roundAt } = await office(() => sent, { pace });
    expect(await roundAt(0)).toMatchObject({ sent: 9 });
    for (let round = 1; round < 60; round += 1)
      expect(await roundAt(round * 10)).toMatchObject({ sent: 1, tried: 1 });
    // Having been given back is no attempt.
    expect(scalar(db, 'select max(attempts) from deliveries')).toBe(1);
  });

  test('is waited for within a round', async () => {
    readers(8, 'slow.example');
    plan();
    const { roundAt } = await office(() => sent, {
      clock: () => new Date(noon.getTime() + performance.now()),
      pace: createPace({ domainRates: rates('*=50') }),
    });
    const begun = performance.now();
    expect(await roundAt(0)).toMatchObject({ sent: 8 });
    // Seven waits of 20 ms; a slow machine only takes longer.
    expect(performance.now() - begun).toBeGreaterThan(7 * 20 - 1);
  });
});

describe('a warm-up plan', () => {
  test('lets so many digests go a day, twice as many the next, and never holds a notice', async () => {
    readers(20, 'a.example');
    plan();
    const pace = createPace({ warmUp: { from: '2026-03-20', first: 5 } });
    const { roundAt } = await office(() => sent, { pace });
    expect(await roundAt(0)).toMatchObject({ sent: 5 });
    addReader(db, 'new@a.example', undefined, 'unconfirmed');
    insertDelivery(db, { key: 'notice-1', kind: 'confirmation', subscriberId: 21, at: noon });
    expect(await roundAt(hourMs)).toMatchObject({ sent: 1, tried: 1 });
    expect(await roundAt(11 * hourMs)).toMatchObject({ tried: 0 });
    expect(rowsOf(db, `select distinct reason from deliveries where state = 'planned'`)).toEqual([
      { reason: 'the day’s number of WARM_UP is reached' },
    ]);
    expect(await roundAt(12 * hourMs)).toMatchObject({ sent: 10 });
    expect(countDeliveries(db)).toEqual({ sent: 16, planned: 5 });
    // The rest is stale by then; the next digests hold what it would have brought.
    expect(await roundAt(36 * hourMs)).toMatchObject({ sent: 0, failed: 5 });
    expect(plan(later(noon, dayMs))).toMatchObject({ planned: 5 });
  });
});
