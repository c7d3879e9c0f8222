/**
 * What does it cost to print and send in other processes, and what do more of them bring?
 * `node --import tsx bench/workers.ts [MAILS [ROUNDS [WORKERS [FILE…]]]]`; WORKERS as in `1,2,4`
 *
 * Needs Debian's postfix (smtp-sink) and redis-server packages. The reference, in the same run and
 * round by round with ours, is the same service delivering the same mails by itself. Every step is
 * committed durably by both. Processor time is that of the service and all workers together; Redis's
 * own is told beside it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Delivery } from '../src/app/deliver.ts';
import { planDigests } from '../src/app/plan.ts';
import type { CommandContext } from '../src/cli/command.ts';
import { openDelivery } from '../src/cli/delivery.ts';
import { loadMailKit } from '../src/cli/wiring.ts';
import { parseConfig } from '../src/config.ts';
import { newestFact } from '../src/db/evidence.ts';
import type { Db } from '../src/db/open.ts';
import { inventReaders, loadCorpus } from './invented.ts';
import { median, print, root, timed, withDatabase } from './lib.ts';
import { startRedis, startSink } from './servers.ts';

const [mailsAsked = '4000', roundsAsked = '3', workersAsked = '1,2,4', ...files] =
  process.argv.slice(2);
const port = 20_000 + (process.pid % 20_000);
const redisPort = port + 1;
const connections = 10;
const dayMs = 86_400_000;
const ticksASecond = 100;

const settings = (redis: boolean): Record<string, string> => ({
  SMTP_URL: `smtp://127.0.0.1:${port}`,
  SECRET: 'a secret that only the bench knows',
  MAIL_FROM: 'Paperboy <papers@bench.example>',
  BASE_URL: 'https://bench.example',
  ...(redis && { REDIS_URL: `redis://127.0.0.1:${redisPort}` }),
});

const contextOf = (db: Db, redis: boolean): CommandContext => {
  const parsed = parseConfig(settings(redis));
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('; '));
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  return {
    config: parsed.config,
    clock: () => new Date(),
    log: silent,
    openDb: () => db,
    secret: () => settings(redis)['SECRET'] ?? '',
    print,
    note: () => {},
    terminal: false,
    stdin: process.stdin,
    signal: new AbortController().signal,
    owner: 'bench/0/0',
    isGone: () => false,
  };
};

/** User and system time of a process so far, in seconds. */
const cpuOf = ({ pid }: ChildProcess): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksASecond;
};

const startWorker = async (): Promise<ChildProcess> => {
  const args = ['--import', 'tsx', 'src/main.ts', 'worker', '--connections', String(connections)];
  const worker = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env['PATH'], ...settings(true) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  for await (const chunk of worker.stderr) {
    said += String(chunk);
    if (said.includes('worker is up')) return worker;
  }
  throw new Error(said);
};

type Run = { readonly rate: number; readonly cpuMs: number; readonly redisMs: number };

const measure = async (
  db: Db,
  mails: number,
  delivery: Delivery,
  workers: readonly ChildProcess[],
  redis: ChildProcess,
): Promise<Run> => {
  db.$client
    .prepare(`update deliveries set state = 'planned', attempts = 0, lease_owner = null`)
    .run();
  const others = (): number => workers.reduce((sum, worker) => sum + cpuOf(worker), 0);
  const [before, redisBefore] = [others(), cpuOf(redis)];
  const run = await timed(() => delivery.deliver());
  if (run.result.sent !== mails) throw new Error(`sent ${run.result.sent} of ${mails}`);
  return {
    rate: mails / run.seconds,
    cpuMs: ((run.cpu + others() - before) * 1000) / mails,
    redisMs: ((cpuOf(redis) - redisBefore) * 1000) / mails,
  };
};

const run = async (db: Db, folder: string): Promise<void> => {
  await loadCorpus(db, files);
  const newest = newestFact(db, Date.now()) ?? Date.now();
  const asOf = new Date(Math.floor(newest / dayMs) * dayMs + 1.5 * dayMs);
  inventReaders(db, Number(mailsAsked), asOf);
  const mails = planDigests(db, { asOf, now: new Date(), reuseMs: 0 }).planned;
  const sink = await startSink(port);
  const redis = await startRedis(redisPort, folder);
  const kit = await loadMailKit(contextOf(db, false));
  const alone = await openDelivery(contextOf(db, false), kit);
  const shared = await openDelivery(contextOf(db, true), kit);
  const counts = workersAsked.split(',').map(Number);
  const runs = new Map<number, { rate: number[]; cpu: number[] }>();
  for (const count of counts) {
    const workers = await Promise.all(Array.from({ length: count }, startWorker));
    // A worker lives for weeks: its first mails, for which it sets each paper's block, do not count.
    for (const delivery of [alone, shared]) await measure(db, mails, delivery, [], redis);
    const kept = { rate: [] as number[], cpu: [] as number[] };
    for (let round = 1; round <= Number(roundsAsked); round += 1) {
      const reference = await measure(db, mails, alone, [], redis);
      const ours = await measure(db, mails, shared, workers, redis);
      kept.rate.push(ours.rate / reference.rate);
      kept.cpu.push(ours.cpuMs / reference.cpuMs);
      print(
        `${count} worker${count === 1 ? ' ' : 's'}, round ${round}: ${Math.round(ours.rate)} mails a second, ` +
          `${ours.cpuMs.toFixed(2)} ms a mail and ${ours.redisMs.toFixed(2)} of Redis; ` +
          `by itself ${Math.round(reference.rate)}, ${reference.cpuMs.toFixed(2)} ms`,
      );
    }
    runs.set(count, kept);
    for (const worker of workers) {
      worker.kill('SIGTERM');
      await once(worker, 'exit');
    }
  }
  for (const [count, { rate, cpu }] of runs)
    print(
      `${count} worker${count === 1 ? '' : 's'} ÷ by itself: ${median(rate).toFixed(2)} mails a second, ` +
        `${median(cpu).toFixed(2)} processor time a mail (medians)`,
    );
  await shared.close();
  await alone.close();
  sink.kill();
  redis.kill();
};

await withDatabase(run);
