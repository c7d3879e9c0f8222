/** `npm run build` and what it makes: a service that is up soon and small. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { freePort, makePlace } from '../cli/paperboy.ts';

const samples = ['src/sample/page-papers.jsonl', 'src/sample/recent-papers.jsonl'];
const preview = ['digest', 'preview', '--topics', 'all', '--format', 'html'];

describe('the compiled service', () => {
  beforeAll(() => {
    execFileSync('npm', ['run', '-s', 'build']);
  });

  it('is up, answers, stays under 150 MB when idle, and stops cleanly', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'paperboy-production-'));
    const port = await freePort();
    const service = spawn(process.execPath, ['dist/main.js', 'serve'], {
      env: {
        ...{ PATH: process.env.PATH, PORT: String(port), SOURCES: ',' },
        DATABASE_URL: `file:${join(folder, 'paperboy.db')}`,
        OUTBOX_DIR: join(folder, 'outbox'),
      },
    });
    let said = '';
    for (const stream of [service.stdout, service.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    try {
      const url = `http://127.0.0.1:${port}`;
      const until = Date.now() + 20_000;
      let page = '';
      while (!page.includes('https://arxiv.org/abs/')) {
        if (Date.now() > until) throw new Error('no papers in time');
        await sleep(100);
        page = await fetch(`${url}/`).then(
          (answer) => answer.text(),
          () => '',
        );
      }
      expect(page).toContain('action="/subscribe"');
      await sleep(2_000);
      const status = readFileSync(`/proc/${service.pid}/status`, 'utf8');
      expect(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024).toBeLessThan(150);
      service.kill('SIGTERM');
      expect(await once(service, 'close'), said).toEqual([0, null]);
    } finally {
      service.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('makes the same mails, by the layouts set when it was built', async () => {
    const place = makePlace();
    await place.run(['import', ...samples]);
    const env = {
      ...{ PATH: process.env.PATH ?? '', SECRET: 's'.repeat(40), LOG_LEVEL: 'warn' },
      DATABASE_URL: `file:${join(place.folder, 'data', 'paperboy.db')}`,
    };
    const source = await place.run(preview, { env });
    // All it needs and nothing else, MJML left out.
    const folder = mkdtempSync(join(tmpdir(), 'paperboy-production-'));
    for (const name of ['dist', 'migrations', 'templates'])
      cpSync(name, join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    mkdirSync(join(folder, 'node_modules'));
    for (const name of readdirSync('node_modules').filter((each) => each !== 'mjml'))
      symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
    const compiled = spawnSync(process.execPath, ['dist/main.js', ...preview], {
      ...{ cwd: folder, env, encoding: 'utf8' },
    });
    place.remove();
    rmSync(folder, { recursive: true, force: true });
    expect([compiled.status, compiled.stderr]).toEqual([0, '']);
    expect(compiled.stdout).toContain('arxiv.org/abs/');
    expect(compiled.stdout).toBe(source.stdout);
  });
});
