/** An answer's body as text: decompressed within bounds, decoded by its charset. */
import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

export type DecodedBody =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'too-large' | 'too-dense' }
  | { readonly kind: 'damaged'; readonly reason: string };

// Feeds and JSON shrink four- to thirtyfold; only what was made to do harm shrinks more. The first
// megabyte is free, so that a short answer of one repeated letter is not taken for a bomb.
const densest = 200;
const freeBytes = 1024 * 1024;

const decompressors: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Reads to the end, or to the bound. A connection that breaks off throws. */
export const decodeBody = async (
  response: IncomingMessage,
  maxBytes: number,
): Promise<DecodedBody> => {
  const coding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const make = decompressors[coding];
  if (make === undefined && coding !== 'identity' && coding !== '')
    return { kind: 'damaged', reason: `its coding "${coding.slice(0, 40)}" was not asked for` };
  let received = 0;
  let broken: unknown;
  const unpack = make?.();
  if (unpack) {
    response.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    // `pipe` hands no error on, and without one the unpacked stream would never end.
    response.on('error', (error) => {
      broken = error;
      unpack.destroy(error);
    });
    response.pipe(unpack);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of (unpack ?? response) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) return { kind: 'too-large' };
      if (unpack && bytes > freeBytes && bytes > received * densest) return { kind: 'too-dense' };
      chunks.push(chunk);
    }
  } catch (error) {
    if (!unpack || broken !== undefined || !isZlibError(error)) throw error;
    return { kind: 'damaged', reason: error.message };
  } finally {
    response.destroy();
  }
  return decodeText(Buffer.concat(chunks), response.headers['content-type'] ?? '');
};

// zlib's own codes begin with Z_, Brotli's with ERR__; one underscore is Node's.
const isZlibError = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && /^(?:Z_|ERR__)/.test(String(error.code));

// What the header says, else what the XML declaration says, else UTF-8, which JSON must be
// (RFC 8259 §8.1). Bytes that are no text of it are damage: guessing would invent names and titles.
const decodeText = (bytes: Buffer, contentType: string): DecodedBody => {
  const declared = /^\s*<\?xml[^>]*\sencoding=["']([\w.:-]+)["']/.exec(
    bytes.subarray(0, 200).toString('latin1'),
  )?.[1];
  const charset = /charset=["']?([\w.:-]+)/i.exec(contentType)?.[1] ?? declared ?? 'utf-8';
  try {
    return { kind: 'text', text: new TextDecoder(charset, { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'damaged', reason: `it is no text in ${charset.slice(0, 40)}` };
  }
};
