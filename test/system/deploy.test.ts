/** The files of `deploy/`, read by the programs they are for. Needs nginx, caddy and systemd. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '../cli/paperboy.ts';

const folder = mkdtempSync(join(tmpdir(), 'paperboy-deploy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (command: string, args: readonly string[]) => {
  const ended = spawnSync(command, args, { encoding: 'utf8' });
  if (ended.error) throw new Error(`${command} is needed here: ${ended.error.message}`);
  return { code: ended.status, output: ended.stdout + ended.stderr };
};

/** nginx's example with this folder's certificate and log, and with free ports. */
const nginxSite = (ports: { readonly http: number; readonly tls: number; readonly to: number }) => {
  const key = join(folder, 'key.pem');
  const certificate = join(folder, 'certificate.pem');
  const subject = ['-subj', '/CN=papers.example.org', '-days', '2'];
  run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate],
    ...subject,
  ]);
  const site = readFileSync('deploy/nginx.conf', 'utf8')
    .replace(/\/etc\/letsencrypt\S*fullchain\.pem/, certificate)
    .replace(/\/etc\/letsencrypt\S*privkey\.pem/, key)
    .replaceAll('/var/log/nginx', folder)
    .replaceAll(/^ *listen \[::\].*\n/gm, '')
    .replace('listen 80;', `listen 127.0.0.1:${ports.http};`)
    .replace('listen 443 ', `listen 127.0.0.1:${ports.tls} `)
    .replace('127.0.0.1:3000', `127.0.0.1:${ports.to}`);
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; events {} error_log ${folder}/error.log; pid ${folder}/pid; http {\n${site}\n}`,
  );
  return file;
};

// Not the synchronous way: the service behind nginx answers in this process.
const curl = async (url: string, tls: number): Promise<string> => {
  const { stdout } = await promisify(execFile)('curl', [
    ...['-sk', '-m', '10', '--resolve', `papers.example.org:${tls}:127.0.0.1`],
    ...['-w', '\n%{http_code}', '-H', 'X-Forwarded-For: 6.6.6.6', url],
  ]).catch(() => ({ stdout: '' }));
  return stdout.trim();
};

describe('nginx', () => {
  it('takes the example, and it passes on what it should and keeps back the rest', async () => {
    const seen: IncomingMessage[] = [];
    const service = createServer((request, response) => {
      seen.push(request);
      response.end('from the service');
    }).listen(0, '127.0.0.1');
    await once(service, 'listening');
    const [http, tls] = [await freePort(), await freePort()];
    const file = nginxSite({ http, tls, to: (service.address() as AddressInfo).port });
    expect(run('nginx', ['-t', '-c', file])).toMatchObject({ code: 0 });

    const nginx = spawn('nginx', ['-c', file]);
    const at = `https://papers.example.org:${tls}`;
    for (let tries = 0; !(await curl(`${at}/up`, tls)).includes('from the service'); tries += 1) {
      if (tries > 100) throw new Error(readFileSync(join(folder, 'error.log'), 'utf8'));
      await sleep(50);
    }
    expect(await curl(`${at}/unsubscribe/s3cret`, tls)).toBe('from the service\n200');
    expect(seen.at(-1)?.headers).toMatchObject({
      host: 'papers.example.org',
      'x-forwarded-for': '6.6.6.6, 127.0.0.1',
    });
    const before = seen.length;
    expect(await curl(`${at}/metrics`, tls)).toContain('404');
    expect(await curl(`${at}/readyz`, tls)).toContain('404');
    expect(seen.length).toBe(before);
    nginx.kill('SIGTERM');
    await once(nginx, 'close');
    service.close();
    const log = readFileSync(join(folder, 'paperboy.log'), 'utf8');
    expect(log).toContain('GET /unsubscribe/...');
    expect(log).not.toContain('s3cret');
  });
});

it('Caddy takes the example', () => {
  const args = ['validate', '--adapter', 'caddyfile', '--config', 'deploy/Caddyfile'];
  expect(run('caddy', args)).toMatchObject({ code: 0 });
});

it('systemd takes the unit, and finds little that the service could do to the machine', () => {
  const unit = readFileSync('deploy/paperboy.service', 'utf8');
  const file = join(folder, 'paperboy.service');
  // Verifying looks for the program too, and node need not stand where it stands on a server.
  writeFileSync(file, unit.replace('/usr/bin/node', process.execPath));
  expect(run('systemd-analyze', ['verify', file])).toEqual({ code: 0, output: '' });
  const { output } = run('systemd-analyze', ['security', '--offline=true', file]);
  expect(Number(/exposure level for \S+: ([\d.]+)/.exec(output)?.[1])).toBeLessThan(2);
});

describe('the container', () => {
  const dockerfile = readFileSync('deploy/Dockerfile', 'utf8');

  it('copies only what is there and what .dockerignore lets in', () => {
    const ignored = readFileSync('.dockerignore', 'utf8');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, names = '']) => names.split(' '),
    );
    expect(copied.length).toBeGreaterThan(5);
    for (const name of copied) {
      expect(existsSync(name), name).toBe(true);
      expect(ignored).toContain(`!${name.replace(/^\.\//, '')}\n`);
    }
  });

  it('does not run as root, and the composition builds it', () => {
    const last = dockerfile.split(/^FROM /m).at(-1) ?? '';
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
    const { services } = parse(readFileSync('deploy/compose.yaml', 'utf8'));
    expect(services.paperboy.build).toEqual({ context: '..', dockerfile: 'deploy/Dockerfile' });
    expect(services.paperboy.environment.SMTP_URL).toContain('//mail:');
    expect(Object.keys(services)).toContain('mail');
  });
});

it("Litestream's file says what it should", () => {
  const { dbs } = parse(readFileSync('deploy/litestream.yml', 'utf8'));
  expect(dbs).toHaveLength(1);
  const unit = readFileSync('deploy/paperboy.service', 'utf8');
  expect(unit).toContain(`DATABASE_URL=file:${dbs[0].path}`);
  expect(dbs[0].replicas[0]).toMatchObject({ type: 's3', 'sync-interval': '1s' });
});
