/**
 * HMAC-SHA256 (RFC 2104) by Node's one-shot `crypto.hash`. A mail holds seven, each over a few dozen
 * bytes, and `createHmac` takes longer to make and collect its object than to hash.
 */
import { hash } from 'node:crypto';
import { remembered } from './remembered.ts';

/** Of SHA-256, in bytes. */
const blockBytes = 64;
const hashBytes = 32;

/** What both hashes begin with for one secret, and room for what follows. */
type Pads = {
  inner: Buffer;
  readonly outer: Buffer;
  /** The beginnings of `inner` by their length: messages are of few lengths. */
  readonly parts: Map<number, Buffer>;
};

// One secret a service; a few where tests run several.
const mostSecrets = 20;
const mostLengths = 100;
const pads = new Map<string, Pads>();

/** HMAC-SHA256 under a secret in UTF-8: 32 octets as a string of characters below 256, as the message. */
export const hmacSha256 = (secret: string, message: string): string => {
  const own = remembered(pads, mostSecrets, secret, () => padsOf(secret));
  const length = blockBytes + message.length;
  if (length > own.inner.length) {
    own.inner = Buffer.concat([own.inner], length * 2);
    own.parts.clear();
  }
  own.inner.write(message, blockBytes, 'latin1');
  const part = remembered(own.parts, mostLengths, length, () => own.inner.subarray(0, length));
  own.outer.write(hash('sha256', part, 'binary'), blockBytes, 'latin1');
  return hash('sha256', own.outer, 'binary');
};

const padsOf = (secret: string): Pads => {
  const given = Buffer.from(secret);
  const key = given.length > blockBytes ? hash('sha256', given, 'buffer') : given;
  const inner = Buffer.alloc(2 * blockBytes, 0x36, 'latin1');
  const outer = Buffer.alloc(blockBytes + hashBytes, 0x5c, 'latin1');
  for (const [at, byte] of key.entries()) {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  return { inner, outer, parts: new Map() };
};
