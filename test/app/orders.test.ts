import { beforeEach, describe, expect, test } from 'vitest';
import { type Archive, openArchive } from '../../src/app/archive.ts';
import { claimOrders, type MailOrder } from '../../src/app/orders.ts';
import { planDigests } from '../../src/app/plan.ts';
import { createPrinter } from '../../src/app/print-mail.ts';
import { subscribe } from '../../src/app/subscribe.ts';
import type { Db } from '../../src/db/open.ts';
import { deleteSubscriber, setStatus } from '../../src/db/subscribers.ts';
import { suppress } from '../../src/db/suppressions.ts';
import { connect, rowsOf, tempDb } from '../db/temp-db.ts';
import {
  addReader,
  inventPaper,
  inventSettings,
  inventSignal,
  later,
  noon,
  takeIn,
} from '../invent.ts';
import { asSent, mailKit } from './post.ts';

let db: Db;
beforeEach(async () => {
  db = tempDb();
  const papers = Array.from({ length: 30 }, (_, n) => inventPaper(n));
  await takeIn(
    db,
    papers,
    papers.map((paper, n) => inventSignal(paper.id, n)),
  );
});

const plan = (at = noon) => planDigests(db, { asOf: at, now: at, reuseMs: 0 });
const claim = (at = noon) =>
  claimOrders(db, { owner: 'test', now: at, until: later(at, 60_000) }, 1_000);
const ordersOf = (claims: ReturnType<typeof claim>): readonly MailOrder[] =>
  claims.flatMap(({ ordered }) => (ordered.kind === 'order' ? [ordered.order] : []));

describe('orders', () => {
  test('say of each mail what the ledger says of it', () => {
    addReader(db, 'ada@example.org', inventSettings({ topics: ['cs.LG', 'all'], papers: 3 }));
    addReader(db, 'bob@example.org', inventSettings({ muted: ['kites'] }));
    plan();
    const [ada, bob] = ordersOf(claim());
    expect(ada).toMatchObject({
      key: 'digest-1-2026-03-20',
      kind: 'digest',
      plannedAt: noon.getTime(),
      reader: { email: 'ada@example.org', settings: { topics: ['cs.LG', 'all'] } },
      digest: { day: '2026-03-20', first: true },
    });
    expect(ada?.digest?.papers).toEqual(
      rowsOf(
        db,
        `select papers.value as paper, topics.value as topicId
         from digests, json_each(digests.papers) as papers, json_each(digests.topics) as topics
         where digests.id = 1 and papers.key = topics.key order by papers.key`,
      ),
    );
    expect(ada?.digest?.papers).toHaveLength(3);
    expect(bob?.reader.settings.muted).toEqual(['kites']);
    const nextDay = later(noon, 86_400_000);
    plan(nextDay);
    const keys = ordersOf(claim(nextDay)).map(({ key, digest }) => [key, digest?.first]);
    expect(keys).toContainEqual(['digest-1-2026-03-21', false]);
  });

  test('are not written for whom no mail is wanted any more', () => {
    const names = ['gone', 'paused', 'suppressed', 'active'];
    const ids = names.map((name) => addReader(db, `${name}@example.org`));
    plan();
    suppress(db, 'Suppressed@example.org', 'hard', '550', noon);
    setStatus(db, ids[1] ?? 0, 'paused', noon);
    const before = claim();
    expect(
      before.map(({ ordered }) => (ordered.kind === 'order' ? 'order' : ordered.reason)),
    ).toEqual(['order', 'the reader is paused', 'the address is suppressed', 'order']);
    deleteSubscriber(db, ids[0] ?? 0);
    const after = claim(later(noon, 120_000));
    expect(after.map(({ delivery }) => delivery.subscriberId)).toEqual(ids.slice(1));
  });

  test('are written by as many statements for fifty mails as for one', () => {
    for (let n = 0; n < 51; n += 1) addReader(db, `reader${n}@example.org`);
    plan();
    const counted = countStatements(connect(db.$client.name));
    const lease = { owner: 'test', now: noon, until: later(noon, 60_000) };
    const forOne = counted(() => expect(claimOrders(counted.db, lease, 1)).toHaveLength(1));
    const forFifty = counted(() => expect(claimOrders(counted.db, lease, 50)).toHaveLength(50));
    expect(forOne).toBeGreaterThan(3);
    expect(forFifty).toBe(forOne);
  });
});

/** Counts how often prepared statements run on a connection that has prepared none yet. */
const countStatements = (fresh: Db) => {
  let count = 0;
  const prepare = fresh.$client.prepare.bind(fresh.$client);
  fresh.$client.prepare = ((sql: string) => {
    const made = prepare(sql);
    for (const verb of ['all', 'get', 'run'] as const) {
      const run = made[verb].bind(made) as (...values: unknown[]) => never;
      made[verb] = (...values: unknown[]) => {
        count += 1;
        return run(...values);
      };
    }
    return made;
  }) as typeof fresh.$client.prepare;
  const counted = (work: () => void): number => {
    count = 0;
    work();
    return count;
  };
  return Object.assign(counted, { db: fresh });
};

describe('printing', () => {
  test('from orders that went through JSON gives the same bytes, with no database at hand', async () => {
    addReader(db, 'ada@example.org');
    subscribe(db, { email: 'eve@example.org', settings: inventSettings() }, noon);
    plan();
    const orders = ordersOf(claim());
    expect(orders.map(({ kind }) => kind).sort()).toEqual(['confirmation', 'digest']);
    const kit = await mailKit();
    const here = createPrinter(kit, openArchive(db, kit));
    const local = openArchive(db, kit);
    const overTheWire: Archive = {
      sheetOf: async (...asked) => JSON.parse(JSON.stringify(await local.sheetOf(...asked))),
      papersOf: async (...asked) => JSON.parse(JSON.stringify(await local.papersOf(...asked))),
    };
    const elsewhere = createPrinter(kit, overTheWire);
    for (const order of orders) {
      const sent = JSON.parse(JSON.stringify(order)) as MailOrder;
      expect(sent).toEqual(order);
      expect(asSent(await elsewhere(sent))).toEqual(asSent(await here(order)));
    }
  });

  test('asks for each paper once, however many readers get it', async () => {
    for (let n = 0; n < 5; n += 1) addReader(db, `reader${n}@example.org`);
    plan();
    const kit = await mailKit();
    const archive = openArchive(db, kit);
    const asked: number[] = [];
    const print = createPrinter(kit, {
      sheetOf: archive.sheetOf,
      papersOf: (editionId, refs, language) => {
        asked.push(...refs.map(({ paper }) => paper));
        return archive.papersOf(editionId, refs, language);
      },
    });
    for (const order of ordersOf(claim())) {
      const { digest } = order;
      await print(order);
      // The same papers in another order have other ranks, and are the same blocks.
      if (digest)
        await print({ ...order, digest: { ...digest, papers: [...digest.papers].reverse() } });
    }
    expect(asked).toHaveLength(10);
  });

  test('are printed alike by a printer of their own and by one that printed for all others', async () => {
    const many = [
      { frequency: { kind: 'weekdays' }, hour: 8, timeZone: 'UTC' },
      { frequency: { kind: 'daily' }, hour: 8, timeZone: 'UTC' },
      { frequency: { kind: 'daily' }, hour: 7, timeZone: 'UTC' },
      { frequency: { kind: 'daily' }, hour: 8, timeZone: 'Europe/London' },
      { frequency: { kind: 'weekly', on: 'fri' }, hour: 8, timeZone: 'UTC' },
      { frequency: { kind: 'daily' }, hour: 8, timeZone: 'UTC', language: 'de' },
      { frequency: { kind: 'daily' }, hour: 8, timeZone: 'UTC', topics: ['cs.LG'] },
      { frequency: { kind: 'daily' }, hour: 8, timeZone: 'UTC', papers: 3 },
    ] as const;
    for (const [n, settings] of many.entries())
      addReader(db, `reader-${n}@example.org`, inventSettings(settings));
    plan();
    const orders = ordersOf(claim());
    expect(orders).toHaveLength(many.length);
    const kit = await mailKit();
    const archive = openArchive(db, kit);
    const shared = createPrinter(kit, archive);
    for (const order of [...orders, ...orders.toReversed()])
      expect(asSent(await shared(order))).toEqual(asSent(await createPrinter(kit, archive)(order)));
  });

  test('of each kind bear its name for the feedback of mailbox providers', async () => {
    const kit = await mailKit();
    const print = createPrinter(kit, openArchive(db, kit));
    subscribe(db, { email: 'new@example.org', settings: inventSettings() }, noon);
    addReader(db, 'ada@example.org');
    plan();
    const ids = await Promise.all(
      ordersOf(claim()).map(async (order) => [
        order.kind,
        /^Feedback-ID: (\w+):/m.exec((await print(order)).bytes.toString())?.[1],
      ]),
    );
    expect(ids.toSorted()).toEqual([
      ['confirmation', 'confirmation'],
      ['digest', 'digest'],
    ]);
  });

  test.each([
    ['http://[::1]:3000', 'digest.--1'],
    ['https://papers.example.', 'digest.papers.example'],
    ['https://papers.example/for/owls', 'digest.papers.example'],
  ])('for readers of %s names the list %s', async (baseUrl, list) => {
    addReader(db, 'ada@example.org');
    plan();
    const kit = { ...(await mailKit()), baseUrl };
    const print = createPrinter(kit, openArchive(db, kit));
    const [order] = ordersOf(claim());
    const { bytes } = await print(order as MailOrder);
    expect(bytes.toString()).toContain(`\r\nList-Id: Paperboy <${list}>\r\n`);
    expect(bytes.toString()).toContain(`\r\nFeedback-ID: digest:paperboy:${list.slice(7)}\r\n`);
  });
});
