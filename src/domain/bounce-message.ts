/** A message as the reading of reports sees it; `mail/mime.ts` makes one from bytes. */

/** Values by lower-case name, in the order they stand in the message. */
export type MailHeaders = ReadonlyMap<string, readonly string[]>;

/** A leaf of the MIME tree. The text of an enclosed message is that message, headers first. */
export type MailPart = {
  /** `text/plain`, lower case, without parameters. */
  readonly type: string;
  readonly headers: MailHeaders;
  readonly text: string;
};

export type MailMessage = { readonly headers: MailHeaders; readonly parts: readonly MailPart[] };

export type BounceVerdict = 'hard' | 'soft' | 'complaint' | 'opt-out';

export type Bounce = {
  /** Lower-case domain; the local part as the report spells it. */
  readonly recipient: string;
  readonly verdict: BounceVerdict;
  /** Enhanced status code (RFC 3463) such as `5.1.1`, or an empty text where none is told. */
  readonly status: string;
  /** One word of `bounce-reason.ts`, such as `userunknown`; `feedback` for what readers ask. */
  readonly reason: string;
};

export const headerOf = (headers: MailHeaders, name: string): string =>
  headers.get(name)?.[0] ?? '';

// Deliberately narrow on the right, since reports put brackets, dots and colons after an address.
const addressPattern =
  /[^\s<>()[\]\\,;:@"'*=][^\s<>()[\]\\,;:@"'*]{0,63}@[a-z0-9](?:[\w.-]{0,253}[a-z0-9])?/i;
const quotedLocalPattern = /"[^"\n]{1,60}"@[a-z0-9](?:[\w.-]{0,253}[a-z0-9])?/i;

/** Characters looked at for an address: whoever writes a report decides how long it is. */
const mostValue = 4_000;

/** Addresses taken out of one header; our own mails have one recipient each. */
const mostAddresses = 50;

/** The first mail address in a text, its domain in lower case. */
export const findAddress = (text: string): string | undefined => {
  const start = text.slice(0, mostValue);
  const found = quotedLocalPattern.exec(start)?.[0] ?? addressPattern.exec(start)?.[0];
  if (found === undefined) return undefined;
  const at = found.lastIndexOf('@');
  return found.slice(0, at) + found.slice(at).toLowerCase();
};

/** All mail addresses in a header's value. */
export const listAddresses = (text: string): readonly string[] =>
  [...text.slice(0, mostValue).matchAll(new RegExp(addressPattern, 'gi'))]
    .slice(0, mostAddresses)
    .flatMap(([match]) => {
      const address = findAddress(match);
      return address ? [address] : [];
    });
