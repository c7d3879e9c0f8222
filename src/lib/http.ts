/**
 * Fetching from the outside world with its dangers bounded: time, size, redirects, and where a
 * redirect may lead (ASVS 1.3.6: a source must not make us read our own network).
 */
import { type LookupAddress, lookup } from 'node:dns';
import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { decodeBody } from './http-body.ts';

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
  /** GET without it; a body makes the request a POST. */
  readonly body?: string;
  /** Awaited before each request, redirects included. */
  readonly beforeRequest?: (url: URL) => Promise<void>;
};

export type Answer = {
  /** 304 only where the caller's own headers asked for it. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
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
  readonly headers: Answer['headers'];
  constructor(url: URL, status: number, headers: Answer['headers'] = {}) {
    super(`${placeOf(url)} answered HTTP ${status}`);
    this.status = status;
    this.headers = headers;
    this.retryAfter = headers['retry-after'];
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

/** A body that is not what its headers say: damaged compression, or no text of its charset. */
export class BodyError extends FetchError {
  override readonly name = 'BodyError';
}

/** No connection, or one that broke before the answer was whole. */
export class UnreachableError extends FetchError {
  override readonly name = 'UnreachableError';
}

const mostRedirects = 3;
const redirectStatuses = [301, 302, 303, 307, 308];

// Without the query, which may hold what a log should not.
const placeOf = (url: URL): string => url.origin + url.pathname;

/** `fetchAnswer` for those who want nothing but the text. */
export const fetchText = async (url: string, options: FetchOptions): Promise<string> =>
  (await fetchAnswer(url, options)).text;

/**
 * The answer to a GET (or a POST, given a body) as text. The URL itself is trusted, it is the
 * operator's; what the answer redirects to is not. Throws a `FetchError`, or the reason of
 * `options.signal` once that is aborted.
 */
export const fetchAnswer = async (url: string, options: FetchOptions): Promise<Answer> => {
  const base = parseWebUrl(url);
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  try {
    const { response, at } = await follow(base, options, signal);
    const status = response.statusCode ?? 0;
    const headers = headersOf(response);
    if ((status < 200 || status > 299) && status !== 304) {
      response.destroy();
      throw new HttpStatusError(at, status, headers);
    }
    return { status, headers, text: await readBody(response, at, options.maxBytes) };
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

const headersOf = (response: IncomingMessage): Answer['headers'] =>
  Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, String(value ?? '')]),
  );

type Reached = { readonly response: IncomingMessage; readonly at: URL };

const follow = async (base: URL, options: FetchOptions, signal: AbortSignal): Promise<Reached> => {
  let at = base;
  for (let redirects = 0; ; redirects += 1) {
    await options.beforeRequest?.(at);
    signal.throwIfAborted();
    const response = await send(base, at, options, signal);
    if (!redirectStatuses.includes(response.statusCode ?? 0)) return { response, at };
    response.destroy();
    if (redirects === mostRedirects) {
      throw new RedirectError(`${placeOf(base)} redirects more than ${mostRedirects} times`);
    }
    at = nextStop(base, at, response.headers.location, options.allowPrivate ?? false);
  }
};

/** One request, to the head of its answer. */
const send = (
  base: URL,
  at: URL,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> => {
  const isHome = at.origin === base.origin;
  const request: RequestOptions = {
    method: options.body === undefined ? 'GET' : 'POST',
    signal,
    headers: {
      'user-agent': options.userAgent,
      'accept-encoding': 'gzip, deflate, br',
      // Headers of the caller's own may be secrets, so they stay with the origin they are meant for.
      ...(isHome ? options.headers : {}),
    },
    // Elsewhere a connection of its own, made to an address checked while connecting: a name looked
    // up once for the check and once more to connect could answer differently the second time.
    ...(!isHome && !options.allowPrivate && { agent: false, lookup: lookupPublic }),
  };
  return new Promise((resolve, reject) => {
    const start = at.protocol === 'https:' ? httpsRequest : httpRequest;
    const sent: ClientRequest = start(at, request, resolve);
    sent.on('error', reject);
    sent.end(isHome ? options.body : undefined);
  });
};

const nextStop = (
  base: URL,
  from: URL,
  location: string | undefined,
  allowPrivate: boolean,
): URL => {
  if (location === undefined || !URL.canParse(location, from.href)) {
    throw new RedirectError(`${placeOf(from)} redirects to no address`);
  }
  const next = new URL(location, from);
  const refuse = (why: string): RedirectError =>
    new RedirectError(`${placeOf(from)} redirects to ${placeOf(next)}, ${why}`);
  if (next.protocol !== 'https:' && next.protocol !== 'http:') throw refuse('which is not http(s)');
  if (from.protocol === 'https:' && next.protocol === 'http:') throw refuse('giving up encryption');
  if (next.origin === base.origin || allowPrivate) return next;
  const bare = next.hostname.replace(/^\[|\]$/g, '');
  // An address written as such is never looked up; a name is checked when it is (`lookupPublic`).
  if (ipaddr.isValid(bare) && !isPublic(bare)) throw refuse('an address that is not public');
  return next;
};

// `process` sees through IPv4-mapped IPv6; every range but `unicast` has a special meaning.
const isPublic = (address: string): boolean => ipaddr.process(address).range() === 'unicast';

/** Looks a name up and lets pass only one whose every address is of the public internet. */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const addresses: readonly LookupAddress[] = found ?? [];
    const [first] = addresses;
    if (error || !first) {
      callback(error ?? new Error(`${hostname} has no address`), []);
    } else if (!addresses.every(({ address }) => isPublic(address))) {
      callback(new RedirectError(`a redirect leads to ${hostname}, which is not public`), []);
    } else if (options.all) {
      callback(null, [...addresses]);
    } else {
      callback(null, first.address, first.family);
    }
  });
};

const readBody = async (response: IncomingMessage, at: URL, maxBytes: number): Promise<string> => {
  const body = await decodeBody(response, maxBytes);
  switch (body.kind) {
    case 'text':
      return body.text;
    case 'too-large':
      throw new AnswerTooLargeError(`${placeOf(at)} answers with more than ${maxBytes} bytes`);
    case 'too-dense':
      throw new AnswerTooLargeError(`${placeOf(at)} answers with a compression bomb`);
    case 'damaged':
      throw new BodyError(`${placeOf(at)} answers with a damaged body: ${body.reason}`);
    default:
      return body satisfies never;
  }
};

const causeOf = (error: unknown): string => {
  let deepest = error;
  while (deepest instanceof Error && deepest.cause !== undefined) deepest = deepest.cause;
  // Several addresses tried in vain give an AggregateError, which has a list and no words.
  if (deepest instanceof AggregateError) deepest = deepest.errors[0] ?? deepest;
  if (!(deepest instanceof Error)) return String(deepest);
  return deepest.message || ('code' in deepest ? String(deepest.code) : deepest.name);
};
