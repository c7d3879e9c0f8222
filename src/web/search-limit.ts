/** Searches are what costs most of all reads: a caller may make many, and not any number. */
import type { MiddlewareHandler } from 'hono';
import { callerKey, type WebContext, type WebEnv } from './client.ts';
import type { WebDeps } from './deps.ts';
import { createRateLimit } from './rate-limit.ts';

/** Two a second for a minute: more than a person types, and a household or office shares an address. */
export const searchesAMinute = 120;

const minuteMs = 60_000;
const mostCallers = 10_000;

/** Whether a read looks through the corpus for words of the caller's choice. */
const isSearch = (path: string, asks: (name: string) => boolean): boolean =>
  path === '/api/search' ||
  path.startsWith('/authors/') ||
  /^\/api\/topics\/query(?::|%3a)/i.test(path) ||
  (/^\/papers(?:\/feed\.\w+)?$/.test(path) && ['q', 'cat', 'from', 'to'].some(asks)) ||
  (path === '/api/trending' && asks('q'));

/**
 * Stands behind what is kept ready: an answer that somebody has asked for within its time costs
 * nothing and counts for nothing.
 */
export const limitSearches = (
  deps: WebDeps,
  refuse: (c: WebContext) => Response | Promise<Response>,
): MiddlewareHandler<WebEnv> => {
  const limit = createRateLimit([{ limit: searchesAMinute, lengthMs: minuteMs }], mostCallers);
  return async (c, next) => {
    if (!isSearch(c.req.path, (name) => (c.req.query(name) ?? '').trim() !== '')) return next();
    const verdict = limit(callerKey(c, deps.trustProxy), deps.clock());
    if (verdict.kind === 'allowed') return next();
    c.header('Retry-After', String(Math.ceil(verdict.retryAfterMs / 1000)));
    return refuse(c);
  };
};
