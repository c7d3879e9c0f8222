import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { WebDeps } from '../../src/web/deps.ts';
import { createPublicCache } from '../../src/web/public-cache.ts';
import { createWeb } from '../../src/web/routes.ts';
import { startServer } from '../../src/web/server.ts';
import { fake, now, tokens } from './fakes.ts';

const longText = `<rss>${'Slow gardens. '.repeat(200)}</rss>`;
const longFeed: Partial<WebDeps> = {
  feed: () => ({ kind: 'ok', body: longText, contentType: 'application/rss+xml; charset=utf-8' }),
};
const web = createWeb(fake(longFeed).deps);
const etag = (await web.request('/feed.xml')).headers.get('etag') ?? '';
const strong = etag.slice(2);
const modified = new Date(now).toUTCString();
const [before, after] = [-86_400_000, 86_400_000].map((ms) =>
  new Date(now.getTime() + ms).toUTCString(),
);

it('an answer that may be kept still comes when nobody can tell whether it is of today', async () => {
  let [broken, at] = [false, now.getTime()];
  const clock = () => new Date(at);
  const cache = createPublicCache(() => {
    if (broken) throw new Error('the disk cannot be read');
    return 'one';
  });
  const app = createWeb({ ...fake(longFeed).deps, clock }, cache);
  const server = await startServer(
    app,
    { host: '127.0.0.1', port: 0 },
    { front: { cache, clock } },
  );
  const ask = async () => (await fetch(`http://127.0.0.1:${server.port}/feed.xml`)).status;
  expect(await ask()).toBe(200);
  broken = true;
  at += 2_000;
  // An exception in front of the routes would end the process.
  expect(await ask()).toBe(500);
  broken = false;
  expect(await ask()).toBe(200);
  await server.close();
});

describe('an answer that is everybody’s', () => {
  it.each([
    [{}, 200],
    [{ 'if-none-match': etag }, 304],
    [{ 'if-none-match': strong }, 304],
    [{ 'if-none-match': `"other", ${etag} , "third"` }, 304],
    [{ 'if-none-match': `"a,b",${strong}` }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-none-match': strong.replaceAll('"', '') }, 200],
    [{ 'if-none-match': '' }, 200],
    [{ 'if-modified-since': modified }, 304],
    [{ 'if-modified-since': after }, 304],
    [{ 'if-modified-since': before }, 200],
    [{ 'if-modified-since': 'yesterday' }, 200],
    [{ 'if-none-match': '"other"', 'if-modified-since': after }, 200],
    [{ 'if-none-match': etag, 'if-modified-since': before }, 304],
  ])('asked with %j is %d', async (headers, status) => {
    for (const method of ['GET', 'HEAD']) {
      const response = await web.request('/feed.xml', { method, headers } as RequestInit);
      expect(response.status).toBe(status);
      expect((await response.text()) === '').toBe(status === 304 || method === 'HEAD');
      // What RFC 9110 §15.4.5 has a 304 repeat.
      expect(response.headers.get('etag')).toBe(etag);
      expect(response.headers.get('cache-control')).toBe('public, max-age=600');
      expect(response.headers.get('vary')).toBe('Accept-Encoding');
    }
  });

  it.each([
    [undefined, null],
    ['', null],
    ['identity', null],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['br', 'br'],
    ['gzip, deflate, br', 'br'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['BR;Q=0.9', 'br'],
    ['*', 'br'],
    ['*;q=0', null],
    ['gzip;q=0, *', 'br'],
    ['identity, gzip;q=0.5', null],
    ['zstd, compress', null],
    ['gzip;q=nonsense', null],
  ])('to Accept-Encoding %j is coded as %j', async (accepted, coding) => {
    const headers = accepted === undefined ? {} : { 'accept-encoding': accepted };
    const response = await web.request('/feed.xml', { headers } as RequestInit);
    expect(response.headers.get('content-encoding')).toBe(coding);
    expect(response.headers.get('vary')).toBe('Accept-Encoding');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    const decode: Record<string, (bytes: Buffer) => Buffer> = {
      br: brotliDecompressSync,
      gzip: gunzipSync,
      identity: (x: Buffer) => x,
    };
    expect(decode[coding ?? 'identity']?.(bytes).toString()).toBe(longText);
  });

  it('is made once, and again when its time is over or its data have changed', async () => {
    const state = { at: now.getTime(), version: 'a', made: 0 };
    const { deps } = fake({
      clock: () => new Date(state.at),
      contentVersion: () => state.version,
      feed: () => {
        state.made += 1;
        return { kind: 'ok', body: `${state.version}${longText}`, contentType: 'text/xml' };
      },
    });
    const site = createWeb(deps);
    const madeAt = async (ms: number): Promise<number> => {
      state.at = now.getTime() + ms;
      await site.request('/feed.xml');
      return state.made;
    };
    expect(await madeAt(0)).toBe(1);
    expect(await madeAt(599_999)).toBe(1);
    expect(await madeAt(600_000)).toBe(2);
    // Made again with the same bytes, it has not been modified since.
    expect((await site.request('/feed.xml')).headers.get('last-modified')).toBe(modified);
    state.version = 'b';
    expect(await madeAt(601_000)).toBe(3);
    const { headers } = await site.request('/feed.xml');
    expect(headers.get('last-modified')).toBe(new Date(now.getTime() + 601_000).toUTCString());
  });

  it('says how long it may be kept from the moment it is sent', async () => {
    let at = now.getTime();
    const site = createWeb(fake({ ...longFeed, clock: () => new Date(at) }).deps);
    await site.request('/feed.xml');
    at += 400_000;
    const { headers } = await site.request('/feed.xml');
    expect(headers.get('cache-control')).toBe('public, max-age=200');
  });
});

describe('what is not everybody’s', () => {
  it('is never kept, but a reader’s own feed is conditional all the same', async () => {
    let made = 0;
    const { deps } = fake({
      feed: () => {
        made += 1;
        return { kind: 'ok', body: longText, contentType: 'text/xml' };
      },
    });
    const site = createWeb(deps);
    const path = `/feeds/${tokens.feed}.xml`;
    const first = await site.request(path);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    const second = await site.request(path, { headers });
    expect([second.status, made]).toEqual([304, 2]);
  });

  it.each(['/healthz', '/manage/wrong', '/nowhere', '/papers/feed.xml?q='])(
    '%s passes untouched',
    async (path) => {
      const { headers } = await web.request(path, { headers: { 'if-none-match': '*' } });
      expect(headers.get('etag')).toBeNull();
    },
  );
});

describe('the cache of such answers', () => {
  it('keeps within its bounds, and what was asked for last', async () => {
    const cache = createPublicCache(() => '1', 40_000);
    const site = createWeb(fake().deps, cache);
    for (let n = 0; n < 100; n += 1) {
      await site.request(`/papers/feed.xml?q=w${n}`);
      await site.request('/feed.xml');
    }
    const kept = Array.from({ length: 100 }, (_, n) =>
      cache.find(`/papers/feed.xml?q=w${n}`, now.getTime()),
    );
    const count = kept.filter((entry) => entry !== undefined).length;
    expect(count).toBeGreaterThan(3);
    expect(count).toBeLessThan(20);
    expect(kept.at(-1)).toBeDefined();
    expect(cache.find('/feed.xml', now.getTime())).toBeDefined();
  });
});

describe('the front', () => {
  const paths = [
    '/',
    '/feed.xml',
    '/topics/cs.CL',
    '/api/trending?limit=2',
    '/feeds.opml',
    '/nope',
  ];
  const asked = [
    ['GET', {}],
    ['HEAD', {}],
    ['GET', { 'accept-encoding': 'gzip' }],
    ['GET', { 'accept-encoding': 'br;q=0.9, gzip;q=0.1' }],
    ['GET', { 'if-none-match': '*' }],
    ['HEAD', { 'if-none-match': '"other"', 'accept-encoding': 'br' }],
    ['GET', { 'if-modified-since': after ?? '' }],
    ['POST', {}],
  ] as const;

  it('answers as the routes behind it do, header for header', async () => {
    const { deps } = fake(longFeed);
    const cache = createPublicCache(deps.contentVersion);
    const site = createWeb(deps, cache);
    const at = { host: '127.0.0.1', port: 0 };
    const plain = await startServer(createWeb(deps), at);
    const fronted = await startServer(site, at, { front: { cache, clock: deps.clock } });
    try {
      for (const path of paths) {
        for (const [method, headers] of asked) {
          const [behind, inFront] = await Promise.all(
            [plain, fronted].map(({ port }) => answerOf(port, path, method, headers)),
          );
          expect(inFront, `${method} ${path} ${JSON.stringify(headers)}`).toEqual(behind);
        }
      }
      expect(cache.find('/feed.xml', now.getTime())).toBeDefined();
    } finally {
      await Promise.all([plain.close(), fronted.close()]);
    }
  });
});

const answerOf = async (
  port: number,
  path: string,
  method: string,
  headers: Readonly<Record<string, string>>,
) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers });
  const all = [...response.headers].filter(([name]) => name !== 'date');
  return { status: response.status, headers: all, body: await response.text() };
};
