import { domainToASCII, domainToUnicode } from 'node:url';
import { defaultLanguage, type Language } from './language.ts';

/**
 * A reader's settings and the life of a subscription:
 * `unconfirmed → active ⇄ paused → unsubscribed`. Only a click on the link in the confirmation mail
 * makes a subscription active.
 */
export const statuses = ['unconfirmed', 'active', 'paused', 'unsubscribed'] as const;
export type Status = (typeof statuses)[number];

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

export type Frequency =
  | { readonly kind: 'daily' }
  | { readonly kind: 'weekdays' }
  | { readonly kind: 'weekly'; readonly on: Weekday };

export type Settings = {
  /** Topic slugs, or `query:` and a query of the reader's own; at least one, in the reader's order. */
  readonly topics: readonly string[];
  readonly frequency: Frequency;
  /** 0 to 23, the reader's local hour from which the digest is due. */
  readonly hour: number;
  /** IANA zone, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** What the mails are written in. */
  readonly language: Language;
  /** How many papers a digest holds at most. */
  readonly papers: number;
  /**
   * What the reader never wants to see, whatever topic brings it: words, phrases, authors and
   * categories in the query language. Left out where nothing is muted, or where it is to stay.
   */
  readonly muted?: readonly string[];
};

/** The settings in which two differ. */
export const changedSettings = (before: Settings, after: Settings): readonly (keyof Settings)[] =>
  settingNames.filter((name) => spelled(before, name) !== spelled(after, name));

export const hasChanged = (before: Settings, after: Settings): boolean =>
  changedSettings(before, after).length > 0;

const settingNames: readonly (keyof Settings)[] = [
  ...(['topics', 'frequency', 'hour', 'timeZone', 'papers', 'language', 'muted'] as const),
];

const spelled = (settings: Settings, name: keyof Settings): string =>
  JSON.stringify(settings[name] ?? []);

export const papersPerDigest = { least: 1, usual: 10, most: 30 } as const;
export const mostTopics = 50;
export const mostMuted = 100;

export const defaultSettings = {
  frequency: { kind: 'daily' },
  hour: 8,
  timeZone: 'UTC',
  language: defaultLanguage,
  papers: papersPerDigest.usual,
} as const satisfies Omit<Settings, 'topics'>;

/** `daily`, `weekdays` or `weekly:mon`; `undefined` for anything else. */
export const parseFrequency = (text: string): Frequency | undefined => {
  const [kind, day, ...rest] = text.trim().toLowerCase().split(':');
  if (rest.length > 0) return undefined;
  if ((kind === 'daily' || kind === 'weekdays') && day === undefined) return { kind };
  if (kind !== 'weekly') return undefined;
  const on = weekdays.find((weekday) => weekday === day);
  return on && { kind, on };
};

export const renderFrequency = (frequency: Frequency): string =>
  frequency.kind === 'weekly' ? `weekly:${frequency.on}` : frequency.kind;

export const isStatus = (text: string): text is Status =>
  (statuses as readonly string[]).includes(text);

/** The zone as it was written, or `undefined` when this system knows no such zone. */
export const parseTimeZone = (text: string): string | undefined => {
  // Intl also takes offsets such as "+02:00", which are no IANA zones and know no summer time.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(text)) return undefined;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return text;
  } catch {
    return undefined;
  }
};

// RFC 5321 §4.5.3.1: local part 64, path 254 octets. No quoted local parts and no address
// literals: no reader has one, and both are ways to smuggle syntax into headers.
const localPart = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const domainPart =
  /^(?=.{1,253}$)(?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?\.)+[\p{L}\p{N}\p{M}-]{2,63}$/u;

/**
 * An address fit to be mailed, trimmed, its domain in lower case and in the letters of its language;
 * `undefined` when it is none. What comes back from mail servers has the domain's other spelling
 * (RFC 3492, `xn--…`), and it is one mailbox.
 */
export const parseEmail = (text: string): string | undefined => {
  const trimmed = text.trim().normalize('NFC');
  const at = trimmed.lastIndexOf('@');
  const [local, domain] = [trimmed.slice(0, at), spelledOut(trimmed.slice(at + 1).toLowerCase())];
  if (at < 1 || !localPart.test(local) || !domainPart.test(domain)) return undefined;
  const email = `${local}@${domain}`;
  return byteLength(local) > 64 || byteLength(email) > 254 ? undefined : email;
};

// The decoder reads whole addresses of the web, and some domains can be had that it will not spell: what
// is no domain before, or none of ours afterwards, stays as it is.
const spelledOut = (domain: string): string => {
  if (!domain.includes('xn--') || !domainPart.test(domain)) return domain;
  const told = domainToUnicode(domain);
  return domainPart.test(told) ? told : domain;
};

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/**
 * What makes two spellings one mailbox in practice: case. Dots and `+tags` stay, since only some
 * providers ignore them.
 */
export const emailKey = (email: string): string => email.toLowerCase();

/**
 * The keys an address may be stored under: its own, and the one in ASCII that it had before domains were
 * spelled out.
 */
export const emailKeys = (email: string): readonly string[] => {
  const key = emailKey(email);
  const at = key.lastIndexOf('@') + 1;
  const ascii = /[^ -~]/.test(key.slice(at)) ? domainToASCII(key.slice(at)) : '';
  return ascii === '' ? [key] : [key, key.slice(0, at) + ascii];
};
