import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebDeps } from '../../src/web/deps.ts';
import { createWeb } from '../../src/web/routes.ts';
import { type RunningServer, startServer } from '../../src/web/server.ts';
import { email, fake, mail } from './fakes.ts';

const servers: RunningServer[] = [];
const start = async (over: Partial<WebDeps> = {}) => {
  const made = fake(over);
  const server = await startServer(createWeb(made.deps), { host: '127.0.0.1', port: 0 });
  servers.push(server);
  return { ...server, changes: made.changes, url: `http://127.0.0.1:${server.port}` };
};
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close().catch(() => undefined);
});

describe('the server', () => {
  it('serves pages, compressed where the caller likes, and answers HEAD without a body', async () => {
    const { url } = await start();
    const page = await fetch(url);
    expect(page.headers.get('content-encoding')).toBe('gzip');
    expect(await page.text()).toContain('</html>');
    const head = await fetch(url, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
  });

  it('says in plain words that a port is taken', async () => {
    const { port } = await start();
    const again = startServer(createWeb(fake().deps), { host: '127.0.0.1', port });
    await expect(again).rejects.toThrow(`port ${port} on 127.0.0.1 is taken`);
  });

  it('finishes what is under way when it stops', async () => {
    let release = () => {};
    let arrived = () => {};
    const waiting = new Promise<void>((resolve) => {
      release = resolve;
    });
    const reached = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const server = await start({
      outboxDir: 'outbox',
      listOutbox: async () => {
        arrived();
        await waiting;
        return [];
      },
    });
    const answer = fetch(`${server.url}/outbox`);
    await reached;
    const closed = server.close();
    release();
    expect((await answer).status).toBe(200);
    await closed;
    await expect(fetch(server.url)).rejects.toThrow();
  });

  it.each([
    ['a length given', (body: string) => body],
    ['a stream', (body: string) => new Blob([body]).stream()],
  ])('refuses a form of more than 64 KB, with %s', async (_, bodyOf) => {
    const { url, changes } = await start();
    const response = await fetch(`${url}/subscribe`, {
      method: 'POST',
      body: bodyOf(`email=${'a'.repeat(70_000)}`),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(changes).toEqual([]);
  });

  it('takes a broken multipart body for an empty form', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/subscribe`, {
      method: 'POST',
      body: 'no boundary here',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    });
    expect(response.status).toBe(422);
  });
});

describe('the outbox', () => {
  const outbox = { outboxDir: 'outbox' };

  it('is shown to a person on this machine', async () => {
    const { url } = await start(outbox);
    expect(await (await fetch(`${url}/outbox`)).text()).toContain(mail.subject);
    const page = await fetch(`${url}/outbox/${mail.name}`);
    const text = await page.text();
    expect(text).toContain(`to ${email}`.replace('to', 'To'));
    expect(text).toContain(`src="/outbox/${mail.name}/body" sandbox="allow-popups`);
    expect(page.headers.get('content-security-policy')).toContain("frame-src 'self'");
    const body = await fetch(`${url}/outbox/${mail.name}/body`);
    const csp = body.headers.get('content-security-policy') ?? '';
    expect(csp).toContain("frame-ancestors 'self'");
    expect(csp).not.toMatch(/script-src|allow-scripts|allow-same-origin/);
    expect(await body.text()).toContain('<base target="_top">');
    expect((await fetch(`${url}/outbox/..%2f..%2fetc%2fpasswd`)).status).toBe(404);
  });

  it('is not there when mail is really sent, behind a proxy, or on a public address', async () => {
    const sending = await start();
    expect((await fetch(`${sending.url}/outbox`)).status).toBe(404);
    const here = await start(outbox);
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) {
      const response = await fetch(`${here.url}/outbox`, { headers: { [name]: '127.0.0.1' } });
      expect(response.status).toBe(404);
    }
    const live = await start({ ...outbox, baseUrl: 'https://papers.example.org' });
    expect((await fetch(`${live.url}/outbox/${mail.name}/body`)).status).toBe(404);
  });

  it('is not there for a foreign name that leads to this machine', async () => {
    const { port } = await start(outbox);
    const answer = await raw(
      port,
      'GET /outbox HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 404/);
    expect(answer).not.toContain(mail.subject);
  });

  it('is offered after subscribing, where it can be seen', async () => {
    const here = await start(outbox);
    const body = () => new URLSearchParams({ email, topics: 'tides' });
    const seen = await fetch(`${here.url}/subscribe`, { method: 'POST', body: body() });
    expect(await seen.text()).toContain('href="/outbox"');
    const live = await start();
    const unseen = await fetch(`${live.url}/subscribe`, { method: 'POST', body: body() });
    expect(await unseen.text()).not.toContain('href="/outbox"');
  });
});

const raw = (port: number, request: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.on('data', (chunk) => {
      answer += chunk.toString('utf8');
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
