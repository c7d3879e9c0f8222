import { describe, expect, it } from 'vitest';
import { createWeb } from '../../src/web/routes.ts';
import { fake, tokens } from './fakes.ts';

const web = createWeb(fake().deps);

describe('feeds', () => {
  it.each([
    ['/feed.xml', { kind: 'everything', format: 'rss' }],
    ['/feed.atom', { kind: 'everything', format: 'atom' }],
    ['/feed.json', { kind: 'everything', format: 'json' }],
    ['/feed.xml?by=day', { kind: 'everything', format: 'rss', by: 'day' }],
    ['/topics/cs.CL/feed.xml', { kind: 'topic', slug: 'cs.CL', format: 'rss' }],
    ['/topics/gardens/feed.json', { kind: 'topic', slug: 'gardens', format: 'json' }],
    ['/papers/feed.atom?q=%22a%20b%22', { kind: 'query', query: '"a b"', format: 'atom' }],
    ['/authors/Bo%20Sample/feed.xml', { kind: 'author', name: 'Bo Sample', format: 'rss' }],
    ['/authors/A%2FB%20%C3%89/feed.atom', { kind: 'author', name: 'A/B É', format: 'atom' }],
    ['/editions/feed.json', { kind: 'editions', format: 'json' }],
    [`/feeds/${tokens.feed}.json`, { kind: 'reader', token: tokens.feed, format: 'json' }],
  ])('%s is the feed of %j', async (path, asked) => {
    const response = await web.request(path);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(
      `<rss>${JSON.stringify({ ...asked, by: 'by' in asked ? 'day' : 'paper' })}</rss>`,
    );
  });

  it('say where a query goes wrong, and when there is no such feed', async () => {
    const bad = await web.request('/papers/feed.xml?q=moss+(fern');
    expect(bad.status).toBe(400);
    expect(await bad.text()).toContain('at character 6');
    expect((await web.request('/topics/nowhere/feed.xml')).status).toBe(404);
    expect((await web.request('/feeds/wrong.xml')).status).toBe(404);
    expect((await web.request(`/feeds/${tokens.feed}.rdf`)).status).toBe(404);
  });

  it.each(['', '?q=', '?q=%20', `?q=${'x'.repeat(501)}`])(
    'refuse the query %j in the same words as the API',
    async (search) => {
      const feed = await web.request(`/papers/feed.xml${search}`);
      const api = await web.request(`/api/search${search}`);
      expect([feed.status, api.status]).toEqual([400, 400]);
      const { error } = (await api.json()) as { error: { message: string } };
      expect(await feed.text()).toBe(`${error.message}\n`);
    },
  );

  it('tell nothing of readers’ own queries: one that some reader has is as unknown as any', async () => {
    for (const path of ['/topics/own-7', '/topics/own-7/feed.xml', '/api/trending?topic=own-7']) {
      const other = path.replace('own-7', 'query:unheard');
      const [known, unknown] = await Promise.all([web.request(path), web.request(other)]);
      expect([known.status, unknown.status]).toEqual([404, 404]);
    }
  });

  it('keep a reader’s own feed out of shared caches and other sites’ logs', async () => {
    for (const token of [tokens.feed, 'wrong']) {
      const { headers } = await web.request(`/feeds/${token}.xml`);
      expect(headers.get('cache-control')).toMatch(/^(private, no-cache|no-store)$/);
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-robots-tag')).toBe('noindex');
    }
  });

  it('may be kept until the next tenth minute', async () => {
    for (const [at, seconds] of [
      ['2026-03-20T09:30:00Z', 600],
      ['2026-03-20T09:39:59.500Z', 1],
    ] as const) {
      const { deps } = fake({ clock: () => new Date(at) });
      const { headers } = await createWeb(deps).request('/feed.xml');
      expect(headers.get('cache-control')).toBe(`public, max-age=${seconds}`);
    }
  });

  it('name their hub in a header, where they have one', async () => {
    const [self, hub] = ['https://papers.example/feed.xml', 'https://hub.example/'];
    const feed = () => ({
      ...{ kind: 'ok' as const, body: '<rss/>', contentType: 'text/xml' },
      links: { self, hub },
    });
    const { headers } = await createWeb(fake({ feed }).deps).request('/feed.xml');
    expect(headers.get('link')).toBe(`<${self}>; rel="self", <${hub}>; rel="hub"`);
    expect((await web.request('/feed.xml')).headers.get('link')).toBeNull();
  });

  it('are announced by the pages they belong to', async () => {
    const page = await (await web.request('/topics/cs.CL')).text();
    expect(page).toMatch(
      /rel="alternate" type="application\/atom\+xml"[^>]+\/topics\/cs\.CL\/feed\.atom"/,
    );
    expect(await (await web.request('/editions')).text()).toContain('href="/editions/feed.xml"');
    expect(await (await web.request('/topics')).text()).toContain('href="/feed.xml"');
    const search = await (await web.request('/papers?q=a%26b')).text();
    expect(search).toContain('href="/papers/feed.xml?q=a%26b"');
  });
});
