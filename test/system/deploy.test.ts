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
import { parseConfig, settingNames } from '../../src/config.ts';
import { freePort } from '../cli/paperboy.ts';
import { readDockerfile, readEnv } from './dockerfile.ts';

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
    await curl(`${at}/react/s3cret/2603.00001`, tls);
    const before = seen.length;
    expect(await curl(`${at}/metrics`, tls)).toContain('404');
    expect(await curl(`${at}/readyz`, tls)).toContain('404');
    expect(seen.length).toBe(before);
    nginx.kill('SIGTERM');
    await once(nginx, 'close');
    service.close();
    const log = readFileSync(join(folder, 'paperboy.log'), 'utf8');
    expect(log).toContain('GET /unsubscribe/...');
    expect(log).toContain('GET /react/...');
    expect(log).not.toContain('s3cret');
  });
});

it('Caddy takes the example', () => {
  const args = ['validate', '--adapter', 'caddyfile', '--config', 'deploy/Caddyfile'];
  expect(run('caddy', args)).toMatchObject({ code: 0 });
});

it('commands get the settings of the unit and of its file', () => {
  const unit = readFileSync('deploy/paperboy.service', 'utf8');
  const script = readFileSync('deploy/paperboy', 'utf8');
  for (const [, setting = ''] of unit.matchAll(/^Environment=(.+)$/gm))
    expect(script.split('\n')).toContain(setting);
  const file = join(folder, 'paperboy');
  const settings = join(folder, 'paperboy.env');
  writeFileSync(
    settings,
    '# $(false)\nSMTP_URL=smtp://u:pa$$w&d@mail.example\nMAIL_FROM="Papers <p@example.org>"\n',
  );
  // As the service's user already, and with the program in place of the one that is installed.
  const shown = `process.stdout.write(JSON.stringify([process.env.DATABASE_URL, process.env.MAIL_FROM, process.env.SMTP_URL, process.argv.slice(1)]))`;
  writeFileSync(
    file,
    script
      .replace('$(id -u)', '1')
      .replace('/etc/paperboy.env', settings)
      .replace('cd /opt/paperboy', 'cd /')
      .replace('/usr/bin/node dist/main.js', `${process.execPath} -e '${shown}' --`),
    { mode: 0o755 },
  );
  const { code, output } = run(file, ['suppressions', 'add', 'a b']);
  expect([code, JSON.parse(output)]).toEqual([
    0,
    [
      'file:/var/lib/paperboy/paperboy.db',
      'Papers <p@example.org>',
      'smtp://u:pa$$w&d@mail.example',
      ['suppressions', 'add', 'a b'],
    ],
  ]);
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

  it('does not run as root', () => {
    const last = dockerfile.split(/^FROM /m).at(-1) ?? '';
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
  });
});

describe('the composition', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the document is looked into everywhere
  const composition = parse(readFileSync('deploy/compose.yaml', 'utf8')) as any;
  const { services, volumes } = composition;

  it('has nothing but what Compose knows, and leads to nothing that is not there', () => {
    expect(Object.keys(composition).toSorted()).toEqual(['services', 'volumes']);
    // https://github.com/compose-spec/compose-spec/blob/main/05-services.md
    const known = [
      ...['build', 'cap_drop', 'depends_on', 'environment', 'image', 'ports', 'read_only'],
      ...['restart', 'security_opt', 'stop_grace_period', 'tmpfs', 'volumes'],
    ];
    for (const [name, service] of Object.entries<Record<string, unknown>>(services)) {
      expect(Object.keys(service).filter((key) => !known.includes(key))).toEqual([]);
      expect(
        ['build', 'image'].filter((key) => key in service),
        name,
      ).toHaveLength(1);
      for (const other of (service['depends_on'] ?? []) as string[])
        expect(Object.keys(services)).toContain(other);
      // Open to this machine alone.
      for (const port of (service['ports'] ?? []) as string[])
        expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
      for (const mount of (service['volumes'] ?? []) as string[])
        expect(Object.keys(volumes)).toContain(mount.split(':')[0]);
    }
    const { context, dockerfile } = services.paperboy.build;
    expect(existsSync(join('deploy', context, dockerfile))).toBe(true);
  });

  it('runs the image with settings it takes, and lets mails in flight come to their end', () => {
    const image = readDockerfile(readFileSync('deploy/Dockerfile', 'utf8'))
      .filter(({ name }) => name === 'ENV')
      .map(({ rest }) => readEnv(rest));
    const { environment, volumes: mounts, read_only: readOnly, ports } = services.paperboy;
    for (const name of Object.keys(environment)) expect(settingNames).toContain(name);
    const parsed = parseConfig(Object.assign({}, ...image, environment));
    if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('\n'));
    // What the image writes lies in the volume, since all else of it cannot be written to.
    const { databaseFile, outboxDir, port, mail } = parsed.config;
    expect([readOnly, mounts]).toEqual([true, ['data:/data']]);
    expect([databaseFile, outboxDir].every((path) => path.startsWith('/data/'))).toBe(true);
    expect(ports[0]).toBe(`127.0.0.1:3000:${port}`);
    expect(new URL(mail.smtpUrl ?? '').hostname).toBe('mail');
    expect(Number.parseInt(services.paperboy.stop_grace_period, 10)).toBeGreaterThanOrEqual(60);
  });
});

it('the environment of the unit is made of settings', () => {
  const unit = readFileSync('deploy/paperboy.service', 'utf8');
  const names = [...unit.matchAll(/^#?Environment=(\w+)=/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) expect([...settingNames, 'NODE_ENV']).toContain(name);
});

it('the file for Litestream says the same to its old and new versions', () => {
  const { dbs, snapshot, ...rest } = parse(readFileSync('deploy/litestream.yml', 'utf8'));
  expect([Object.keys(rest), dbs.length]).toEqual([[], 1]);
  const unit = readFileSync('deploy/paperboy.service', 'utf8');
  expect(unit).toContain(`DATABASE_URL=file:${dbs[0].path}`);
  const [replica, ...others] = dbs[0].replicas;
  // Newer versions refuse a second one.
  expect(others).toEqual([]);
  expect(replica).toMatchObject({ type: 's3', 'sync-interval': '1s' });
  expect(snapshot).toEqual({
    interval: replica['snapshot-interval'],
    retention: replica['retention'],
  });
  // https://litestream.io/reference/config/
  const known = [
    ...['type', 'bucket', 'path', 'region', 'sync-interval', 'snapshot-interval', 'retention'],
    'retention-check-interval',
  ];
  expect(Object.keys(replica).filter((key) => !known.includes(key))).toEqual([]);
});
