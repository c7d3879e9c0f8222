import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createWeb } from '../../src/web/routes.ts';
import { type RunningServer, startServer, type Timeouts } from '../../src/web/server.ts';
import { fake, tokens } from './fakes.ts';

const servers: RunningServer[] = [];
const start = async (timeouts?: Timeouts): Promise<number> => {
  const at = { host: '127.0.0.1', port: 0 };
  const server = await startServer(createWeb(fake().deps), at, { ...(timeouts && { timeouts }) });
  servers.push(server);
  return server.port;
};
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Sends bytes as they are, and gives what comes back until the other side closes. */
const raw = (port: number, ...parts: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => {
      for (const part of parts) socket.write(part);
    });
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', () => resolve(answer));
    socket.on('close', () => resolve(answer));
  });

const get = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;

const paths = [
  ...['/', '/subscribe', '/topics', '/topics/tides', '/papers?q=tides', '/papers/2603.10001'],
  ...['/editions', '/editions/2026-03-19', '/feed.xml', '/feed.json', '/feeds.opml', '/nowhere'],
  ...['/api/trending', '/api/nothing', '/healthz', '/robots.txt', `/feeds/${tokens.feed}.xml`],
  ...[`/manage/${tokens.manage}`, `/confirm/${tokens.confirm}`, '/manage/wrong', '/digests/wrong'],
];

describe('every answer', () => {
  it.each(paths)(
    '%s forbids inline script and style, frames and guessing of types',
    async (path) => {
      const { headers } = await createWeb(fake().deps).request(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe-|\*|https?:/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('set-cookie')).toBeNull();
      expect(headers.get('strict-transport-security')).toBeNull();
    },
  );

  it.each(paths)('%s says over https that it is always to be had so', async (path) => {
    const secure = { secure: true, baseUrl: 'https://papers.example' };
    const { headers } = await createWeb(fake(secure).deps).request(path);
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
  });

  it('holds nothing that a page would have to allow inline', async () => {
    for (const path of paths) {
      const response = await createWeb(fake().deps).request(path);
      if (!response.headers.get('content-type')?.startsWith('text/html')) continue;
      const text = await response.text();
      expect(text, path).not.toMatch(/<style|<script(?![^>]* src=)|\son\w+=|\sstyle=|javascript:/i);
    }
  });
});

describe('an address made to do harm', () => {
  it.each([
    '/assets/../../package.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/style.css/../../../package.json',
    '/..%5c..%5cpackage.json',
    '//etc/passwd',
    '/outbox/..%2f..%2fpackage.json/body',
    '/editions/..%2f..%2fpackage.json',
    '/feeds/..%2f..%2fpackage.json',
    '/topics/%00/feed.xml',
    '/%',
    '/papers/%E0%A4%A',
  ])('%s leads nowhere', async (path) => {
    const port = await start();
    const answer = await raw(port, get(path));
    expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(answer).not.toContain('"dependencies"');
    expect(answer).not.toContain('root:');
  });

  it.each([
    '/papers?q=a%0d%0aSet-Cookie:%20a=b',
    '/manage/a%0d%0aSet-Cookie:%20a=b',
    '/authors/a%0d%0aSet-Cookie:%20a=b/feed.xml',
    '/papers/feed.xml?q=a%0d%0aSet-Cookie:%20a=b',
    '/api/daily_papers?date=2026-03-19&limit=1&x=a%0d%0aSet-Cookie:%20a=b',
  ])('%s puts no header into the answer', async (path) => {
    const port = await start();
    const [head = ''] = (await raw(port, get(path))).split('\r\n\r\n');
    expect(head.toLowerCase()).not.toContain('\r\nset-cookie');
  });

  it('is refused when it has no end', async () => {
    const port = await start();
    expect(await raw(port, get(`/papers?q=${'x'.repeat(40_000)}`))).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('is not taken for two requests where lengths contradict each other', async () => {
    const port = await start();
    const smuggled =
      'POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n' +
      get('/healthz');
    const answer = await raw(port, smuggled);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});

describe('a caller who dawdles', () => {
  const short: Timeouts = { headersMs: 300, requestMs: 600, idleMs: 600, checkMs: 50 };

  it('over the head of a request is sent away', async () => {
    const port = await start(short);
    expect(await raw(port, 'GET / HTTP/1.1\r\nHost: x\r\n')).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });

  it('over its body is sent away', async () => {
    const port = await start(short);
    const head = 'POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n';
    expect(await raw(port, head, 'email=')).not.toContain('200 OK');
  });

  it('holds nobody else up', async () => {
    const port = await start();
    const slow = Array.from({ length: 50 }, () => connect(port, '127.0.0.1'));
    for (const socket of slow) socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    const begun = performance.now();
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect(answer.status).toBe(200);
    expect(performance.now() - begun).toBeLessThan(2_000);
    for (const socket of slow) socket.destroy();
  });
});
