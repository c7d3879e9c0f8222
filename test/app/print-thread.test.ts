import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { openArchive } from '../../src/app/archive.ts';
import { deliverDue } from '../../src/app/deliver.ts';
import type { MailKit } from '../../src/app/mail-kit.ts';
import { claimOrders, type MailOrder } from '../../src/app/orders.ts';
import { planDigests } from '../../src/app/plan.ts';
import { openPrinting } from '../../src/app/print-ahead.ts';
import { createPrinter } from '../../src/app/print-mail.ts';
import { openPrintThread, type PrintThread } from '../../src/app/print-thread.ts';
import type { Db } from '../../src/db/open.ts';
import type { DkimKey } from '../../src/mail/dkim.ts';
import { rowsOf, tempDb } from '../db/temp-db.ts';
import { addReader, inventPaper, inventSignal, later, noon, silentLog, takeIn } from '../invent.ts';
import { asSent, mailKit } from './post.ts';

const templatesDir = resolve('templates');
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const keyOf = (selector: string, privateKey: DkimKey['privateKey']): DkimKey => ({
  ...{ domain: 'paperboy.example', selector, privateKey },
  algorithm: selector === 'rsa' ? 'rsa-sha256' : 'ed25519-sha256',
});

let kit: MailKit;
beforeAll(async () => {
  const dkim = [
    keyOf('rsa', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
    keyOf('ed', generateKeyPairSync('ed25519').privateKey),
  ];
  kit = { ...(await mailKit()), dkim };
});

/** Twelve readers whose digests are planned. */
const plannedDb = async (): Promise<Db> => {
  const db = tempDb();
  const papers = Array.from({ length: 20 }, (_, n) => inventPaper(n));
  const signals = papers.map(({ id }, n) => inventSignal(id, n));
  await takeIn(db, papers, signals);
  for (let n = 0; n < 12; n += 1) addReader(db, `reader-${n}@example.org`);
  planDigests(db, { asOf: noon, now: noon, reuseMs: 0 });
  return db;
};

const ordersIn = (db: Db): readonly MailOrder[] =>
  claimOrders(db, { owner: 'test', now: noon, until: later(noon, 60_000) }, 100).flatMap(
    ({ ordered }) => (ordered.kind === 'order' ? [ordered.order] : []),
  );

const openThread = async (db: Db): Promise<PrintThread> => {
  const thread = await openPrintThread(kit, templatesDir, db.$client.name);
  closing.push(thread.close);
  return thread;
};

test('a thread prints what would be printed here, byte for byte, and is gone when it is closed', async () => {
  const db = await plannedDb();
  const orders = ordersIn(db);
  const here = createPrinter(kit, openArchive(db, kit));
  const thread = await openThread(db);
  // One batch, and another before that is done.
  const asked = orders.map(thread.print);
  await new Promise((turn) => setImmediate(turn));
  const again = orders.map(thread.print);
  expect(orders).toHaveLength(12);
  const expected = (await Promise.all(orders.map((order) => here(order)))).map(asSent);
  expect((await Promise.all(asked)).map(asSent)).toEqual(expected);
  expect((await Promise.all(again)).map(asSent)).toEqual(expected);
  expect(thread.isGone()).toBe(false);
  const underway = orders.slice(0, 1).map(thread.print);
  await thread.close();
  await expect(Promise.all(underway)).rejects.toThrow('the printing thread has ended');
  expect(thread.isGone()).toBe(true);
  await expect(thread.print(orders[0] as MailOrder)).rejects.toThrow(
    'the printing thread has ended',
  );
});

test('what is held stays as it is, while the memory of what is released goes back', async () => {
  const db = await plannedDb();
  const orders = ordersIn(db);
  const thread = await openThread(db);
  const print = async () => Promise.all(orders.map((order) => thread.print(order)));
  const held = await print();
  const before = held.map(asSent);
  for (let round = 0; round < 5; round += 1) {
    const mails = await print();
    expect(mails.map(asSent)).toEqual(before);
    for (const { release } of mails) release?.();
    await print();
    // Nobody here can read or send what is put there now.
    expect(mails.map(({ bytes }) => bytes.length)).toEqual(mails.map(() => 0));
  }
  expect(held.map(asSent)).toEqual(before);
});

test('memory goes back with its last mail', async () => {
  const db = await plannedDb();
  const orders = ordersIn(db);
  const thread = await openThread(db);
  const print = async () => Promise.all(orders.map((order) => thread.print(order)));
  const mails = await print();
  const before = mails.map(asSent);
  const memory = mails[0]?.bytes.buffer;
  const together = mails.filter(({ bytes }) => bytes.buffer === memory);
  expect(together.length).toBeGreaterThan(1);
  const [last, ...others] = together;
  for (const { release } of others) release?.();
  for (const { release } of others) release?.();
  await print();
  expect(mails.map(asSent)).toEqual(before);
  last?.release?.();
  await print();
  expect(together.map(({ bytes }) => bytes.length)).toEqual(together.map(() => 0));
});

test('batches that overlap, since signatures are made elsewhere, keep their mails apart', async () => {
  const db = await plannedDb();
  const orders = ordersIn(db);
  const thread = await openPrintThread(kit, templatesDir, db.$client.name, false);
  closing.push(thread.close);
  const here = createPrinter(kit, openArchive(db, kit));
  const expected = (await Promise.all(orders.map((order) => here(order)))).map(asSent);
  const rounds = Array.from({ length: 12 }, async () => {
    await new Promise((turn) => setImmediate(turn));
    const mails = await Promise.all(orders.map((order) => thread.print(order)));
    const read = mails.map(asSent);
    for (const { release } of mails) release?.();
    return read;
  });
  for (const read of await Promise.all(rounds)) expect(read).toEqual(expected);
});

test('a process that waits for nothing but a mail lives until it is printed', async () => {
  const db = await plannedDb();
  const [order] = ordersIn(db);
  const { templates: _, dkim: __, ...plain } = kit;
  const script = `
    const { openPrintThread } = await import('./src/app/print-thread.ts');
    const [kit, folder, file, order] = JSON.parse(process.argv[1]);
    const { print } = await openPrintThread(kit, folder, file);
    console.log((await print(order)).key);`;
  const given = JSON.stringify([plain, templatesDir, db.$client.name, order]);
  const node = ['--import', 'tsx', '--input-type=module', '-e', script, given];
  const { stdout } = await promisify(execFile)(process.execPath, node);
  expect(stdout.trim()).toBe(order?.key);
});

test('an order that cannot be printed says why, and harms no other', async () => {
  const db = await plannedDb();
  const [first, second] = ordersIn(db) as [MailOrder, MailOrder];
  const lost = { ...first, digest: { ...first.digest, papers: [{ paper: 999, topicId: 1 }] } };
  const thread = await openThread(db);
  const [broken, whole] = await Promise.allSettled([
    thread.print(lost as MailOrder),
    thread.print(second),
  ]);
  expect(broken).toMatchObject({ reason: { message: expect.stringContaining('999') } });
  expect(whole.status).toBe('fulfilled');
});

test('a thread that cannot start is told, with its reason', async () => {
  await expect(openPrintThread(kit, templatesDir, '/nowhere/paperboy.db')).rejects.toThrow(
    '/nowhere/paperboy.db',
  );
});

test('what a thread leaves behind when it dies is printed by whoever sends', async () => {
  const db = await plannedDb();
  const printing = openPrinting({
    ...{ db, clock: () => noon, log: silentLog, kit, templatesDir, connections: 2 },
    print: createPrinter(kit, openArchive(db, kit)),
    worthAThread: 12,
  });
  closing.push(printing.close);
  const orders = ordersIn(db);
  db.$client.prepare(`update deliveries set state = 'planned'`).run();
  const printed = await printing.during(async ({ print }) => {
    const underway = orders.slice(0, 6).map(print);
    await printing.close();
    return [...(await Promise.all(underway)), await print(orders[6] as MailOrder)];
  });
  expect(printed.map(({ key }) => key)).toEqual(orders.slice(0, 7).map(({ key }) => key));
});

test('a round of many mails is printed in a thread, one of few is not', async () => {
  const db = await plannedDb();
  const clock = () => noon;
  let printedHere = 0;
  const printer = createPrinter(kit, openArchive(db, kit));
  const here: typeof printer = (order) => {
    printedHere += 1;
    return printer(order);
  };
  const letters: string[] = [];
  const deps = {
    ...{ db, clock, log: silentLog, owner: 'test', print: here, concurrency: 2 },
    transport: {
      describe: 'a list',
      send: async (mail: { readonly bytes: Buffer }, dot: () => void | Promise<void>) => {
        await dot();
        letters.push(String(mail.bytes));
        return { kind: 'sent', reply: '250 ok' } as const;
      },
      close: async () => undefined,
    },
  };
  const printing = openPrinting({ ...deps, kit, templatesDir, connections: 2, worthAThread: 12 });
  closing.push(printing.close);
  const round = () => printing.during((printer) => deliverDue({ ...deps, ...printer }));
  expect(await round()).toMatchObject({ sent: 12, deferred: 0 });
  expect([letters.length, printedHere]).toEqual([12, 0]);
  await printing.close();
  db.$client.prepare(`update deliveries set state = 'planned' where id > 1`).run();
  expect(await round()).toMatchObject({ sent: 11, deferred: 0 });
  expect([letters.length, printedHere]).toEqual([23, 11]);
  expect(rowsOf(db, `select distinct state from deliveries`)).toEqual([{ state: 'sent' }]);
});
