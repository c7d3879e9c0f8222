/** Prepared answers given to callers: by the routes, and in front of them. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { MiddlewareHandler } from 'hono';
import type { WebEnv } from './client.ts';
import { type Asked, answerFrom, type Prepared, prepare } from './prepared.ts';
import type { PublicCache } from './public-cache.ts';

const isRead = (method: string | undefined): boolean => method === 'GET' || method === 'HEAD';

/**
 * Answers reads conditionally and compressed, whatever route made the 200 behind it, and keeps what
 * is everybody's for the next caller. What says `no-store` passes untouched.
 */
export const preparedAnswers =
  (cache: PublicCache, clock: () => Date): MiddlewareHandler<WebEnv> =>
  async (c, next) => {
    if (!isRead(c.req.method)) return next();
    const now = clock().getTime();
    const asked: Asked = {
      method: c.req.method,
      ifNoneMatch: c.req.header('if-none-match'),
      ifModifiedSince: c.req.header('if-modified-since'),
      acceptEncoding: c.req.header('accept-encoding'),
    };
    const { pathname, search } = new URL(c.req.url);
    const address = pathname + search;
    const known = cache.find(address, now);
    if (known) return toResponse(known, asked, now);
    await next();
    const made = await prepare(c.res, now);
    if (!made) return;
    const prepared = made.keptUntil === undefined ? made : cache.keep(address, made, now);
    // Hono would merge the headers of the answer that is replaced into the new one.
    c.res = undefined;
    c.res = toResponse(prepared, asked, now);
  };

const toResponse = (prepared: Prepared, asked: Asked, now: number): Response => {
  const { status, headers, body } = answerFrom(prepared, asked, now);
  const pairs: [string, string][] = [];
  for (let at = 0; at < headers.length; at += 2)
    pairs.push([headers[at] as string, headers[at + 1] as string]);
  return new Response(body ? new Uint8Array(body) : null, { status, headers: pairs });
};

// Out here nothing catches what a database says that cannot be read; the routes behind do.
const look = (cache: PublicCache, address: string, now: number): Prepared | undefined => {
  try {
    return cache.find(address, now);
  } catch {
    return undefined;
  }
};

/**
 * Puts the kept answers in front of everything else: the same answers as behind it, since they are
 * made by the same function, without a route to find or a request to wrap.
 */
export const withFront = (
  cache: PublicCache,
  clock: () => Date,
  behind: RequestListener,
): RequestListener => {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const now = clock().getTime();
    const kept = isRead(request.method) ? look(cache, request.url ?? '', now) : undefined;
    if (!kept) return void behind(request, response);
    const { headers } = request;
    const asked: Asked = {
      method: request.method ?? '',
      ifNoneMatch: headers['if-none-match'],
      ifModifiedSince: headers['if-modified-since'],
      acceptEncoding: headers['accept-encoding'] as string | undefined,
    };
    const answer = answerFrom(kept, asked, now);
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  };
};
