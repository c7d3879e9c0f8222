import { describe, expect, it } from 'vitest';
import { createWeb } from '../../src/web/routes.ts';
import { fake, tokens } from './fakes.ts';

const web = createWeb(fake().deps);

describe('feeds', () => {
  it.each([
    ['/feed.xml', '{}'],
    ['/feed.atom', '{}'],
    ['/feed.json', '{}'],
    ['/topics/cs.CL/feed.xml', '{"topic":"cs.CL"}'],
    ['/topics/gardens/feed.json', '{"topic":"gardens"}'],
    ['/papers/feed.atom?q=%22a%20b%22', '{"query":"\\"a b\\""}'],
    [`/feeds/${tokens.feed}.json`, `{"token":"${tokens.feed}"}`],
  ])('%s is the feed of %s', async (path, scope) => {
    const response = await web.request(path);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(`<rss>${scope}</rss>`);
    expect(response.headers.get('etag')).toBe('"edition-7"');
  });

  it('say where a query goes wrong, and when there is no such feed', async () => {
    const bad = await web.request('/papers/feed.xml?q=moss+(fern');
    expect(bad.status).toBe(400);
    expect(await bad.text()).toContain('at character 6');
    expect((await web.request('/topics/nowhere/feed.xml')).status).toBe(404);
    expect((await web.request('/feeds/wrong.xml')).status).toBe(404);
  });

  it('keep a reader’s own feed out of shared caches and other sites’ logs', async () => {
    const { headers } = await web.request(`/feeds/${tokens.feed}.xml`);
    expect(headers.get('cache-control')).toBe('private, no-cache');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it.each([
    [{}, 200],
    [{ 'if-none-match': '"edition-7"' }, 304],
    [{ 'if-none-match': 'W/"edition-7"' }, 304],
    [{ 'if-none-match': '"other", W/"edition-7" , "third"' }, 304],
    [{ 'if-none-match': '"a,b","edition-7"' }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"edition-8"' }, 200],
    [{ 'if-none-match': 'edition-7' }, 200],
    [{ 'if-none-match': '' }, 200],
    [{ 'if-modified-since': 'Fri, 20 Mar 2026 08:00:00 GMT' }, 304],
    [{ 'if-modified-since': 'Sat, 21 Mar 2026 08:00:00 GMT' }, 304],
    [{ 'if-modified-since': 'Fri, 20 Mar 2026 07:59:59 GMT' }, 200],
    [{ 'if-modified-since': 'yesterday' }, 200],
    [{ 'if-none-match': '"edition-8"', 'if-modified-since': 'Sat, 21 Mar 2026 08:00:00 GMT' }, 200],
    [{ 'if-none-match': '"edition-7"', 'if-modified-since': 'Fri, 20 Mar 2020 08:00:00 GMT' }, 304],
  ])('asked with %j answer %d', async (headers, status) => {
    for (const method of ['GET', 'HEAD']) {
      const init = { method, headers: headers as Record<string, string> };
      const response = await web.request('/feed.xml', init);
      expect(response.status).toBe(status);
      expect((await response.text()) === '').toBe(status === 304 || method === 'HEAD');
      expect(response.headers.get('etag')).toBe('"edition-7"');
      expect(response.headers.get('last-modified')).toBe('Fri, 20 Mar 2026 08:00:00 GMT');
      expect(response.headers.get('cache-control')).toBe('public, max-age=600');
      expect(response.headers.get('vary')).toBe('Accept-Encoding');
    }
  });

  it('are announced by the pages they belong to', async () => {
    const page = await (await web.request('/topics/cs.CL')).text();
    expect(page).toMatch(
      /rel="alternate" type="application\/atom\+xml"[^>]+\/topics\/cs\.CL\/feed\.atom"/,
    );
    const search = await (await web.request('/papers?q=a%26b')).text();
    expect(search).toContain('href="/papers/feed.xml?q=a%26b"');
  });
});
