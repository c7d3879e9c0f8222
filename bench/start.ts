/**
 * How soon is the service up, and how much does it hold when idle? `npm start` (TypeScript as it is)
 * against the compiled service of `npm run build`, each with an empty database and no source.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { print, root } from './lib.ts';

const runs = 5;
const idleMs = 5_000;

type Start = { readonly seconds: number; readonly cpu: number; readonly megabytes: number };

const ticksASecond = 100;

const statOf = (pid: number) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return { cpu: (Number(fields[11]) + Number(fields[12])) / ticksASecond };
};

const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

const start = async (args: readonly string[]): Promise<Start> => {
  const folder = mkdtempSync(join(tmpdir(), 'paperboy-start-'));
  const env = {
    ...{ PATH: process.env.PATH ?? '', PORT: '0', SOURCES: ',' },
    DATABASE_URL: `file:${join(folder, 'paperboy.db')}`,
    OUTBOX_DIR: join(folder, 'outbox'),
  };
  const from = performance.now();
  const service = spawn(process.execPath, args, { cwd: root, env });
  const { pid = 0 } = service;
  try {
    await new Promise<void>((resolve, reject) => {
      service.stderr.on('data', (text) => String(text).includes('Paperboy is up') && resolve());
      service.on('close', () => reject(new Error('it ended')));
    });
    const seconds = (performance.now() - from) / 1000;
    const { cpu } = statOf(pid);
    await sleep(idleMs);
    return { seconds, cpu, megabytes: residentMb(pid) };
  } finally {
    service.removeAllListeners('close').kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
};

const measure = async (name: string, args: readonly string[]): Promise<Start> => {
  const starts: Start[] = [];
  for (let run = 0; run < runs; run += 1) starts.push(await start(args));
  const middle = (of: (each: Start) => number): number =>
    starts.map(of).toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
  const found = {
    seconds: middle(({ seconds }) => seconds),
    cpu: middle(({ cpu }) => cpu),
    megabytes: middle(({ megabytes }) => megabytes),
  };
  print(
    `${name.padEnd(28)} up in ${found.seconds.toFixed(2)} s, ${found.cpu.toFixed(2)} s CPU; idle ${found.megabytes.toFixed(0)} MB`,
  );
  return found;
};

if (existsSync(join(root, 'dist', 'main.js'))) {
  const source = await measure('npm start (the reference)', [
    ...['--import', 'tsx', 'src/main.ts', 'serve'],
  ]);
  const compiled = await measure('npm run start:production', ['dist/main.js', 'serve']);
  print(
    `compiled ÷ reference: ${(compiled.cpu / source.cpu).toFixed(2)} of the processor time, ${(compiled.megabytes / source.megabytes).toFixed(2)} of the memory`,
  );
} else {
  print('dist/ is absent: npm run build first');
}
