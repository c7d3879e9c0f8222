import { describe, expect, it } from 'vitest';
import { createWeb } from '../../src/web/routes.ts';
import { searchesAMinute } from '../../src/web/search-limit.ts';
import { fake } from './fakes.ts';

const start = () => {
  let now = new Date('2026-03-20T09:30:00Z');
  const web = createWeb(fake({ trustProxy: true, clock: () => now }).deps);
  return {
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
    ask: (path: string, from = '192.0.2.1') =>
      web.request(path, { headers: { 'x-forwarded-for': from } }),
  };
};
type Asked = ReturnType<typeof start>;

/** Asks until the limit, each time for something new: what is kept ready counts for nothing. */
const exhaust = async ({ ask }: Asked): Promise<void> => {
  for (let n = 0; n < searchesAMinute; n += 1)
    expect((await ask(`/api/search?q=moss${n}`)).status).toBe(200);
};

describe('searches', () => {
  it('are limited for each caller, page, feed and API together, and told when to come again', async () => {
    const asked = start();
    await exhaust(asked);
    asked.pass(20_500);
    const refused = await asked.ask('/api/search?q=fern');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '40']);
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(await refused.json()).toEqual({ error: { message: expect.any(String) } });
    for (const path of [
      ...['/papers?q=fern', '/papers?cat=cs.CL', '/papers/feed.xml?q=fern', '/authors/Ada%20Fern'],
      ...['/api/trending?q=fern', '/api/topics/query:fern/preview'],
    ])
      expect([path, (await asked.ask(path)).status]).toEqual([path, 429]);
    expect((await asked.ask('/papers?q=fern', '192.0.2.2')).status).toBe(200);
    asked.pass(40_000);
    expect((await asked.ask('/papers?q=fern')).status).toBe(200);
  });

  it('that are kept ready, and all other reads, go on', async () => {
    const asked = start();
    await exhaust(asked);
    for (const path of [
      ...['/api/search?q=moss0', '/', '/papers', '/topics/cs.CL', '/papers/2603.10001'],
      ...['/api/trending', '/api/trending?topic=tides', '/feed.xml', '/editions'],
    ])
      expect([path, (await asked.ask(path)).status]).toEqual([path, 200]);
  });
});
