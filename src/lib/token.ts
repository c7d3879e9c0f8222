/**
 * Tokens in links. A token is a 16-byte key that names something, and 16 bytes of HMAC-SHA256 over
 * the token's purpose and that key: opaque, of 128 bits that nobody can guess, worth something for
 * one purpose only, and nothing to store.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { hmacSha256 } from './hmac.ts';
import { putOctets } from './octets.ts';

export type Purpose = 'confirm' | 'manage' | 'unsubscribe' | 'feed' | 'digest' | 'react';

const keyBytes = 16;
const macBytes = 16;

export const newKey = (): Buffer => randomBytes(keyBytes);

/**
 * A key that sorts by its time (milliseconds since 1970) and then by chance, as in RFC 9562 §5.7: new
 * ones go to the end of an index, where random ones would touch a page of it each. What makes a token
 * unguessable is its MAC, not its key.
 */
export const newOrderedKey = (at: number): Buffer => {
  if (chance.length < keyBytes) chance = randomBytes(1_000 * keyBytes);
  // A copy, or each key would hold on to all of them.
  const key = Buffer.from(chance.subarray(0, keyBytes));
  chance = chance.subarray(keyBytes);
  key.writeUIntBE(at, 0, 6);
  return key;
};

// Asking the system for every key of a large plan takes as long as writing it down.
let chance = randomBytes(0);

// As a string of octets: every mail holds several, and a buffer made for each takes twice the time.
const macOf = (secret: string, purpose: Purpose, key: Buffer): string =>
  hmacSha256(secret, labels[purpose], key).slice(0, macBytes);

const labels: Readonly<Record<Purpose, string>> = {
  confirm: 'paperboy/confirm\0',
  manage: 'paperboy/manage\0',
  unsubscribe: 'paperboy/unsubscribe\0',
  feed: 'paperboy/feed\0',
  digest: 'paperboy/digest\0',
  react: 'paperboy/react\0',
};

/** 43 characters of base64url. */
export const makeToken = (secret: string, purpose: Purpose, key: Buffer): string => {
  // A shorter one would leave some of another token's.
  if (key.length !== keyBytes) throw new Error(`a token for a key of ${key.length} bytes`);
  spelled.set(key);
  putOctets(spelled, keyBytes, macOf(secret, purpose, key));
  return spelled.toString('base64url');
};

// Written and read within one call.
const spelled = Buffer.alloc(keyBytes + macBytes);

/** The key in a token made with this secret for this purpose; `undefined` for anything else. */
export const readToken = (secret: string, purpose: Purpose, token: string): Buffer | undefined => {
  const bytes = Buffer.from(token, 'base64url');
  // base64url leaves two bits of the last character unused: other spellings of the same bytes
  // must not be the same token.
  if (bytes.length !== keyBytes + macBytes || bytes.toString('base64url') !== token)
    return undefined;
  const key = bytes.subarray(0, keyBytes);
  const mac = Buffer.from(macOf(secret, purpose, key), 'latin1');
  return timingSafeEqual(bytes.subarray(keyBytes), mac) ? key : undefined;
};

/** The token of the operator's own page where none is set: as long as there is one secret, the same. */
export const operatorToken = (secret: string): string =>
  createHmac('sha256', secret).update('paperboy/operator').digest('base64url');

/** Whether two secrets are the same, in a time that tells nothing of where they differ. */
export const isSameText = (a: string, b: string): boolean => {
  const [x, y] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return x !== undefined && y !== undefined && timingSafeEqual(x, y);
};
