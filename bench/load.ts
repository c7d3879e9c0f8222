/**
 * Does it hold? The whole service for a while under mixed pages, feeds, API and subscriptions, with
 * a digest run beside them: no error, no subscription lost, no address in the log, memory flat.
 * `node --import tsx bench/load.ts [SECONDS] [READERS]`, 300 and 2,000 unless said; `BENCH_DB` names
 * a database to copy the papers from, else the bundled sample is taken. Ends with 1 when one fails.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { print, root } from './lib.ts';
import { freePort, untilAnswers } from './listening.ts';

const [seconds = 300, readers = 2_000] = process.argv.slice(2).map(Number);
const callers = 24;
const subscriptionsASecond = 10;

const reads = [
  ...['/', '/', '/feed.xml', '/feed.xml', '/feed.atom', '/feed.json?by=day', '/feeds.opml'],
  ...['/topics', '/topics/cs.CL', '/topics/cs.LG/feed.xml', '/topics/all/feed.atom', '/editions'],
  ...['/editions/feed.xml', '/subscribe', '/healthz', '/readyz', '/api/trending', '/api/topics'],
  ...['/api/trending?topic=cs.CV&limit=50', '/api/daily_papers?limit=20', '/api/openapi.json'],
];
const words = ['language model', 'diffusion', 'robot', 'agents', 'cat:cs.CL', 'vision -survey'];

type Tally = {
  answers: number;
  readonly statuses: Map<string, number>;
  readonly faults: string[];
  readonly millis: number[];
  readonly subscribed: string[];
};

let seed = 20_260_320;
const below = (limit: number): number => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % limit;
};
const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;

const nextRead = (): string => {
  const kind = below(10);
  if (kind === 0) return `/papers?q=${encodeURIComponent(one(words))}`;
  if (kind === 1) return `/papers/feed.xml?q=${encodeURIComponent(one(words))}`;
  if (kind === 2) return `/api/search?q=${encodeURIComponent(`${one(words)} ${one(words)}`)}`;
  return one(reads);
};

const note = (tally: Tally, what: string, status: number, begun: number): void => {
  tally.answers += 1;
  tally.millis.push(performance.now() - begun);
  const key = `${what} ${status}`;
  tally.statuses.set(key, (tally.statuses.get(key) ?? 0) + 1);
};

const told = (error: unknown): string =>
  error instanceof Error ? `${error.message}: ${String(error.cause)}` : String(error);

const readOn = async (url: string, until: number, tally: Tally): Promise<void> => {
  const tags = new Map<string, string>();
  while (performance.now() < until) {
    const [path, begun] = [nextRead(), performance.now()];
    try {
      const tag = below(3) === 0 ? undefined : tags.get(path);
      const answer = await fetch(url + path, {
        headers: {
          'accept-encoding': one(['gzip', 'br', 'identity']),
          // Many callers: the limit on searches is for one who asks too often.
          'x-forwarded-for': `198.19.${below(256)}.${below(256)}`,
          ...(tag && { 'if-none-match': tag }),
        },
      });
      await answer.arrayBuffer();
      tags.set(path, answer.headers.get('etag') ?? '');
      note(tally, 'read', answer.status, begun);
      if (answer.status !== 200 && answer.status !== 304)
        tally.faults.push(`${path} answered ${answer.status}`);
    } catch (error) {
      tally.faults.push(`${path}: ${told(error)}`);
    }
    await sleep(below(20));
  }
};

const subscribeOn = async (url: string, until: number, tally: Tally): Promise<void> => {
  for (let n = 0; performance.now() < until; n += 1) {
    const [email, begun] = [`load${n}@readers.example`, performance.now()];
    const body = new URLSearchParams({ email, topics: one(['cs.CL', 'all', 'cs.RO']) });
    // A caller each: the limit is for one who asks too often.
    const caller = `198.18.${(n >> 8) & 255}.${n & 255}`;
    const headers = { 'x-forwarded-for': caller };
    try {
      const answer = await fetch(`${url}/subscribe`, { method: 'POST', body, headers });
      await answer.arrayBuffer();
      note(tally, 'subscribe', answer.status, begun);
      if (answer.status === 200) tally.subscribed.push(email);
      else tally.faults.push(`subscribing answered ${answer.status}`);
    } catch (error) {
      tally.faults.push(`subscribing: ${told(error)}`);
    }
    await sleep(1000 / subscriptionsASecond);
  }
};

const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

const watchMemory = async (pid: number, until: number): Promise<readonly number[]> => {
  const samples: number[] = [];
  for (; performance.now() < until; await sleep(500)) samples.push(residentMb(pid));
  return samples;
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

const samples = ['page-papers.jsonl', 'recent-papers.jsonl'];

type Place = { readonly folder: string; readonly env: NodeJS.ProcessEnv; readonly port: number };

const paperboy = (place: Place, args: readonly string[]): void => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(root, 'src/main.ts'), ...args],
    { cwd: root, env: place.env, encoding: 'utf8', maxBuffer: 1e8 },
  );
  if (status !== 0) throw new Error(`paperboy ${args[0]} failed: ${stderr}`);
};

const prepare = async (folder: string): Promise<{ place: Place; mail: ChildProcess }> => {
  const mails = join(folder, 'mails.jsonl');
  const mail = spawn(
    process.execPath,
    ['--import', 'tsx', join(root, 'test/system/counting-smtp.ts'), mails, 'headers'],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [said] = mail.stdout ? await once(mail.stdout, 'data') : [];
  const port = await freePort();
  const file = join(folder, 'load.db');
  const from = process.env['BENCH_DB'];
  if (from !== undefined) new Database(from, { readonly: true }).exec(`vacuum into '${file}'`);
  const env = {
    ...process.env,
    ...{ DATABASE_URL: `file:${file}`, PORT: String(port), TRUST_PROXY: 'true', SOURCES: ',' },
    ...{ SMTP_URL: `smtp://127.0.0.1:${String(said).trim()}`, MAIL_FROM: 'round@papers.example' },
    ...{ BASE_URL: `http://127.0.0.1:${port}`, LOG_LEVEL: 'debug' },
  };
  return { place: { folder, env, port }, mail };
};

const importAll = (place: Place): void => {
  if (process.env['BENCH_DB'] === undefined)
    paperboy(place, ['import', ...samples.map((name) => join(root, 'src/sample', name))]);
  const rows = Array.from(
    { length: readers },
    (_, n) => `reader${n}@readers.example,${one(['cs.CL', 'all', 'cs.CV;cs.RO'])},daily,0,UTC`,
  );
  const file = join(place.folder, 'readers.csv');
  writeFileSync(file, `email,topics,frequency,hour,timezone\n${rows.join('\n')}\n`);
  paperboy(place, ['subscribers', 'import', file]);
};

const waiting = `select count(*) from deliveries where state not in ('sent', 'failed', 'unknown')`;

/** What was asked for last may wait for the next tick. */
const untilDelivered = async (place: Place): Promise<void> => {
  const db = new Database(join(place.folder, 'load.db'), { readonly: true });
  for (let tries = 0; tries < 130 && db.prepare(waiting).pluck().get() !== 0; tries += 1)
    await sleep(500);
  db.close();
};

/** All that is not as it should be once the service has stopped. */
const findFaults = (place: Place, tally: Tally, memory: readonly number[]): readonly string[] => {
  const faults = tally.faults.slice(0, 5);
  const db = new Database(join(place.folder, 'load.db'), { readonly: true });
  const known = new Set(db.prepare('select email from subscribers').pluck().all() as string[]);
  const lost = tally.subscribed.filter((email) => !known.has(email));
  if (lost.length > 0) faults.push(`${lost.length} subscriptions lost`);
  const states = db.prepare('select state, count(*) as n from deliveries group by 1').all();
  db.close();
  const letters = new Map<string, number>();
  for (const line of readFileSync(join(place.folder, 'mails.jsonl'), 'utf8').trim().split('\n'))
    for (const to of (JSON.parse(line) as { to: string[] }).to)
      letters.set(to, (letters.get(to) ?? 0) + 1);
  const digests = [...letters.keys()].filter((to) => to.startsWith('reader')).length;
  const twice = [...letters.values()].filter((count) => count > 1).length;
  if (digests !== readers) faults.push(`${digests} of ${readers} digests arrived`);
  if (twice > 0) faults.push(`${twice} addresses got a mail twice`);
  if (readFileSync(join(place.folder, 'service.log'), 'utf8').includes('@readers.example'))
    faults.push('the log holds an address');
  const third = Math.floor(memory.length / 3);
  const [middle, last] = [memory.slice(third, -third), memory.slice(-third)].map(mean);
  if ((last ?? 0) > (middle ?? 0) * 1.1 + 20) faults.push('memory grows');
  const sorted = tally.millis.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1);
  print(
    `${tally.answers.toLocaleString('en')} answers in ${seconds} s: ${[...tally.statuses].map(([status, count]) => `${status}: ${count}`).join(', ')}\n` +
      `half within ${at(0.5)} ms, 95 % within ${at(0.95)} ms, the slowest ${at(0.999999)} ms\n` +
      `${tally.subscribed.length} subscriptions taken, ${lost.length} lost; ${digests} digests, deliveries ${JSON.stringify(states)}\n` +
      `memory: second third ${middle?.toFixed(0)} MB, last third ${last?.toFixed(0)} MB, at most ${Math.max(...memory).toFixed(0)} MB`,
  );
  return faults;
};

const folder = mkdtempSync(join(tmpdir(), 'paperboy-load-'));
const children: ChildProcess[] = [];
try {
  const { place, mail } = await prepare(folder);
  children.push(mail);
  // All due at once: the first tick plans their digests, and delivers them beside the load.
  importAll(place);
  const service = spawn(process.execPath, ['--import', 'tsx', join(root, 'src/main.ts'), 'serve'], {
    cwd: root,
    env: place.env,
    stdio: ['ignore', 'ignore', openSync(join(folder, 'service.log'), 'a')],
  });
  children.push(service);
  const url = `http://127.0.0.1:${place.port}`;
  await untilAnswers(`${url}/readyz`);
  const until = performance.now() + seconds * 1000;
  const tally: Tally = { answers: 0, statuses: new Map(), faults: [], millis: [], subscribed: [] };
  const memory = watchMemory(service.pid ?? 0, until);
  const load = [
    ...Array.from({ length: callers }, () => readOn(url, until, tally)),
    subscribeOn(url, until, tally),
  ];
  await Promise.all(load);
  const megabytes = await memory;
  await untilDelivered(place);
  service.kill('SIGTERM');
  await once(service, 'exit');
  const faults = findFaults(place, tally, megabytes);
  for (const fault of faults) print(`FAULT: ${fault}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
