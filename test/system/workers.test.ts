/**
 * The service's mails through worker processes over a real Redis, with everything killed that can
 * be: no reader is missed, nobody gets a mail twice, and what is in doubt is told as such.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type RedisServer, startRedis } from './redis-server.ts';

const readers = 150;
const connectionsEach = 4;
const asOf = '2026-03-28T18:00:00Z';

let template: string;
let folder: string;
let redis: RedisServer;
let server: SMTPServer;
/** Recipients, one for each message that was taken. */
let taken: string[];
let answerMs: number;
const running = new Set<ChildProcess>();

const settings = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  DATABASE_URL: `file:${join(folder, 'paperboy.db')}`,
  SECRET: 'a secret of at least thirty-two characters',
  SMTP_URL: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
  MAIL_FROM: 'Paperboy <papers@example.org>',
  BASE_URL: 'https://papers.example.org',
  SOURCES: ',',
  LOG_LEVEL: 'info',
  REDIS_URL: redis.url,
});

const start = (...args: string[]): ChildProcess => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args], {
    env: settings(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.on('exit', () => running.delete(child));
  return child;
};

const outputOf = async (child: ChildProcess): Promise<string> => {
  let [text, errors] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  // A round in which nothing but deferred mails is left ends with 1, and says so in its report.
  if (code !== 0 && text === '') throw new Error(`exit ${code}: ${errors}`);
  return text;
};

const startWorker = async (): Promise<ChildProcess> => {
  const worker = start('worker', '--connections', String(connectionsEach));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    worker.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('worker is up')) resolve();
    });
    worker.on('exit', () => reject(new Error(said)));
  });
  return worker;
};

const send = async (): Promise<{ sent: number; unknown: number; waiting: number }> =>
  JSON.parse(await outputOf(start('digest', 'send', '--as-of', asOf, '--json')));

const kill = async (child: ChildProcess): Promise<void> => {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
};

const until = async (holds: () => boolean, what: string): Promise<void> => {
  for (let tries = 0; tries < 1_200; tries += 1) {
    if (holds()) return;
    await sleep(25);
  }
  throw new Error(`in vain: ${what}`);
};

const ledger = (): Record<string, number> => {
  const db = new Database(join(folder, 'paperboy.db'), { readonly: true });
  const rows = db
    .prepare('select state, count(*) as mails from deliveries group by state')
    .all() as { state: string; mails: number }[];
  db.close();
  return Object.fromEntries(rows.map(({ state, mails }) => [state, mails]));
};

/** Every reader has one mail, or is told as in doubt; `doubtful` is how many may be. */
const expectEachOnce = (doubtful: number): void => {
  const states = ledger();
  expect(new Set(taken).size).toBe(taken.length);
  expect((states['sent'] ?? 0) + (states['unknown'] ?? 0)).toBe(readers);
  expect(states['unknown'] ?? 0).toBeLessThanOrEqual(doubtful);
  expect(taken.length).toBeGreaterThanOrEqual(states['sent'] ?? 0);
};

beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'paperboy-workers-'));
  folder = template;
  redis = await startRedis();
  server = new SMTPServer({ authOptional: true });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const rows = Array.from({ length: readers }, (_, n) => `reader${n}@example.org,all,daily,6,UTC`);
  const csv = join(folder, 'readers.csv');
  writeFileSync(csv, `email,topics,frequency,hour,timezone\n${rows.join('\n')}\n`);
  await outputOf(start('import', 'src/sample/recent-papers.jsonl'));
  await outputOf(start('subscribers', 'import', csv));
  await outputOf(start('backup', join(folder, 'full.db')));
  server.close();
  await redis.remove();
});

afterAll(() => rmSync(template, { recursive: true, force: true }));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paperboy-workers-'));
  const full = new Database(join(template, 'full.db'), { readonly: true });
  await full.backup(join(folder, 'paperboy.db'));
  full.close();
  redis = await startRedis();
  [taken, answerMs] = [[], 15];
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData: (stream, session, done) => {
      stream.resume();
      stream.on('end', () => {
        taken.push(...session.envelope.rcptTo.map(({ address }) => address));
        setTimeout(done, answerMs);
      });
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
});

afterEach(async () => {
  await Promise.all([...running].map(kill));
  server.close();
  await redis.remove();
  rmSync(folder, { recursive: true, force: true });
});

it('two workers share the work, and a second round has none', async () => {
  const workers = await Promise.all([startWorker(), startWorker()]);
  const report = await send();
  expect(report).toMatchObject({ sent: readers, unknown: 0, waiting: 0 });
  expectEachOnce(0);
  expect(await send()).toMatchObject({ due: 0, sent: 0 });
  for (const worker of workers) {
    worker.kill('SIGTERM');
    const [code] = (await once(worker, 'exit')) as [number | null];
    expect(code).toBe(0);
  }
});

it('a worker that is killed leaves its work to the others within half a minute', async () => {
  const workers = await Promise.all([startWorker(), startWorker()]);
  const round = send();
  round.catch(() => undefined);
  await until(() => taken.length > 30, 'the first mails');
  await kill(workers[0] as ChildProcess);
  const killedAt = Date.now();
  await until(() => taken.length >= readers - connectionsEach, 'the rest of the mails');
  expect(Date.now() - killedAt).toBeLessThan(30_000);
  await round;
  expectEachOnce(connectionsEach);
});

it('a Redis that is killed and comes back empty loses and repeats nothing', async () => {
  await startWorker();
  await startWorker();
  const round = send();
  round.catch(() => undefined);
  await until(() => taken.length > 30, 'the first mails');
  await redis.kill();
  await sleep(1_000);
  await redis.start();
  await round;
  // What was given up on for want of the ledger's word is due again in a minute.
  const waiting = ledger()['deferred'] ?? 0;
  expect(waiting).toBeLessThanOrEqual(2 * connectionsEach);
  const db = new Database(join(folder, 'paperboy.db'));
  db.prepare(`update deliveries set next_attempt_at = 0 where state = 'deferred'`).run();
  db.close();
  await send();
  expectEachOnce(0);
});

it('a service that is killed is followed by another that finishes its round', async () => {
  await startWorker();
  await startWorker();
  answerMs = 60;
  const first = start('digest', 'send', '--as-of', asOf);
  await until(() => taken.length > 30, 'the first mails');
  await kill(first);
  await sleep(500);
  await send();
  const db = new Database(join(folder, 'paperboy.db'));
  db.prepare(`update deliveries set next_attempt_at = 0 where state = 'deferred'`).run();
  db.close();
  await send();
  expectEachOnce(0);
});

it('mails wait when no worker is there, and the first that comes takes them', async () => {
  expect(await send()).toMatchObject({ sent: 0, waiting: readers });
  expect(taken).toEqual([]);
  await startWorker();
  expect(await send()).toMatchObject({ sent: readers, waiting: 0 });
  expectEachOnce(0);
});

it('a worker says what it lacks', async () => {
  const without = { ...settings() };
  delete without['SECRET'];
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'worker'], {
    env: without,
    stdio: 'pipe',
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = (await once(child, 'exit')) as [number];
  expect([code, said]).toEqual([1, expect.stringContaining('SECRET is not set')]);
});
