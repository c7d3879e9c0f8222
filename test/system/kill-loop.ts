/**
 * Kills a sender at random moments, again and again, and holds the ledger against what a counting
 * mail server took. Sender, server and database are the real ones, each in a process of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { emptyTally, importRecords } from '../../src/app/import.ts';
import { openDatabase } from '../../src/db/open.ts';
import { syncTopics } from '../../src/db/topics.ts';
import { readRecords } from '../../src/sources/records.ts';
import { addReader, inventSettings } from '../invent.ts';
import type { KeptMail } from './kept-mail.ts';

const connections = 5;

const root = fileURLToPath(new URL('../..', import.meta.url));
const migrations = join(root, 'migrations');

/** The day after the newest fact of the sample. */
const asOf = '2026-03-21T12:00:00Z';

export type KillReport = {
  readonly mails: number;
  readonly kills: number;
  /** Mails the server took, and those the ledger calls sent or doubtful. */
  readonly taken: number;
  readonly sent: number;
  readonly unknown: number;
  /** Doubtful mails that the server had taken in truth. */
  readonly unknownTaken: number;
  /** The most doubtful mails one kill left behind. */
  readonly worstKill: number;
  readonly connections: number;
  /** Everything that ought not to be. */
  readonly faults: readonly string[];
};

/** Sends so many mails, killing the sender so many times on the way, and looks at what is left. */
export const runKillLoop = async (
  mails: number,
  kills: number,
  chance: () => number,
  onKill: (kill: number, taken: number) => void = () => undefined,
): Promise<KillReport> => {
  const folder = mkdtempSync(join(tmpdir(), 'paperboy-kill-'));
  const database = join(folder, 'paperboy.db');
  try {
    await fill(database, mails);
    const office = await openOffice(join(folder, 'mails.jsonl'));
    const settings = {
      DATABASE_URL: `file:${database}`,
      SMTP_URL: `smtp://127.0.0.1:${office.port}`,
      SMTP_CONNECTIONS: String(connections),
      MAIL_FROM: 'Paperboy <round@papers.example>',
      BASE_URL: 'https://papers.example',
    };
    const doubts: number[] = [];
    for (let kill = 1; kill <= kills; kill += 1) {
      await liveAndDie(settings, office, lifeOf(mails / kills, chance));
      doubts.push(countInDoubt(database));
      onKill(kill, office.taken());
    }
    const last = spawnSender(settings);
    const [code] = await once(last, 'close');
    await office.close();
    return judge(database, readIds(join(folder, 'mails.jsonl')), { mails, kills, doubts, code });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const fill = async (database: string, readers: number): Promise<void> => {
  const db = openDatabase(database, migrations);
  syncTopics(db);
  for (const file of ['page-papers.jsonl', 'recent-papers.jsonl']) {
    const now = new Date(asOf);
    const records = readRecords(createReadStream(join(root, 'src', 'sample', file)), { now });
    // As imported: a sample would be mailed to nobody.
    await importRecords(db, records, { file, by: 'import', now }, emptyTally());
  }
  const settings = inventSettings({ topics: ['all', 'cs.CL', 'cs.CV'], hour: 0 });
  db.$client.transaction(() => {
    for (let n = 0; n < readers; n += 1) addReader(db, `reader-${n}@readers.example`, settings);
  })();
  db.$client.close();
};

export type Office = {
  readonly port: number;
  /** How many mails have been taken so far. */
  readonly taken: () => number;
  readonly close: () => Promise<void>;
};

/** Starts the counting server, which keeps the headers of each mail in a file. */
export const openOffice = async (file: string): Promise<Office> => {
  const script = join(root, 'test', 'system', 'counting-smtp.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, file, 'headers'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const log = openSync(file, 'r');
  const chunk = Buffer.alloc(1 << 20);
  let taken = 0;
  return {
    port: Number(String(line)),
    taken: () => {
      for (let read = readSync(log, chunk); read > 0; read = readSync(log, chunk))
        for (const byte of chunk.subarray(0, read)) if (byte === 0x0a) taken += 1;
      return taken;
    },
    close: async () => {
      child.kill('SIGTERM');
      await once(child, 'close');
    },
  };
};

type Settings = Readonly<Record<string, string>>;

const spawnSender = (settings: Settings): ChildProcess =>
  spawn(
    process.execPath,
    ['--import', 'tsx', join(root, 'src', 'main.ts'), 'digest', 'send', '--as-of', asOf],
    { cwd: root, env: { PATH: process.env.PATH, ...settings }, stdio: 'ignore' },
  );

/** How a life ends: after so many mails and milliseconds, or, in one of five, by the clock alone. */
type Life = { readonly mails: number; readonly ms: number };

const lifeOf = (share: number, chance: () => number): Life =>
  chance() < 0.2
    ? { mails: 0, ms: chance() * 4_000 }
    : { mails: 1 + Math.floor(chance() * share * 2), ms: chance() * 20 };

const liveAndDie = async (settings: Settings, office: Office, life: Life): Promise<void> => {
  const sender = spawnSender(settings);
  const gone = once(sender, 'close');
  let isGone = false;
  void gone.then(() => {
    isGone = true;
  });
  const until = office.taken() + life.mails;
  while (!isGone && office.taken() < until) await sleep(2);
  await sleep(life.ms);
  sender.kill('SIGKILL');
  await gone;
};

const countInDoubt = (database: string): number => {
  const db = openDatabase(database, migrations);
  try {
    const count = db.$client.prepare(`select count(*) from deliveries where state = 'data-sent'`);
    return count.pluck().get() as number;
  } finally {
    db.$client.close();
  }
};

/** How often the server took each mail, by the reader it went to. */
const readIds = (file: string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    for (const to of (JSON.parse(line) as KeptMail).to) counts.set(to, (counts.get(to) ?? 0) + 1);
  }
  return counts;
};

type Course = {
  readonly mails: number;
  readonly kills: number;
  readonly doubts: readonly number[];
  readonly code: unknown;
};

const judge = (
  database: string,
  taken: ReadonlyMap<string, number>,
  { mails, kills, doubts, code }: Course,
): KillReport => {
  const db = openDatabase(database, migrations);
  const rows = db.$client
    .prepare(
      `select email, state from subscribers left join deliveries
         on deliveries.subscriber_id = subscribers.id`,
    )
    .all() as { email: string; state: string | null }[];
  const integrity = db.$client.pragma('integrity_check', { simple: true });
  db.$client.close();
  const faults: string[] = [];
  const hold = (truth: boolean, otherwise: string): void => {
    if (!truth) faults.push(otherwise);
  };
  hold(code === 0, `the last sender ended with ${code}`);
  hold(integrity === 'ok', `integrity_check: ${integrity}`);
  hold(rows.length === mails, `${rows.length} readers or mails, not ${mails}`);
  const worstKill = Math.max(0, ...doubts);
  hold(worstKill <= connections, `${worstKill} in doubt after one kill`);
  const counts = { sent: 0, unknown: 0, unknownTaken: 0 };
  for (const { email, state } of rows) {
    const arrived = taken.get(email) ?? 0;
    hold(arrived <= 1, `${email} got ${arrived} mails`);
    if (state === 'sent') {
      counts.sent += 1;
      hold(arrived === 1, `${email}: sent, and the server never took it`);
    } else if (state === 'unknown') {
      counts.unknown += 1;
      counts.unknownTaken += arrived;
    } else faults.push(`${email} was left out: ${state ?? 'nothing planned'}`);
  }
  return { mails, kills, taken: taken.size, ...counts, worstKill, connections, faults };
};
