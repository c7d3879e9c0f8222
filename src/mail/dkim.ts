/**
 * DKIM signatures (RFC 6376, Ed25519 as in RFC 8463), relaxed/relaxed. Our own rather than
 * nodemailer's, which sends unsigned when the key fails, cannot sign a field twice (which is what
 * forbids a second From to be added on the way) and knows RSA alone.
 */

import type { KeyObject } from 'node:crypto';
import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { remembered } from '../lib/remembered.ts';
import type { HeaderField } from './headers.ts';

export type DkimConfig = {
  readonly domain: string;
  /** One or several: each signs every mail. */
  readonly keys: readonly DkimKeyConfig[];
};

export type DkimKeyConfig = {
  readonly selector: string;
  /** PEM, PKCS #1 or #8, RSA or Ed25519. */
  readonly privateKeyFile: string;
};

export type DkimKey = {
  readonly domain: string;
  readonly selector: string;
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256';
  readonly privateKey: KeyObject;
  /**
   * Whether RSA signs in the thread that asks, rather than on another core. To ask another thread costs
   * a fifth of a signature.
   */
  readonly signsHere?: boolean | undefined;
};

/** A key that cannot sign; the message says what is wrong with which setting. */
export class DkimError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'DkimError';
  }
}

/**
 * Reads the keys and proves each: a probe message is signed and its signature verified with the
 * public half, so that a service which starts is a service that signs.
 * @throws DkimError
 */
export const loadDkimKeys = async ({ domain, keys }: DkimConfig): Promise<readonly DkimKey[]> => {
  if (!dnsName.test(domain)) throw new DkimError(`DKIM_DOMAIN is not a domain: ${domain}`);
  const loaded: DkimKey[] = [];
  for (const key of keys) loaded.push(await loadKey(domain, key));
  return loaded;
};

const dnsName = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i;

const loadKey = async (
  domain: string,
  { selector, privateKeyFile }: DkimKeyConfig,
): Promise<DkimKey> => {
  if (!dnsName.test(selector)) throw new DkimError(`DKIM_SELECTOR is not a name: ${selector}`);
  const pem = await readFile(privateKeyFile).catch((cause: unknown) => {
    throw new DkimError(`DKIM_PRIVATE_KEY_FILE cannot be read: ${privateKeyFile}`, { cause });
  });
  const privateKey = parseKey(pem, privateKeyFile);
  const key: DkimKey = { domain, selector, privateKey, algorithm: algorithmOf(privateKey) };
  const probe = selectFields([
    ['From', 'a@b.example'],
    ['Subject', 'probe'],
  ]);
  const { signature, signedData } = await signFields(probe, 'cHJvYmU=', key, new Date(0));
  const digest = key.algorithm === 'rsa-sha256' ? 'sha256' : null;
  const proved = verify(digest, payload(key, signedData), createPublicKey(privateKey), signature);
  if (!proved)
    throw new DkimError(`the DKIM key does not verify its own signature: ${privateKeyFile}`);
  return key;
};

const parseKey = (pem: Buffer, file: string): KeyObject => {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new DkimError(`DKIM_PRIVATE_KEY_FILE holds no private key (PEM): ${file}`, { cause });
  }
};

const algorithmOf = (key: KeyObject): DkimKey['algorithm'] => {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519-sha256';
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  // RFC 8301 §3.2: signers must use at least 1,024 bits, should use 2,048.
  if (key.asymmetricKeyType === 'rsa' && bits >= 1024) return 'rsa-sha256';
  throw new DkimError('DKIM needs an RSA key of 1,024 bits or more, or an Ed25519 key');
};

// What a receiver acts on or shows. From is named twice: the second, empty one makes the signature
// fail when somebody adds another From (RFC 6376 §8.15).
const signedFields = [
  'from',
  'from',
  'to',
  'reply-to',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'list-id',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'feedback-id',
] as const;

/**
 * The DKIM-Signature fields of a message, one for each key, without their line ends. `body` must be
 * what relaxed canonicalisation makes of it, as `encodePiece` writes. No signature covers another, so
 * a receiver may know either algorithm or both.
 */
export const dkimFields = async (
  fields: readonly HeaderField[],
  body: Buffer,
  keys: readonly DkimKey[],
  signedAt: Date,
): Promise<readonly string[]> => {
  const bodyHash = hash('sha256', body, 'base64');
  const selected = selectFields(fields);
  const signed = keys.map((key) => signFields(selected, bodyHash, key, signedAt));
  // All together: a signature that fails while another is awaited would end the process.
  return (await Promise.all(signed)).map(
    ({ header, signature }) => header + foldSignature(signature.toString('base64')),
  );
};

/** The names of signed fields in order, and all of them as they are hashed, line ends between. */
type Selected = { readonly names: string; readonly lines: string };

const signFields = async (
  { names, lines }: Selected,
  bodyHash: string,
  key: DkimKey,
  signedAt: Date,
) => {
  const signedFields = foldNames(names);
  const time = Math.floor(signedAt.getTime() / 1000);
  const { domain, selector, algorithm } = key;
  const written = (fold: string, listed: string): string =>
    `v=1; a=${algorithm}; c=relaxed/relaxed; d=${domain};${fold}s=${selector}; t=${time}; ` +
    `bh=${bodyHash};${fold}h=${listed};${fold}b=`;
  const signedData = Buffer.from(`${lines}dkim-signature:${written(' ', signedFields.relaxed)}`);
  return {
    header: `DKIM-Signature: ${written('\r\n ', signedFields.folded)}`,
    signedData,
    signature: await signData(key, signedData),
  };
};

/** The names as they are sent, in lines, and as they are hashed. */
const foldNames = (names: string): { readonly folded: string; readonly relaxed: string } =>
  remembered(foldedNames, 20, names, () => {
    const folded = names.replace(/.{50,70}:/g, '$&\r\n  ');
    return { folded, relaxed: relaxed(folded) };
  });
const foldedNames = new Map<string, ReturnType<typeof foldNames>>();

const foldSignature = (signature: string): string => {
  let folded = '';
  for (let from = 0; from < signature.length; from += 72)
    folded += `\r\n ${signature.slice(from, from + 72)}`;
  return folded;
};

// RFC 8463 §3: Ed25519 signs the SHA-256 of the data, RSA hashes by itself.
const payload = (key: DkimKey, data: Buffer): Buffer =>
  key.algorithm === 'rsa-sha256' ? data : hash('sha256', data, 'buffer');

const signData = (key: DkimKey, data: Buffer): Buffer | Promise<Buffer> =>
  key.algorithm === 'rsa-sha256'
    ? key.signsHere
      ? sign('sha256', data, key.privateKey)
      : signElsewhere(key, data)
    : // Quicker than it would be to ask another thread.
      sign(null, payload(key, data), key.privateKey);

/** The callback form, since it signs on another core. */
const signElsewhere = (key: DkimKey, data: Buffer): Promise<Buffer> =>
  new Promise((done, fail) => {
    sign('sha256', data, key.privateKey, (error, signature) => {
      if (error) fail(new DkimError('the DKIM key cannot sign', { cause: error }));
      else done(signature);
    });
  });

/** RFC 6376 §5.4.2: of several fields of one name the last is signed first; none counts as empty. */
const selectFields = (fields: readonly HeaderField[]): Selected => {
  const left = fields.map(([name]) => lowerCase(name));
  let names = '';
  let lines = '';
  for (const name of signedFields) {
    const at = left.lastIndexOf(name);
    if (at >= 0) left[at] = '';
    const value = fields[at]?.[1];
    if (value !== undefined) lines += `${name}:${relaxed(value)}\r\n`;
    // Only From is named beyond what is there: other fields a relay adds are none of ours.
    if (value !== undefined || name === 'from') names += names === '' ? name : `:${name}`;
  }
  return { names, lines };
};

const lowerCase = (name: string): string =>
  remembered(lowerNames, 100, name, () => name.toLowerCase());
// The same dozen in every mail.
const lowerNames = new Map<string, string>();

/** A field's value, RFC 6376 §3.4.2. */
const relaxed = (value: string): string =>
  // Nearly all: a value we have written, in one line.
  /[\r\t]| {2}|^ | $/.test(value)
    ? value.replace(/(?:\r\n|[ \t])+/g, ' ').replace(/^ | $/g, '')
    : value;
