/**
 * Fetching from the outside world with its dangers bounded: time, size, redirects, and where a
 * redirect may lead (ASVS 1.3.6: a source must not make us read our own network).
 */
import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';

export type FetchOptions = {
  /** For the whole exchange: redirects, body and the waits of `beforeRequest` included. */
  readonly timeoutMs: number;
  /** Of the body, after the transfer's own compression is undone. */
  readonly maxBytes: number;
  readonly userAgent: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Lets redirects lead to private and loopback addresses too. */
  readonly allowPrivate?: boolean;
  /** Awaited before each request, redirects included. */
  readonly beforeRequest?: (url: URL) => Promise<void>;
};

/** Any failure to get a whole 2xx answer. */
export class FetchError extends Error {
  override readonly name: string = 'FetchError';
}

export class HttpStatusError extends FetchError {
  override readonly name = 'HttpStatusError';
  readonly status: number;
  /** What the server asks us to wait, as it wrote it: seconds or a date. */
  readonly retryAfter: string | undefined;
  constructor(url: URL, status: number, retryAfter: string | null) {
    super(`${placeOf(url)} answered HTTP ${status}`);
    this.status = status;
    this.retryAfter = retryAfter ?? undefined;
  }
}

export class AnswerTooLargeError extends FetchError {
  override readonly name = 'AnswerTooLargeError';
}

export class FetchTimeoutError extends FetchError {
  override readonly name = 'FetchTimeoutError';
}

/** A redirect too many, to nowhere, or to where a redirect must not lead. */
export class RedirectError extends FetchError {
  override readonly name = 'RedirectError';
}

/** No connection, or one that broke before the answer was whole. */
export class UnreachableError extends FetchError {
  override readonly name = 'UnreachableError';
}

const mostRedirects = 3;
const redirectStatuses = [301, 302, 303, 307, 308];

// Without the query, which may hold what a log should not.
const placeOf = (url: URL): string => url.origin + url.pathname;

/**
 * The body of a GET as UTF-8 text. The URL itself is trusted, it is the operator's; what the answer
 * redirects to is not. Throws a `FetchError`, or the reason of `options.signal` once that is aborted.
 */
export const fetchText = async (url: string, options: FetchOptions): Promise<string> => {
  const base = parseWebUrl(url);
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  try {
    const { response, at } = await follow(base, options, signal);
    if (!response.ok) {
      await response.body?.cancel();
      throw new HttpStatusError(at, response.status, response.headers.get('retry-after'));
    }
    return await readBody(response, at, options.maxBytes);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof FetchError) throw error;
    if (timeout.aborted) {
      throw new FetchTimeoutError(`${placeOf(base)} did not answer within ${options.timeoutMs} ms`);
    }
    throw new UnreachableError(`${placeOf(base)} cannot be read: ${causeOf(error)}`, {
      cause: error,
    });
  }
};

const parseWebUrl = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  throw new FetchError(`"${text}" is not an http(s) address`);
};

const follow = async (
  base: URL,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<{ readonly response: Response; readonly at: URL }> => {
  let at = base;
  for (let redirects = 0; ; redirects += 1) {
    await options.beforeRequest?.(at);
    signal.throwIfAborted();
    const response = await fetch(at.href, {
      redirect: 'manual',
      signal,
      // Headers of the caller's own may be secrets, so they stay with the origin they are meant for.
      headers: {
        'user-agent': options.userAgent,
        ...(at.origin === base.origin ? options.headers : {}),
      },
    });
    if (!redirectStatuses.includes(response.status)) return { response, at };
    await response.body?.cancel();
    if (redirects === mostRedirects) {
      throw new RedirectError(`${placeOf(base)} redirects more than ${mostRedirects} times`);
    }
    at = await nextStop(base, at, response.headers.get('location'), options.allowPrivate ?? false);
  }
};

const nextStop = async (
  base: URL,
  from: URL,
  location: string | null,
  allowPrivate: boolean,
): Promise<URL> => {
  if (location === null || !URL.canParse(location, from.href)) {
    throw new RedirectError(`${placeOf(from)} redirects to no address`);
  }
  const next = new URL(location, from);
  const refuse = (why: string): RedirectError =>
    new RedirectError(`${placeOf(from)} redirects to ${placeOf(next)}, ${why}`);
  if (next.protocol !== 'https:' && next.protocol !== 'http:') throw refuse('which is not http(s)');
  if (from.protocol === 'https:' && next.protocol === 'http:') throw refuse('giving up encryption');
  if (next.origin === base.origin || allowPrivate) return next;
  if (!(await isPublicHost(next.hostname))) throw refuse('an address that is not public');
  return next;
};

/** Whether every address of a host is one of the public internet; a host without any is not. */
const isPublicHost = async (hostname: string): Promise<boolean> => {
  const bare = hostname.replace(/^\[|\]$/g, '');
  const addresses = ipaddr.isValid(bare)
    ? [bare]
    : (await lookup(bare, { all: true })).map(({ address }) => address);
  // `process` sees through IPv4-mapped IPv6; every range but `unicast` has a special meaning.
  return (
    addresses.length > 0 &&
    addresses.every((address) => ipaddr.process(address).range() === 'unicast')
  );
};

const readBody = async (response: Response, at: URL, maxBytes: number): Promise<string> => {
  const tooLarge = (): AnswerTooLargeError =>
    new AnswerTooLargeError(`${placeOf(at)} answers with more than ${maxBytes} bytes`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop by a throw cancels the stream, and with it the connection.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
};

// fetch says "fetch failed" and hides the reason one or two causes deep.
const causeOf = (error: unknown): string => {
  let deepest = error;
  while (deepest instanceof Error && deepest.cause !== undefined) deepest = deepest.cause;
  if (!(deepest instanceof Error)) return String(deepest);
  return deepest.message || ('code' in deepest ? String(deepest.code) : deepest.name);
};
