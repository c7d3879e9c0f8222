/** What goes over Redis, against a real one. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLetters } from '../../src/app/letters.ts';
import { openBundleQueue, takeBundles } from '../../src/queue/bundles.ts';
import { connectRedis, redisNames } from '../../src/queue/redis.ts';
import { openEntering, openReporting, type Report } from '../../src/queue/reports.ts';
import { NoWord, openAnswering, openAsking } from '../../src/queue/word.ts';
import { type RedisServer, startRedis } from './redis-server.ts';

const names = redisNames('a secret of thirty-two characters');
let server: RedisServer;
const ends: (() => unknown)[] = [];

const connection = async () => {
  const redis = await connectRedis(server.url, () => undefined);
  ends.push(() => redis.disconnect());
  return redis;
};

const fail = (error: unknown): never => {
  throw error;
};

const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 400 && !holds(); tries += 1) await sleep(25);
  expect(holds()).toBe(true);
};

beforeEach(async () => {
  server = await startRedis();
});

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await server.remove();
});

it('answers the questions of several workers together, each its own', async () => {
  const heard: unknown[] = [];
  const answering = openAnswering(
    await connection(),
    names,
    async (questions) => {
      heard.push(...questions);
      return questions.map((question) =>
        question === 'odd' ? { fault: 'that is odd' } : { value: `${question}!` },
      );
    },
    fail,
  );
  ends.push(answering.stop);
  const [first, second] = await Promise.all(
    ['a', 'b'].map(async (worker) => openAsking(await connection(), names, worker, 5_000)),
  );
  ends.push(
    () => first?.close(),
    () => second?.close(),
  );
  expect(await Promise.all([first?.ask('one'), second?.ask('two'), first?.ask('three')])).toEqual([
    'one!',
    'two!',
    'three!',
  ]);
  await expect(second?.ask('odd')).rejects.toThrow('that is odd');
  expect(heard).toHaveLength(4);
});

it('gives no word while the keeper is away, and none to who has stopped waiting', async () => {
  const { ask, close } = await openAsking(await connection(), names, 'a', 300);
  ends.push(close);
  await expect(ask('early')).rejects.toThrow(NoWord);
  const heard: unknown[] = [];
  const answering = openAnswering(
    await connection(),
    names,
    async (questions) => {
      heard.push(...questions);
      return questions.map((value) => ({ value }));
    },
    fail,
  );
  ends.push(answering.stop);
  expect(await ask('later')).toBe('later');
  expect(heard).toEqual(['later']);
});

it('keeps a report until it has been entered, over a keeper that fails and one that follows', async () => {
  const { report, written } = openReporting(await connection(), names);
  const sent = (id: number): Report => ({
    lease: 'b',
    to: 'a@example.org',
    id,
    outcome: { kind: 'sent', reply: 'ok' },
  });
  const failing = await openEntering(
    await connection(),
    names,
    async () => fail(new Error('the disk is full')),
    () => undefined,
  );
  report(sent(1));
  report(sent(2));
  await written();
  await sleep(200);
  await failing.stop();
  const entered: number[] = [];
  const entering = await openEntering(
    await connection(),
    names,
    async (reports) => void entered.push(...reports.map(({ id }) => id)),
    fail,
  );
  ends.push(entering.stop);
  report(sent(3));
  await until(() => entered.length === 3);
  expect(entered).toEqual([1, 2, 3]);
});

it('gives a bundle that broke again, and one bundle once however often it is added', async () => {
  const queue = openBundleQueue(await connection(), names);
  ends.push(queue.close);
  const tries: string[] = [];
  const worker = takeBundles(
    await connection(),
    names,
    { atOnce: 1, onFault: () => undefined },
    async ({ id }) => {
      tries.push(id);
      if (tries.length === 1) throw new Error('no word');
    },
  );
  ends.push(worker.close);
  await queue.add({ id: 'one', orders: '[]' });
  await queue.add({ id: 'one', orders: '[]' });
  expect(await queue.unfinished(['one', 'never'])).toEqual(new Set(['one']));
  await until(() => tries.length === 2);
  await sleep(100);
  expect(tries).toEqual(['one', 'one']);
  expect(await queue.unfinished(['one'])).toEqual(new Set());
});

it('goes on when Redis comes back empty', async () => {
  const asking = await openAsking(await connection(), names, 'a', 2_000);
  ends.push(asking.close);
  const keeper = await connection();
  const answering = openAnswering(
    keeper,
    names,
    async (questions) => questions.map((value) => ({ value })),
    () => undefined,
  );
  ends.push(answering.stop);
  const entered: number[] = [];
  const entering = await openEntering(
    keeper,
    names,
    async (reports) => void entered.push(...reports.map(({ id }) => id)),
    () => undefined,
  );
  ends.push(entering.stop);
  const { report, written } = openReporting(await connection(), names);
  await server.kill();
  report({ lease: 'b', to: 'a@example.org', id: 7, outcome: { kind: 'sent', reply: 'ok' } });
  await server.start();
  await written();
  await until(() => entered.includes(7));
  let word: unknown;
  while (word === undefined) word = await asking.ask('again').catch(() => undefined);
  expect(word).toBe('again');
});

/** A worker that writes letters, and a keeper that enters what was kept in Redis. */
const correspondence = async (patienceMs: number) => {
  const redis = await connection();
  const asking = await openAsking(redis, names, 'a', patienceMs);
  ends.push(asking.close);
  const letters = openLetters(asking.ask, openReporting(redis, names));
  asking.onLost(letters.lost);
  const entered: number[] = [];
  const enter = async (reports: readonly Report[]) =>
    void entered.push(...reports.map(({ id }) => id));
  const entering = await openEntering(await connection(), names, enter, () => undefined);
  ends.push(entering.stop);
  return { letters, entered };
};

const sentNow = (id: number): Report => ({
  ...{ lease: 'b', to: 'a@example.org', id },
  outcome: { kind: 'sent', reply: 'ok' },
});

it('brings the reports of a letter that died with its reader another way', async () => {
  const { letters, entered } = await correspondence(500);
  let read = 0;
  const answering = openAnswering(
    await connection(),
    names,
    async () => {
      read += 1;
      throw new Error('killed');
    },
    () => undefined,
  );
  ends.push(answering.stop);
  letters.report(sentNow(1));
  const dot = letters.mayEnd('b', 2);
  await expect(dot).rejects.toThrow(NoWord);
  letters.report(sentNow(3));
  await letters.reported();
  await until(() => entered.length === 2);
  expect([read, entered]).toEqual([1, [1, 3]]);
});

it('does not wait for a letter that was lost with Redis', async () => {
  const { letters, entered } = await correspondence(60_000);
  letters.report(sentNow(1));
  await sleep(200);
  expect(entered).toEqual([]);
  await server.kill();
  await server.start();
  await letters.reported();
  await until(() => entered.length === 1);
  expect(entered).toEqual([1]);
});

it('everybody ends at once, though Redis is gone and may never come back', async () => {
  const redis = await connection();
  const answering = openAnswering(
    redis,
    names,
    async () => [],
    () => undefined,
  );
  const entering = await openEntering(
    redis,
    names,
    async () => undefined,
    () => undefined,
  );
  const worker = takeBundles(
    await connection(),
    names,
    { atOnce: 2, onFault: () => undefined },
    async () => undefined,
  );
  await sleep(300);
  await server.kill();
  await sleep(300);
  const ended = Promise.all([answering.stop(), entering.stop(), worker.close()]).then(
    () => 'ended',
  );
  expect(await Promise.race([ended, sleep(8_000, 'still waiting')])).toBe('ended');
});
