/**
 * A whole answer made ready once and sent many times: its bytes, compressed the first time somebody
 * asks for them so, and its validators. What is sent of it depends on the request's headers alone.
 */
import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { type Coding, chooseCoding } from './coding.ts';
import { type Conditions, isFresh, type Validators } from './conditional.ts';

export type Prepared = Validators & {
  /** All but what follows from validators, coding and age. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As the route said it. */
  readonly cacheControl: string;
  /** Until when it may be kept, in milliseconds; for an answer of everybody's alone. */
  readonly keptUntil: number | undefined;
  /** Of the bytes before compression. */
  readonly length: number;
  readonly bytes: (coding: Coding) => Buffer;
};

export type Answer = {
  readonly status: 200 | 304;
  /** Names and values in turn, as node:http takes them fastest. */
  readonly headers: string[];
  /** Absent where the status or the method has none. */
  readonly body?: Buffer;
};

export type Asked = Conditions & {
  readonly method: string;
  readonly acceptEncoding: string | undefined;
};

const derived = ['cache-control', 'content-length', 'content-encoding', 'etag', 'vary', 'date'];
const compressible = /^(?:text\/|image\/svg|application\/(?:[\w.+-]*\+)?(?:json|xml|javascript))/;
// Smaller ones gain nothing.
const leastCompressed = 1024;

/**
 * Makes a 200 answer ready; `undefined` for one that must not be kept anywhere, or that depends on
 * more of the request than its address and coding.
 */
export const prepare = async (response: Response, now: number): Promise<Prepared | undefined> => {
  const { headers } = response;
  const cacheControl = headers.get('cache-control') ?? 'no-store';
  if (response.status !== 200 || cacheControl.includes('no-store')) return undefined;
  if (headers.has('set-cookie') || !/^(?:accept-encoding)?$/i.test(headers.get('vary') ?? ''))
    return undefined;
  const body = Buffer.from(await response.arrayBuffer());
  const maxAge = Number(/\bmax-age=(\d+)/.exec(cacheControl)?.[1] ?? 0);
  return {
    headers: [...headers].filter(([name]) => !derived.includes(name)),
    cacheControl,
    keptUntil: cacheControl.startsWith('public') ? now + maxAge * 1000 : undefined,
    // Weak, since the same tag stands for every coding of the bytes.
    etag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`,
    length: body.length,
    bytes: coded(body, compressible.test(headers.get('content-type') ?? '')),
  };
};

const coded = (identity: Buffer, compresses: boolean): Prepared['bytes'] => {
  const made = new Map<Coding, Buffer>([['identity', identity]]);
  const pays = compresses && identity.length >= leastCompressed;
  return (coding) => {
    const ready = made.get(pays ? coding : 'identity');
    if (ready) return ready;
    const compressed = coding === 'br' ? brotli(identity) : gzipSync(identity, { level: 7 });
    made.set(coding, compressed);
    return compressed;
  };
};

// The highest quality takes half a second for a feed, this one a few milliseconds for a tenth more.
const brotli = (bytes: Buffer): Buffer =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });

/** What a request gets of a prepared answer. */
export const answerFrom = (prepared: Prepared, asked: Asked, now: number): Answer => {
  // RFC 9110 §15.4.5: a 304 repeats these, and nothing else that the caller has already.
  const headers = [
    ...['ETag', prepared.etag, 'Cache-Control', cacheControlAt(prepared, now)],
    ...['Vary', 'Accept-Encoding'],
  ];
  if (isFresh(asked, prepared)) return { status: 304, headers };
  const coding = chooseCoding(asked.acceptEncoding);
  const body = prepared.bytes(coding);
  for (const [name, value] of prepared.headers) headers.push(name, value);
  if (body !== prepared.bytes('identity')) headers.push('Content-Encoding', coding);
  if (prepared.lastModified) headers.push('Last-Modified', prepared.lastModified.toUTCString());
  headers.push('Content-Length', String(body.length));
  return { status: 200, headers, ...(asked.method === 'HEAD' ? {} : { body }) };
};

// An answer prepared a while ago is good for only the rest of its time.
const cacheControlAt = ({ cacheControl, keptUntil }: Prepared, now: number): string => {
  if (keptUntil === undefined || cacheControl.includes('immutable')) return cacheControl;
  const left = Math.max(0, Math.ceil((keptUntil - now) / 1000));
  return cacheControl.replace(/\bmax-age=\d+/, `max-age=${left}`);
};
