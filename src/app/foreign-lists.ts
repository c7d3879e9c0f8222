/**
 * Subscriber lists as other programs export them, told by their header: listmonk, Mailchimp,
 * Buttondown. Whoever has left or cannot be reached there stays so here.
 */
import { parseLanguage } from '../domain/language.ts';
import { parseTimeZone, type Status } from '../domain/subscription.ts';

export type ForeignKind = 'listmonk' | 'mailchimp' | 'buttondown';

export type Cells = Readonly<Record<string, string | undefined>>;

/** What a row of another program's list says in our terms. */
export type ForeignReader = {
  readonly email: string;
  readonly status: Status;
  /** When they subscribed or confirmed: the consent to keep. */
  readonly consentAt?: Date;
  readonly leftAt?: Date;
  readonly timeZone?: string;
  readonly language?: string;
  /** Must never be mailed again, and why. */
  readonly suppressed?: 'hard' | 'complaint' | 'manual';
};

/** The program whose export a header (in lower case) is; `undefined` for a list of our own. */
export const detectForeign = (header: readonly string[]): ForeignKind | undefined => {
  const has = (...names: readonly string[]): boolean =>
    names.every((name) => header.includes(name));
  if (has('uuid', 'email', 'attributes', 'status')) return 'listmonk';
  if (has('email address') && (has('optin_time') || has('leid'))) return 'mailchimp';
  if (has('creation_date') && (has('subscriber_type') || has('type'))) return 'buttondown';
  return undefined;
};

/** A date, zone or language that cannot be read is left out; a status nobody knows is a reason. */
export const readForeign = (kind: ForeignKind, row: Cells): ForeignReader | string => {
  const read = { listmonk, mailchimp, buttondown }[kind](row);
  return typeof read === 'string' ? read : { ...read, email: read.email.trim() };
};

// Without a zone the times are UTC.
const instant = (text: string | undefined): Date | undefined => {
  if (!text) return undefined;
  const spelled = text
    .trim()
    .replace(' ', 'T')
    .replace(/([+-]\d{2})$/, '$1:00');
  const at = new Date(/(?:Z|[+-]\d{2}:?\d{2})$/i.test(spelled) ? spelled : `${spelled}Z`);
  return Number.isNaN(at.getTime()) ? undefined : at;
};

type Place = Pick<ForeignReader, 'timeZone' | 'language'>;

const placeOf = (zone: string | undefined, language: string | undefined): Place => {
  const timeZone = zone ? parseTimeZone(zone) : undefined;
  // "pt-BR" and the like: the language without the country.
  const spoken = language && parseLanguage(language.toLowerCase().split(/[-_]/)[0] ?? '');
  return { ...(timeZone && { timeZone }), ...(spoken && { language: spoken }) };
};

const consent = (...told: readonly (string | undefined)[]): Pick<ForeignReader, 'consentAt'> => {
  const consentAt = told.map(instant).find((at) => at !== undefined);
  return consentAt ? { consentAt } : {};
};

/** `enabled`, `disabled` (not mailed for now), `blocklisted` (never again). */
const listmonk = (row: Cells): ForeignReader | string => {
  const email = row['email'] ?? '';
  const attributes = attributesOf(row['attributes']);
  const place = placeOf(
    attributes['timezone'] ?? attributes['time_zone'],
    attributes['language'] ?? attributes['lang'],
  );
  const base = { email, ...place, ...consent(row['created_at']) };
  switch (row['status']?.toLowerCase()) {
    case 'enabled':
      return { ...base, status: 'active' };
    case 'disabled':
      return { ...base, status: 'paused' };
    case 'blocklisted':
    case 'blacklisted':
      return { ...base, status: 'unsubscribed', suppressed: 'manual' };
    default:
      return `listmonk has no status "${row['status'] ?? ''}"`;
  }
};

const attributesOf = (text: string | undefined): Readonly<Record<string, string>> => {
  try {
    const parsed: unknown = JSON.parse(text || '{}');
    if (typeof parsed !== 'object' || parsed === null) return {};
    return Object.fromEntries(
      Object.entries(parsed).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name.toLowerCase(), value] as const] : [],
      ),
    );
  } catch {
    return {};
  }
};

/** Three files: subscribed, unsubscribed (with `UNSUB_TIME`) and cleaned (with `CLEAN_TIME`). */
const mailchimp = (row: Cells): ForeignReader => {
  const base = {
    email: row['email address'] ?? '',
    ...placeOf(row['timezone'], row['language'] ?? row['languages']),
    ...consent(row['confirm_time'], row['optin_time']),
  };
  const status = row['status']?.toLowerCase();
  if ('clean_time' in row || status === 'cleaned')
    return { ...base, status: 'unsubscribed', suppressed: 'hard', ...left(row['clean_time']) };
  if (row['unsub_time'] || status === 'unsubscribed')
    return {
      ...base,
      status: 'unsubscribed',
      ...left(row['unsub_time']),
      ...(/abuse|spam/i.test(row['unsub_reason'] ?? '') && { suppressed: 'complaint' as const }),
    };
  return { ...base, status: 'active' };
};

const left = (text: string | undefined): Pick<ForeignReader, 'leftAt'> => {
  const leftAt = instant(text);
  return leftAt ? { leftAt } : {};
};

const buttondownStatus: Readonly<Record<string, Status>> = {
  ...{ regular: 'active', premium: 'active', gifted: 'active', trialed: 'active' },
  ...{ unpaid: 'active', churning: 'active', past_due: 'active', churned: 'active' },
  ...{ unactivated: 'unconfirmed', paused: 'paused' },
  ...{ unsubscribed: 'unsubscribed', removed: 'unsubscribed', blocked: 'unsubscribed' },
  ...{ undeliverable: 'unsubscribed', complained: 'unsubscribed', spammy: 'unsubscribed' },
};

const buttondownSuppressed: Readonly<Record<string, 'hard' | 'complaint' | 'manual'>> = {
  ...{ undeliverable: 'hard', complained: 'complaint', blocked: 'manual', spammy: 'manual' },
};

const buttondown = (row: Cells): ForeignReader | string => {
  const type = (row['subscriber_type'] ?? row['type'] ?? '').toLowerCase();
  const status = buttondownStatus[type];
  if (!status) return `Buttondown has no subscriber type "${type}"`;
  const metadata = attributesOf(row['metadata']);
  const suppressed = buttondownSuppressed[type];
  return {
    email: row['email_address'] ?? row['email'] ?? '',
    status,
    ...placeOf(metadata['timezone'] ?? metadata['time_zone'], metadata['language']),
    ...consent(row['creation_date']),
    ...left(row['unsubscription_date'] || row['undeliverability_date']),
    ...(suppressed && { suppressed }),
  };
};
