/** SHA-256 of short texts, in one call. */
import * as crypto from 'node:crypto';

// `hash` came with Node 20.12. An object of `createHash` outlives the next small collections of
// memory, so that a hash for each of many readers fills some 700 bytes each until a large one.
const inOneCall = crypto.hash as typeof crypto.hash | undefined;

/** In hex, of the text in UTF-8. */
export const sha256Hex = (text: string): string =>
  inOneCall ? inOneCall('sha256', text) : crypto.createHash('sha256').update(text).digest('hex');
