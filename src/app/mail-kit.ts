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
  readonly dkim?: DkimKey | undefined;
  /** The operator's, at the foot of every mail. */
  readonly postalAddress?: string | undefined;
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
  const token = makeToken(secret, purpose, key);
  const paths = {
    confirm: `/confirm/${token}`,
    manage: `/manage/${token}`,
    unsubscribe: `/unsubscribe/${token}`,
    feed: `/feeds/${token}.xml`,
    digest: `/digests/${token}`,
    // A paper's id follows.
    react: `/react/${token}`,
  };
  return baseUrl + paths[purpose];
};
