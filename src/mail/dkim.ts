/**
 * DKIM signatures (RFC 6376, Ed25519 as in RFC 8463), relaxed/relaxed. Our own rather than
 * nodemailer's, which sends unsigned when the key fails, cannot sign a field twice (which is what
 * forbids a second From to be added on the way) and knows RSA alone.
 */

import type { KeyObject } from 'node:crypto';
import { createPrivateKey, createPublicKey, hash, privateEncrypt, sign, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { putOctets } from '../lib/octets.ts';
import { fieldMaker, type HeaderField, relaxed } from './headers.ts';

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
  const pem = await readFile(privateKeyFile).catch((cause: NodeJS.ErrnoException) => {
    const why = readFaults[cause.code ?? ''] ?? cause.message;
    throw new DkimError(`DKIM_PRIVATE_KEY_FILE cannot be read: ${privateKeyFile} (${why})`, {
      cause,
    });
  });
  const privateKey = parseKey(pem, privateKeyFile);
  const algorithm = algorithmOf(privateKey, privateKeyFile);
  const key: DkimKey = { domain, selector, privateKey, algorithm };
  const probe = selectFields([fieldMaker('From')('a@b.example'), fieldMaker('Subject')('probe')]);
  const { signedData } = draftField(probe, 'cHJvYmU=', key, new Date(0));
  // RSA signs in two ways, and each mail takes either.
  for (const signsHere of algorithm === 'rsa-sha256' ? [true, false] : [true])
    if (!(await isProved({ ...key, signsHere }, signedData)))
      throw new DkimError(`the DKIM key does not verify its own signature: ${privateKeyFile}`);
  return key;
};

const isProved = async (key: DkimKey, data: Buffer): Promise<boolean> => {
  const digest = key.algorithm === 'rsa-sha256' ? 'sha256' : null;
  try {
    const signature = await signData(key, data);
    return verify(digest, payload(key, data), createPublicKey(key.privateKey), signature);
  } catch (cause) {
    throw new DkimError('the DKIM key cannot sign', { cause });
  }
};

const readFaults: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'the user Paperboy runs as may not read it',
  EISDIR: 'it is a folder',
};

const parseKey = (pem: Buffer, file: string): KeyObject => {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    if (pem.includes('ENCRYPTED'))
      throw new DkimError(
        `DKIM_PRIVATE_KEY_FILE is locked by a passphrase, which nobody could type for a service: ${file}`,
        { cause },
      );
    const half = pem.includes('PUBLIC KEY') ? '; it is the public half, which goes into DNS' : '';
    throw new DkimError(`DKIM_PRIVATE_KEY_FILE holds no private key (PEM): ${file}${half}`, {
      cause,
    });
  }
};

const algorithmOf = (key: KeyObject, file: string): DkimKey['algorithm'] => {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519-sha256';
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  // RFC 8301 §3.2: signers must use at least 1,024 bits, should use 2,048.
  if (key.asymmetricKeyType === 'rsa' && bits >= 1024) return 'rsa-sha256';
  const kind = `${key.asymmetricKeyType}${bits > 0 ? ` of ${bits} bits` : ''}`;
  throw new DkimError(
    `DKIM needs an RSA key of 1,024 bits or more, or an Ed25519 key; DKIM_PRIVATE_KEY_FILE ${file} holds ${kind}`,
  );
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
  // Mails asked for together are first all put together: a signature takes so long that what they are
  // made of has left the core's nearest caches after it.
  await undefined;
  // All together: a signature that fails while another is awaited would end the process.
  return Promise.all(
    keys.map(async (key) => {
      const { header, signedData } = draftField(selected, bodyHash, key, signedAt);
      return header + foldSignature(await signData(key, signedData));
    }),
  );
};

/** The names of signed fields in order: as they are sent, in lines, and as they are hashed. */
type Listed = { readonly folded: string; readonly relaxed: string };
/** The fields that are signed as they are hashed, each with its line end. */
type Selected = { readonly listed: Listed; readonly lines: string };

/** A field without its signature, and what is to be signed. */
const draftField = (
  { listed, lines }: Selected,
  bodyHash: string,
  key: DkimKey,
  signedAt: Date,
) => {
  const time = Math.floor(signedAt.getTime() / 1000);
  const known = wordings.get(key);
  const wording =
    known?.listed === listed && known.time === time ? known : wordField(listed, key, time);
  if (wording !== known) wordings.set(key, wording);
  const { sent, hashed } = wording;
  return {
    header: sent[0] + bodyHash + sent[1],
    signedData: Buffer.from(lines + hashed[0] + bodyHash + hashed[1]),
  };
};

/** What a key's fields say before and after the body's hash, until the signature. */
type Wording = {
  readonly listed: Listed;
  readonly time: number;
  readonly sent: readonly [string, string];
  readonly hashed: readonly [string, string];
};

/** Mails planned together bear one date, and are signed as of it. */
const wordings = new WeakMap<DkimKey, Wording>();

const wordField = (
  listed: Listed,
  { domain, selector, algorithm }: DkimKey,
  time: number,
): Wording => {
  const worded = (start: string, fold: string, names: string): readonly [string, string] => [
    `${start}v=1; a=${algorithm}; c=relaxed/relaxed; d=${domain};${fold}s=${selector}; t=${time}; bh=`,
    `;${fold}h=${names};${fold}b=`,
  ];
  return {
    listed,
    time,
    sent: worded('DKIM-Signature: ', '\r\n ', listed.folded),
    hashed: worded('dkim-signature:', ' ', listed.relaxed),
  };
};

const foldSignature = (signature: Buffer): string => {
  let folded = '';
  // 72 characters a line.
  for (let from = 0; from < signature.length; from += 54)
    folded += `\r\n ${signature.toString('base64', from, from + 54)}`;
  return folded;
};

// RFC 8463 §3: Ed25519 signs the SHA-256 of the data, RSA hashes by itself.
const payload = (key: DkimKey, data: Buffer): Buffer =>
  key.algorithm === 'rsa-sha256' ? data : hash('sha256', data, 'buffer');

const signData = (key: DkimKey, data: Buffer): Buffer | Promise<Buffer> =>
  key.algorithm === 'rsa-sha256'
    ? key.signsHere
      ? signRsa(key.privateKey, data)
      : signElsewhere(key, data)
    : // Quicker than it would be to ask another thread.
      sign(null, payload(key, data), key.privateKey);

/**
 * RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2), the same bytes as `sign`: the private key's operation on
 * the hash behind the name of its algorithm. `sign` sets up both anew for each signature, among other work
 * a hundredth of it. Every key is proved at start by what this makes.
 */
export const signRsa = (privateKey: KeyObject, data: Buffer): Buffer => {
  putOctets(digestInfo, hashName.length, hash('sha256', data, 'binary'));
  return privateEncrypt(privateKey, digestInfo);
};

/** What stands before a SHA-256, RFC 8017 §9.2. */
const hashName = Buffer.from('3031300d060960864801650304020105000420', 'hex');
// Written and read within one call.
const digestInfo = Buffer.concat([hashName, Buffer.alloc(32)]);

/** The callback form, since it signs on another core. */
const signElsewhere = (key: DkimKey, data: Buffer): Promise<Buffer> =>
  new Promise((done, fail) => {
    sign('sha256', data, key.privateKey, (error, signature) => {
      if (error) fail(new DkimError('the DKIM key cannot sign', { cause: error }));
      else done(signature);
    });
  });

const selectFields = (fields: readonly HeaderField[]): Selected => {
  const { picked, listed } = selectionFor(fields);
  let lines = '';
  for (const at of picked) lines += fields[at]?.hashed ?? '';
  return { listed, lines };
};

/** Which fields of a head are signed, by their places in it. */
type Selection = {
  readonly names: readonly string[];
  readonly picked: readonly number[];
  readonly listed: Listed;
};

/** Heads of one kind have the same fields in the same order, and there are few kinds. */
const selections: Selection[] = [];
const mostSelections = 20;

const selectionFor = (fields: readonly HeaderField[]): Selection => {
  const known = selections.find(({ names }) => areNames(names, fields));
  if (known) return known;
  const made = toSelection(fields.map(({ name }) => name));
  if (selections.length >= mostSelections) selections.pop();
  selections.unshift(made);
  return made;
};

const areNames = (names: readonly string[], fields: readonly HeaderField[]): boolean =>
  names.length === fields.length && names.every((name, at) => fields[at]?.name === name);

/** RFC 6376 §5.4.2: of several fields of one name the last is signed first; none counts as empty. */
const toSelection = (names: readonly string[]): Selection => {
  const left = names.map((name) => name.toLowerCase());
  const picked: number[] = [];
  const listed: string[] = [];
  for (const name of signedFields) {
    const at = left.lastIndexOf(name);
    if (at >= 0) {
      left[at] = '';
      picked.push(at);
    }
    // Only From is named beyond what is there: other fields a relay adds are none of ours.
    if (at >= 0 || name === 'from') listed.push(name);
  }
  const folded = listed.join(':').replace(/.{50,70}:/g, '$&\r\n  ');
  return { names, picked, listed: { folded, relaxed: relaxed(folded) } };
};
