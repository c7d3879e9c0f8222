/**
 * HMAC-SHA256 (RFC 2104) by Node's one-shot `crypto.hash`. A mail holds seven, each over a few dozen
 * bytes, and `createHmac` takes longer to make and collect its object than to hash.
 */
import { hash } from 'node:crypto';
import { putOctets } from './octets.ts';
import { remembered } from './remembered.ts';

/** Of SHA-256, in bytes. */
const blockBytes = 64;
const hashBytes = 32;

/** What the inner hash begins with for one secret and label, and room for a message. */
type Inner = {
  /** Where the message begins. */
  readonly from: number;
  /** As long as the last message asked for: those of one label are of few lengths, mostly one. */
  bytes: Buffer;
};
type Pads = {
  readonly key: Buffer;
  readonly inners: Map<string, Inner>;
  /** What the outer hash begins with, and room for the inner one. */
  readonly outer: Buffer;
};

// One secret a service; a few where tests run several.
const mostSecrets = 20;
const mostLabels = 20;
const pads = new Map<string, Pads>();

/**
 * HMAC-SHA256 under a secret of a label, both in UTF-8, and the message after it: 32 octets as a string
 * of characters below 256, or in hexadecimal. There are few labels.
 */
export const hmacSha256 = (
  secret: string,
  label: string,
  message: Uint8Array,
  encoding: 'binary' | 'hex' = 'binary',
): string => {
  const { key, inners, outer } = remembered(pads, mostSecrets, secret, () => padsOf(secret));
  const inner = remembered(inners, mostLabels, label, () => innerOf(key, label));
  const length = inner.from + message.length;
  if (inner.bytes.length !== length)
    inner.bytes = Buffer.concat([inner.bytes.subarray(0, inner.from)], length);
  inner.bytes.set(message, inner.from);
  putOctets(outer, blockBytes, hash('sha256', inner.bytes, 'binary'));
  return hash('sha256', outer, encoding);
};

const padsOf = (secret: string): Pads => {
  const given = Buffer.from(secret);
  const key = given.length > blockBytes ? hash('sha256', given, 'buffer') : given;
  const outer = Buffer.concat([padded(key, 0x5c), Buffer.alloc(hashBytes)]);
  return { key, inners: new Map(), outer };
};

const innerOf = (key: Buffer, label: string): Inner => {
  const bytes = Buffer.concat([padded(key, 0x36), Buffer.from(label)]);
  return { bytes, from: bytes.length };
};

const padded = (key: Buffer, byte: number): Buffer => {
  const pad = Buffer.alloc(blockBytes, byte);
  for (const [at, own] of key.entries()) pad[at] = own ^ byte;
  return pad;
};
