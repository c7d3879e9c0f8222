import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { FetchOptions } from '../../src/lib/http.ts';
import {
  AnswerTooLargeError,
  BodyError,
  FetchTimeoutError,
  fetchText,
  HttpStatusError,
  RedirectError,
  UnreachableError,
} from '../../src/lib/http.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const get = (url: string, options: Partial<FetchOptions> = {}): Promise<string> =>
  fetchText(url, {
    timeoutMs: 10_000,
    maxBytes: 1_000_000,
    userAgent: 'paperboy test',
    ...options,
  });

const redirectTo = (location: string): Promise<string> =>
  serve((_request, response) => response.writeHead(302, { location }).end());

describe('fetching', () => {
  test('gives the body as text, packed or not, and says who asks', async () => {
    const base = await serve((request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(`Grüße, ${request.headers['user-agent']} ${request.headers['x-key']}`));
    });
    expect(await get(base, { headers: { 'x-key': 'k' } })).toBe('Grüße, paperboy test k');
  });

  test('an error status is told with what to wait', async () => {
    const base = await serve((_request, response) =>
      response.writeHead(429, { 'retry-after': '120' }).end('later'),
    );
    const error = await get(`${base}/x?token=secret`).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HttpStatusError);
    expect(error).toMatchObject({
      status: 429,
      retryAfter: '120',
      message: `${base}/x answered HTTP 429`,
    });
  });

  test('a body that is too large is left, however it is announced and packed', async () => {
    const endless = await serve((_request, response) => {
      const fill = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
        if (!response.destroyed) response.once('drain', fill);
      };
      fill();
    });
    await expect(get(endless)).rejects.toBeInstanceOf(AnswerTooLargeError);
    const bomb = await serve((_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(Buffer.alloc(20_000_000)));
    });
    await expect(get(bomb)).rejects.toBeInstanceOf(AnswerTooLargeError);
  });

  test('a body is read by its charset, and one that is no text of it is refused', async () => {
    const base = await serve((request, response) => {
      const latin = Buffer.from('Gr\u00fc\u00dfe', 'latin1');
      if (request.url === '/header')
        response.setHeader('content-type', 'text/plain; charset=iso-8859-1').end(latin);
      else if (request.url === '/xml')
        response.end(
          Buffer.concat([Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?>'), latin]),
        );
      else response.end(latin);
    });
    expect(await get(`${base}/header`)).toBe('Gr\u00fc\u00dfe');
    expect(await get(`${base}/xml`)).toContain('Gr\u00fc\u00dfe');
    await expect(get(base)).rejects.toThrow('it is no text in utf-8');
  });

  test('damaged compression is told from a broken connection', async () => {
    const packed = gzipSync('x'.repeat(5000));
    const base = await serve((request, response) => {
      response.setHeader('content-encoding', request.url === '/odd' ? 'rot13' : 'gzip');
      if (request.url === '/half') response.end(packed.subarray(0, 20));
      else if (request.url === '/drop')
        response.write(packed.subarray(0, 20), () => request.socket.destroy());
      else response.end('no gzip at all');
    });
    await expect(get(`${base}/half`)).rejects.toBeInstanceOf(BodyError);
    await expect(get(`${base}/none`)).rejects.toBeInstanceOf(BodyError);
    await expect(get(`${base}/odd`)).rejects.toThrow('"rot13" was not asked for');
    await expect(get(`${base}/drop`)).rejects.toBeInstanceOf(UnreachableError);
  });

  test('compression beyond all measure is left early, long before the size limit', async () => {
    const base = await serve((_request, response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(20_000_000)));
    });
    await expect(get(base, { maxBytes: 100_000_000 })).rejects.toThrow('compression bomb');
  });

  test('a server that says nothing, or stops in the middle, is given up', async () => {
    const silent = await serve(() => {});
    await expect(get(silent, { timeoutMs: 50 })).rejects.toBeInstanceOf(FetchTimeoutError);
    const stalling = await serve((_request, response) => void response.write('and then'));
    await expect(get(stalling, { timeoutMs: 200 })).rejects.toBeInstanceOf(FetchTimeoutError);
  });

  test('a caller that stops gets its own reason', async () => {
    const stop = new AbortController();
    const base = await serve(() => stop.abort(new Error('shutting down')));
    await expect(get(base, { signal: stop.signal })).rejects.toThrow('shutting down');
  });

  test('a body cut short and a closed port are told in words', async () => {
    const cut = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => request.socket.destroy());
    });
    await expect(get(cut)).rejects.toBeInstanceOf(UnreachableError);
    await expect(get('http://127.0.0.1:1/')).rejects.toThrow(/cannot be read/);
    await expect(get('file:///etc/hosts')).rejects.toThrow('not an http(s) address');
  });
});

describe('redirects', () => {
  test('within the configured origin are followed, three of them', async () => {
    const base = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('there');
      else response.writeHead(301, { location: `/${left - 1}` }).end();
    });
    expect(await get(`${base}/3`)).toBe('there');
    await expect(get(`${base}/4`)).rejects.toThrow('redirects more than 3 times');
  });

  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://0.0.0.0/',
    'http://2130706433/',
    // A name, looked up when the connection is made and by nothing else.
    'http://localhost:9/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[fd00::1]/',
    'http://[fe80::1]/',
  ])('to %s are refused', async (location) => {
    const base = await redirectTo(location);
    await expect(get(base)).rejects.toBeInstanceOf(RedirectError);
    await expect(get(base)).rejects.toThrow('not public');
  });

  test('to another service of this host are refused unless allowed', async () => {
    const other = await serve((request, response) =>
      response.end(`key ${request.headers['x-key']}`),
    );
    const base = await redirectTo(other);
    await expect(get(base)).rejects.toBeInstanceOf(RedirectError);
    const options = { allowPrivate: true, headers: { 'x-key': 'k' } };
    expect(await get(base, options)).toBe('key undefined');
  });

  test('to no web address are refused', async () => {
    await expect(get(await redirectTo('file:///etc/hosts'))).rejects.toThrow('not http(s)');
    const nowhere = await serve((_request, response) => response.writeHead(302).end());
    await expect(get(nowhere)).rejects.toThrow('redirects to no address');
  });
});
