/** What every bench needs: a database in a temporary folder, time, and lines of figures. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Db, openDatabase } from '../src/db/open.ts';
import { syncTopics } from '../src/db/topics.ts';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs `work` over a new database with the built-in topics, and removes it afterwards. */
export const withDatabase = async <T>(
  work: (db: Db, folder: string) => Promise<T> | T,
): Promise<T> =>
  withFolder(async (folder) => {
    const db = openBench(folder);
    try {
      return await work(db, folder);
    } finally {
      db.$client.close();
    }
  });

/** Opens the database of a folder, made with the built-in topics where there is none. */
export const openBench = (folder: string): Db => {
  const db = openDatabase(join(folder, 'bench.db'), join(root, 'migrations'));
  syncTopics(db);
  return db;
};

/** Runs `work` over a temporary folder, and removes it afterwards. */
export const withFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'paperboy-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/**
 * Starts the bench that runs once more with other arguments, as a process of its own: what it takes
 * in memory is then nobody else's. Gives what that process tells by `answer`.
 */
export const inOwnProcess = async <T>(...args: readonly string[]): Promise<T> => {
  const child = fork(process.argv[1] ?? '', args);
  let told: { readonly answer: T } | undefined;
  child.on('message', (message) => {
    told = message as { answer: T };
  });
  const [code] = await once(child, 'exit');
  if (code !== 0 || !told) throw new Error(`${args.join(' ')} ended with ${code}`);
  return told.answer;
};

/** What a process started by `inOwnProcess` has found out. */
export const answer = (found: unknown): void => void process.send?.({ answer: found });

/** The most memory this process ever held, in MB. */
export const peakMegabytes = (): number => {
  // Of this program alone: what getrusage tells of a process began before it became this program.
  const kept = /^VmHWM:\s+(\d+) kB$/m.exec(readStatus());
  return Math.round((kept ? Number(kept[1]) : process.resourceUsage().maxRSS) / 1024);
};

const readStatus = (): string => {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return '';
  }
};

/** Wall and processor seconds; the latter hardly change when the machine has other work to do. */
export type Time = { readonly seconds: number; readonly cpu: number };

/** Starts a watch that, asked, tells the time since. */
export const watch = (): (() => Time) => {
  const from = performance.now();
  const cpuFrom = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpuFrom);
    return { seconds: (performance.now() - from) / 1000, cpu: (user + system) / 1e6 };
  };
};

/** How long `work` takes, and what it gives. */
export const timed = async <T>(work: () => Promise<T> | T): Promise<Time & { result: T }> => {
  const read = watch();
  const result = await work();
  return { ...read(), result };
};

export const sumTimes = (times: readonly Time[]): Time => ({
  seconds: times.reduce((sum, time) => sum + time.seconds, 0),
  cpu: times.reduce((sum, time) => sum + time.cpu, 0),
});

/** The middle one; of an even number the upper of both. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** `papers   56,511   18.20 s   3,105 a second   15.90 s CPU   3,554 a CPU second` */
export const printRate = (what: string, count: number, { seconds, cpu }: Time): void => {
  const rate = (time: number): string => Math.round(count / time).toLocaleString('en');
  print(
    `${what.padEnd(42)} ${count.toLocaleString('en').padStart(7)} ` +
      `${seconds.toFixed(2).padStart(7)} s ${rate(seconds).padStart(7)} a second ` +
      `${cpu.toFixed(2).padStart(7)} s CPU ${rate(cpu).padStart(7)} a CPU second`,
  );
};

/** How many times as fast as the reference, by processor time. */
export const printRatio = (what: string, ours: Time, reference: Time): void =>
  print(`${what} ÷ reference = ${(reference.cpu / ours.cpu).toFixed(2)}`);
