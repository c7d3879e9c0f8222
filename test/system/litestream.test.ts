/**
 * The service under a real Litestream by the file of `deploy/`, its bucket become a folder: what was
 * committed is in the copy, and the copy serves readers. `LITESTREAM` names the program; without it
 * `litestream` is looked for on the path.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { documentOf, freePort, logged, makePlace, type Place } from '../cli/paperboy.ts';

const program = process.env.LITESTREAM ?? 'litestream';

let place: Place;
const running = new Set<ChildProcess>();
beforeEach(() => {
  place = makePlace();
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  place.remove();
});

const paper = (n: number) =>
  JSON.stringify({
    ...{ arxivId: `2603.1000${n}`, title: `Quiet Owls, Part ${n}`, categories: ['cs.CL'] },
    ...{ abstract: 'We count owls by night.', authors: ['Ada Example'], listedOn: '2026-03-17' },
  });

/** Our file with this place's database and a folder instead of the bucket. */
const settings = (live: string): string => {
  const shipped = readFileSync('deploy/litestream.yml', 'utf8');
  const text = shipped
    .replace(/^( +- path:) \/var\/\S+$/m, `$1 ${live}`)
    .replace(/^( +- type:) s3$/m, '$1 file')
    .replace(/^( +path:) paperboy$/m, `$1 ${join(place.folder, 'bucket')}`);
  const lines = shipped.split('\n');
  expect(text.split('\n').filter((line, at) => line !== lines[at])).toHaveLength(3);
  return place.file('litestream.yml', text);
};

/** Starts copying, and waits for the first whole copy. */
const replicate = async (config: string): Promise<ChildProcess> => {
  const child = spawn(program, ['replicate', '-config', config], { stdio: 'ignore' });
  running.add(child);
  let ended = '';
  child.on('error', ({ message }) => {
    ended = `${message}: it is needed here, or LITESTREAM names it`;
  });
  child.on('close', (code) => {
    ended ||= `it ended with ${code}`;
  });
  const bucket = join(place.folder, 'bucket');
  for (let tries = 0; ended === '' && tries < 150; tries += 1) {
    const names = existsSync(bucket) ? readdirSync(bucket, { recursive: true }) : [];
    // By 0.3 a snapshot, by 0.5 a file of a level.
    if (names.some((name) => /\.(?:snapshot\.lz4|ltx)$/.test(String(name)))) return child;
    await sleep(100);
  }
  throw new Error(`${program} makes no copy: ${ended}`);
};

const countPapers = (file: string): number => {
  const db = new Database(file, { readonly: true });
  try {
    return db.prepare('select count(*) from papers').pluck().get() as number;
  } finally {
    db.close();
  }
};

it('a copy holds what was committed a second ago, and serves readers', {
  timeout: 120_000,
}, async () => {
  documentOf(await place.run(['import', '-', '--json'], { input: paper(1) }));
  const env = { SOURCES: ',', LOG_LEVEL: 'info' };
  const service = place.start(['serve'], { ...env, PORT: String(await freePort()) });
  await logged(service, 'Paperboy is up');
  const live = join(place.folder, 'data', 'paperboy.db');
  const config = settings(live);
  const litestream = await replicate(config);

  // Written while it copies, by the service's side, into a log that is not taken in.
  for (const n of [2, 3])
    documentOf(await place.run(['import', '-', '--json'], { input: paper(n) }));
  expect(existsSync(`${live}-wal`)).toBe(true);
  const copy = join(place.folder, 'copy', 'paperboy.db');
  mkdirSync(join(copy, '..'));
  const restore = (): number => {
    const file = join(place.folder, `look-${performance.now()}.db`);
    execFileSync(program, ['restore', '-config', config, '-o', file, live], { stdio: 'pipe' });
    return countPapers(file);
  };
  await expect.poll(restore, { timeout: 15_000, interval: 500 }).toBe(3);

  // The machine is lost.
  service.kill('SIGKILL');
  litestream.kill('SIGKILL');
  await once(litestream, 'close');
  execFileSync(program, ['restore', '-config', config, '-o', copy, live], { stdio: 'pipe' });
  copyFileSync(join(place.folder, 'data', 'secret'), join(place.folder, 'copy', 'secret'));

  const there = { ...env, DATABASE_URL: `file:${copy}`, PORT: String(await freePort()) };
  const found = await place.run(['doctor', '--only', 'database', '--json', '--read-only'], {
    env: there,
  });
  expect(JSON.parse(found.stdout)).toMatchObject([{ level: 'ok' }]);
  const before = readFileSync(copy);
  const reader = place.start(['serve', '--read-only'], there);
  await logged(reader, 'Paperboy is up, and writes nothing');
  const at = (path: string) => fetch(`http://127.0.0.1:${there.PORT}${path}`);
  expect(await (await at('/papers/2603.10003')).text()).toContain('Quiet Owls, Part 3');
  expect(await (await at('/feed.xml')).text()).toContain('Quiet Owls, Part 1');
  expect((await at('/api/search?q=owls')).status).toBe(200);
  const form = { method: 'POST', body: new URLSearchParams({ email: 'ada@readers.example' }) };
  expect((await fetch(`http://127.0.0.1:${there.PORT}/subscribe`, form)).status).toBe(503);
  reader.kill('SIGTERM');
  expect(await once(reader, 'close')).toEqual([0, null]);
  expect(readFileSync(copy).equals(before)).toBe(true);

  // And as the database of a new service, which takes over where the lost one was.
  const heir = place.start(['serve'], there);
  await logged(heir, 'Paperboy is up');
  expect((await at('/papers/2603.10003')).status).toBe(200);
  heir.kill('SIGTERM');
  expect(await once(heir, 'close')).toEqual([0, null]);
});
