import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AllowanceError, type ClaimTurn, createPoliteFetch } from '../../src/lib/polite-fetch.ts';

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

/** Grants each request with the wait given, and counts them. */
const politeWith = (waitMs: number) => {
  const slept: number[] = [];
  let claims = 0;
  const politeFetch = createPoliteFetch({
    clock: () => new Date('2026-03-20T12:00:00Z'),
    sleep: async (ms) => void slept.push(ms),
    defaults: { timeoutMs: 10_000, maxBytes: 1_000, userAgent: 'paperboy test' },
  });
  const claim: ClaimTurn = () => {
    claims += 1;
    return { kind: 'granted', waitMs };
  };
  const get = async (path: string, service = 'arxiv'): Promise<string> =>
    (await politeFetch(service, claim, base + path)).text;
  return { politeFetch, get, slept, claims: () => claims };
};

describe('polite fetching', () => {
  test('waits as long as each claim says, and has one exchange with a service at a time', async () => {
    const { get, slept } = politeWith(3000);
    mostOpen = 0;
    await Promise.all([get('/'), get('/'), get('/')]);
    expect(slept).toEqual([3000, 3000, 3000]);
    expect(mostOpen).toBe(1);
  });

  test('claims a turn for a redirect too, and goes on after a failure', async () => {
    const { get, claims } = politeWith(0);
    const failing = get('/broken');
    const moved = get('/moved');
    await expect(failing).rejects.toThrow('HTTP 500');
    expect(await moved).toBe('ok');
    expect(claims()).toBe(3);
  });

  test('asks nothing more when the allowance of the day is spent', async () => {
    const { politeFetch } = politeWith(0);
    const asked = politeFetch('arxiv', () => ({ kind: 'spent', requests: 7 }), base);
    await expect(asked).rejects.toBeInstanceOf(AllowanceError);
    await expect(asked).rejects.toThrow('arxiv was asked 7 times today');
  });
});
