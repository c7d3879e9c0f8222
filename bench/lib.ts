/** What every bench needs: a database in a temporary folder, time, and lines of figures. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Db, openDatabase } from '../src/db/open.ts';
import { syncTopics } from '../src/db/topics.ts';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs `work` over a new database with the built-in topics, and removes it afterwards. */
export const withDatabase = async <T>(
  work: (db: Db, folder: string) => Promise<T> | T,
): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'paperboy-bench-'));
  const db = openDatabase(join(folder, 'bench.db'), join(root, 'migrations'));
  try {
    syncTopics(db);
    return await work(db, folder);
  } finally {
    db.$client.close();
    rmSync(folder, { recursive: true, force: true });
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
