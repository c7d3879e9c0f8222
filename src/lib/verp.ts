/**
 * Return addresses that name the reader a mail went to, signed so that nobody can make one up:
 * `bounces+TOKEN@example.org`. A bounce counts when it came to such an address, whatever it says
 * (VERP: https://cr.yp.to/proto/verp.txt; signed as in BATV, so that forged bounces change nothing).
 *
 * The token is a 16-byte key and 10 bytes of HMAC-SHA256 over it, in lower-case base32, since some
 * systems change the case of a local part: 42 characters of the 64 that RFC 5321 §4.5.3.1.1 allows.
 */
import { timingSafeEqual } from 'node:crypto';
import { hmacSha256 } from './hmac.ts';
import { putOctets } from './octets.ts';

const keyBytes = 16;
// 80 bits: a forger would have to try them against our own mail server, one mail each.
const macBytes = 10;

/** RFC 4648 §6, in lower case. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** Characters of a token: 26 bytes, 5 bits a character. */
const tokenLength = Math.ceil(((keyBytes + macBytes) * 8) / 5);

/** RFC 5321 §4.5.3.1.1. */
const longestLocalPart = 64;

// As a string of octets: every mail holds one, and buffers on the way take twice the time.
const macOf = (secret: string, key: Buffer): string =>
  hmacSha256(secret, 'paperboy/verp\0', key).slice(0, macBytes);

/**
 * The envelope sender for mail to the reader with this key (16 bytes, `subscribers.key`). An address
 * whose local part leaves no room for a token is given back as it is; `hasRoomForVerp` tells.
 */
export const verpAddress = (secret: string, bounceAddress: string, key: Buffer): string => {
  if (!hasRoomForVerp(bounceAddress)) return bounceAddress;
  // A shorter one would leave some of another reader's.
  if (key.length !== keyBytes) throw new Error(`a reader's key of ${key.length} bytes`);
  const at = bounceAddress.lastIndexOf('@');
  spelled.set(key);
  putOctets(spelled, keyBytes, macOf(secret, key));
  return `${bounceAddress.slice(0, at)}+${toBase32(spelled)}${bounceAddress.slice(at)}`;
};

// Written and read within one call.
const spelled = Buffer.alloc(keyBytes + macBytes);

/** Whether the local part is of at most 21 characters. */
export const hasRoomForVerp = (bounceAddress: string): boolean =>
  bounceAddress.lastIndexOf('@') + 1 + tokenLength <= longestLocalPart;

/** The keys named by all of our own return addresses that stand in a text; forged ones are none. */
export const findVerpKeys = (
  secret: string,
  bounceAddress: string,
  text: string,
): readonly Buffer[] => {
  const at = bounceAddress.lastIndexOf('@');
  const pattern = new RegExp(
    `(?<![\\w.+-])${escapePattern(bounceAddress.slice(0, at))}\\+([a-z2-7]{${tokenLength}})${escapePattern(bounceAddress.slice(at))}(?![\\w-])`,
    'gi',
  );
  const keys = new Map<string, Buffer>();
  for (const [, token] of text.matchAll(pattern)) {
    const key = token && readVerpToken(secret, token);
    if (key) keys.set(key.toString('hex'), key);
  }
  return [...keys.values()];
};

const readVerpToken = (secret: string, token: string): Buffer | undefined => {
  const bytes = fromBase32(token.toLowerCase());
  if (toBase32(bytes) !== token.toLowerCase()) return undefined;
  const key = bytes.subarray(0, keyBytes);
  const mac = Buffer.from(macOf(secret, key), 'latin1');
  return timingSafeEqual(bytes.subarray(keyBytes), mac) ? key : undefined;
};

const toBase32 = (bytes: Buffer): string => {
  // A string that grows by characters leaves each of its beginnings to be collected.
  const letters = Buffer.alloc(Math.ceil((bytes.length * 8) / 5));
  let length = 0;
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      letters[length++] = alphabet.charCodeAt((value >>> bits) & 31);
    }
    value &= (1 << bits) - 1;
  }
  if (bits > 0) letters[length] = alphabet.charCodeAt((value << (5 - bits)) & 31);
  return letters.toString('latin1');
};

const fromBase32 = (text: string): Buffer => {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of text) {
    value = (value << 5) | alphabet.indexOf(character);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >>> bits) & 255);
    value &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
};

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
