/** What composing a mail needs besides the mail's own data; made once at start. */
import type { Mailbox } from '../config-fields.ts';
import { makeToken, type Purpose } from '../lib/token.ts';
import { verpAddress } from '../lib/verp.ts';
import type { DkimKey } from '../mail/dkim.ts';
import type { Templates } from '../mail/templates.ts';

export type MailKit = {
  readonly templates: Templates;
  readonly baseUrl: string;
  readonly secret: string;
  readonly from: Mailbox;
  /** Where bounces go; each reader's is marked and signed where `signsReturns` says so. */
  readonly returnPath: string;
  /** Whether `returnPath` is a mailbox of its own for bounces, which takes `+anything`. */
  readonly signsReturns: boolean;
  /** The operator's, at the foot of every mail. */
  readonly postalAddress?: string | undefined;
  /** Every mail is signed by each. */
  readonly dkim?: readonly DkimKey[] | undefined;
};

/** The envelope sender of a mail to one reader: a bounce to it names them, and cannot be forged. */
export const returnPathOf = (kit: MailKit, readerKey: Buffer): string =>
  kit.signsReturns ? verpAddress(kit.secret, kit.returnPath, readerKey) : kit.returnPath;

/** The address of a page that a token opens. */
export const tokenUrl = (
  { baseUrl, secret }: Pick<MailKit, 'baseUrl' | 'secret'>,
  purpose: Purpose,
  key: Buffer,
): string => {
  const [before, after] = pagePaths[purpose];
  return baseUrl + before + makeToken(secret, purpose, key) + after;
};

/** The token in such an address. */
export const tokenIn = (url: string): string =>
  url.slice(url.lastIndexOf('/') + 1).replace('.xml', '');

/** What stands before and after the token. */
const pagePaths: Readonly<Record<Purpose, readonly [string, string]>> = {
  confirm: ['/confirm/', ''],
  manage: ['/manage/', ''],
  unsubscribe: ['/unsubscribe/', ''],
  feed: ['/feeds/', '.xml'],
  digest: ['/digests/', ''],
  // A paper's id follows.
  react: ['/react/', ''],
};

/** The host of the base address as mail headers can hold it: an IPv6 address has colons and brackets. */
export const hostIn = (baseUrl: string): string =>
  new URL(baseUrl).hostname.replace(/^\[|\]$|\.$/g, '').replaceAll(':', '-');
