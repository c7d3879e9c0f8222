import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPoliteFetch } from '../../src/lib/polite-fetch.ts';

let open = 0;
let mostOpen = 0;
const server = createServer((request, response) => {
  open += 1;
  mostOpen = Math.max(mostOpen, open);
  setImmediate(() => {
    open -= 1;
    if (request.url === '/moved') response.writeHead(302, { location: '/' });
    else if (request.url === '/broken') response.writeHead(500);
    response.end('ok');
  });
});
let base = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const atNoon = Date.parse('2026-03-20T12:00:00Z');

/** A fetch whose time passes only by its own sleeping. */
const politeWith = (minIntervalMs: Readonly<Record<string, number>>) => {
  const slept: number[] = [];
  let ms = atNoon;
  const fetchPolitely = createPoliteFetch({
    clock: () => new Date(ms),
    sleep: async (wait) => {
      slept.push(wait);
      ms += wait;
    },
    minIntervalMs,
    defaults: { timeoutMs: 10_000, maxBytes: 1_000, userAgent: 'paperboy test' },
  });
  const pass = (by: number): void => {
    ms += by;
  };
  return { fetchPolitely, slept, pass };
};

describe('polite fetching', () => {
  test('keeps the interval between starts, and one exchange at a time', async () => {
    const { fetchPolitely, slept, pass } = politeWith({ '127.0.0.1': 3000 });
    mostOpen = 0;
    await Promise.all([fetchPolitely(base), fetchPolitely(base), fetchPolitely(base)]);
    expect(slept).toEqual([3000, 3000]);
    expect(mostOpen).toBe(1);
    pass(1000);
    await fetchPolitely(base);
    pass(5000);
    await fetchPolitely(base);
    expect(slept).toEqual([3000, 3000, 2000]);
  });

  test('counts a redirect as a request, and goes on after a failure', async () => {
    const { fetchPolitely, slept } = politeWith({ '127.0.0.1': 3000 });
    const failing = fetchPolitely(`${base}/broken`);
    const moved = fetchPolitely(`${base}/moved`);
    await expect(failing).rejects.toThrow('HTTP 500');
    expect(await moved).toBe('ok');
    expect(slept).toEqual([3000, 3000]);
  });

  test('never waits longer than the interval, even when the clock is set back', async () => {
    const { fetchPolitely, slept, pass } = politeWith({ '127.0.0.1': 3000 });
    await fetchPolitely(base);
    pass(-3_600_000);
    await fetchPolitely(base);
    expect(slept).toEqual([3000]);
  });

  test('does not hold back hosts without an interval', async () => {
    const { fetchPolitely, slept } = politeWith({ 'arxiv.org': 3000 });
    await Promise.all([fetchPolitely(base), fetchPolitely(base)]);
    expect(slept).toEqual([]);
  });
});
