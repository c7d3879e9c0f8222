/** What composing a mail needs besides the mail's own data; made once at start. */
import type { Mailbox } from '../config.ts';
import { makeToken, type Purpose } from '../lib/token.ts';
import type { DkimKey } from '../mail/dkim.ts';
import type { Templates } from '../mail/templates.ts';

export type MailKit = {
  readonly templates: Templates;
  readonly baseUrl: string;
  readonly secret: string;
  readonly from: Mailbox;
  /** Envelope sender, where bounces go. */
  readonly returnPath: string;
  readonly dkim?: DkimKey | undefined;
};

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
  };
  return baseUrl + paths[purpose];
};
