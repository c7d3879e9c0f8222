/** Header values: human text is cleaned, machine values are refused unless exactly fit. */
import { domainToASCII } from 'node:url';
import { clampText } from './plain.ts';

/** A field as it is sent and as DKIM's relaxed canonicalisation has it, each with its line end. */
export type HeaderField = {
  readonly name: string;
  readonly sent: string;
  readonly hashed: string;
};

/**
 * Makes fields of one name, of values fit for a header, folded or not; `canonical` is the value as
 * `relaxed` has it, where that is known. A field that mails share is made once for all of them.
 */
export const fieldMaker = (name: string): ((value: string, canonical?: string) => HeaderField) => {
  const [start, hashedStart] = [`${name}: `, `${name.toLowerCase()}:`];
  return (value, canonical = relaxed(value)) => ({
    name,
    sent: `${start}${value}\r\n`,
    hashed: `${hashedStart}${canonical}\r\n`,
  });
};

/** A value as RFC 6376 §3.4.2 has it. */
export const relaxed = (value: string): string =>
  // Nearly all: a value we have written, in one line.
  /[\r\t]| {2}|^ | $/.test(value)
    ? value.replace(/(?:\r\n|[ \t])+/g, ' ').replace(/^ | $/g, '')
    : value;

/** What people wrote (subjects, names): one clean line, so that it cannot open another header. */
export const humanValue = (text: string): string => clampText(text, 250);

// RFC 5322 §2.1.1 allows 998 octets a line; these are written unfolded, with their name before them.
const longestValue = 900;

/** Printable ASCII on one line. @throws naming the header, since such a value is our own mistake. */
export const machineValue = (name: string, value: string): string => {
  if (/^[!-~](?:[ -~]*[!-~])?$/.test(value) && value.length <= longestValue) return value;
  throw new Error(`${name}: not a header value: ${JSON.stringify(value.slice(0, 100))}`);
};

/** An `http(s)` or `mailto` address between angle brackets. @throws like `machineValue`. */
export const bracketedUrl = (name: string, url: string): string => {
  // Printable, and nothing that would end it.
  if (/^(?:https?|mailto):[!-+\--;=?-~]+$/i.test(url) && url.length <= longestValue - 2)
    return `<${url}>`;
  throw new Error(`${name}: not an address: ${JSON.stringify(url.slice(0, 100))}`);
};

/** Local part and domain, the domain in its ASCII form (RFC 5891). */
export type Mailbox = { readonly local: string; readonly domain: string };

/**
 * A mailbox fit for an envelope or header: one `@`, no quoting, no comment, no route, nothing that
 * could end a command or a header; `undefined` for anything else.
 */
export const parseMailbox = (address: string): Mailbox | undefined => {
  const at = address.indexOf('@');
  if (at < 0 || address.includes('@', at + 1)) return undefined;
  const local = address.slice(0, at);
  if (!isLocalPart(local)) return undefined;
  const ascii = asciiDomain(address.slice(at + 1));
  return /^[a-z0-9.-]{1,253}$/.test(ascii) ? { local, domain: ascii } : undefined;
};

// Letters of all scripts take a regular expression ten times as long as plain ones.
const isLocalPart = (local: string): boolean =>
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}$/.test(local) ||
  (/^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~.-]+$/u.test(local) && Buffer.byteLength(local) <= 64);

// Our own domain stands in every mail, and a few big ones in most.
const asciiDomains = new Map<string, string>();
const mostDomains = 5_000;

const asciiDomain = (domain: string): string => {
  const known = asciiDomains.get(domain);
  if (known !== undefined) return known;
  const ascii = domainToASCII(domain);
  if (asciiDomains.size >= mostDomains) asciiDomains.clear();
  asciiDomains.set(domain, ascii);
  return ascii;
};

/** @throws when the address is none; addresses are checked long before a message is composed. */
export const mailboxValue = (name: string, address: string): string => {
  const mailbox = parseMailbox(address);
  if (!mailbox) throw new Error(`${name}: not a mail address: ${JSON.stringify(address)}`);
  return `${mailbox.local}@${mailbox.domain}`;
};
