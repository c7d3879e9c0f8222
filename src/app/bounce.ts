/** What comes to the bounce address, read and applied. Applying it again changes nothing. */
import { insertBounce, listSentDays, listSoftBounceDays } from '../db/bounces.ts';
import { type Db, inTransaction } from '../db/open.ts';
import { findByEmail, findByKey, type Subscriber, setStatus } from '../db/subscribers.ts';
import { suppress } from '../db/suppressions.ts';
import { readBounces } from '../domain/bounce.ts';
import { type Bounce, headerOf, type MailMessage } from '../domain/bounce-message.ts';
import type { Day } from '../domain/paper.ts';
import { isGivenUp, softWindowStart } from '../domain/soft-bounces.ts';
import { emailKey, parseEmail } from '../domain/subscription.ts';
import { readUnsubscribeToken } from '../domain/unsubscribe-mail.ts';
import { readToken } from '../lib/token.ts';
import { findVerpKeys } from '../lib/verp.ts';
import { mostReportBytes, parseMessage } from '../mail/mime.ts';

export type BounceDeps = {
  readonly db: Db;
  readonly secret: string;
  /** Where bounces go. When set, a report counts only with one of our signed marks in it. */
  readonly bounceAddress: string | undefined;
};

/**
 * `operator`: someone at the terminal, or their mail server, hands over a message. `mailbox`: it was
 * found in a mailbox that anyone may write to. `provider`: the report itself is authenticated.
 */
export type Origin = 'operator' | 'mailbox' | 'provider';

export type Effect =
  | 'suppressed'
  | 'unsubscribed'
  /** A soft bounce that counts towards giving up, or anything done before. */
  | 'noted'
  /** Nothing was changed: nothing shows that our mail was the cause. */
  | 'unproven'
  /** Nobody we mail has that address. */
  | 'unknown';

export type TakenBounce = Bounce & { readonly effect: Effect };

export type TakeOptions = {
  readonly origin: Origin;
  readonly now: Date;
  readonly dryRun?: boolean;
};

/** Reads one message as it came, and applies it. No bounce in it gives an empty list. */
export const takeMessage = (
  deps: BounceDeps,
  bytes: Buffer,
  options: TakeOptions,
): readonly TakenBounce[] => {
  const message = parseMessage(bytes);
  const token = readUnsubscribeToken(message);
  if (token !== undefined) return takeUnsubscription(deps, token, options);
  const bounces = readBounces(message);
  if (bounces.length === 0) return [];
  const marked = findMarked(deps, bytes.subarray(0, mostReportBytes).toString('latin1'));
  return takeBounces(deps, bounces, { ...options, marked, at: writtenAt(message, options.now) });
};

/** Reports come within days; one that says otherwise has a wrong clock. */
const oldestReportMs = 30 * 24 * 60 * 60_000;

/**
 * When a report was written, by its own word where that can be: read again on another day it tells of
 * the same day.
 */
const writtenAt = ({ headers }: MailMessage, now: Date): Date => {
  const told = new Date(headerOf(headers, 'date'));
  return told <= now && now.getTime() - told.getTime() < oldestReportMs ? told : now;
};

const takeUnsubscription = (
  { db, secret }: BounceDeps,
  token: string,
  { now, dryRun }: TakeOptions,
): readonly TakenBounce[] => {
  const key = readToken(secret, 'unsubscribe', token);
  const reader = key && findByKey(db, key);
  if (!reader) return [];
  const bounce = { recipient: reader.email, verdict: 'opt-out', status: '' } as const;
  if (!dryRun) inTransaction(db, () => leave(db, reader, now));
  return [{ ...bounce, reason: 'unsubscribe', effect: 'unsubscribed' }];
};

/**
 * The readers whose signed marks stand in a message: our return address, to which a bounce comes and
 * which heads the mail it encloses, or the unsubscribe link of an enclosed digest. Nobody but the
 * reader and the servers on the way has seen them.
 */
const findMarked = ({ db, secret, bounceAddress }: BounceDeps, text: string): Subscriber[] => {
  const joined = text.replace(/=\r?\n/g, '');
  const tokens = [...joined.matchAll(/unsubscribe(?:\/|%20| |=20)([\w-]{43})(?![\w-])/gi)];
  const keys = [
    ...(bounceAddress ? findVerpKeys(secret, bounceAddress, text) : []),
    ...tokens.flatMap(([, token]) => readToken(secret, 'unsubscribe', token ?? '') ?? []),
  ];
  const readers = keys.flatMap((key) => findByKey(db, key) ?? []);
  return [...new Map(readers.map((reader) => [reader.id, reader])).values()];
};

const utcDay = (at: Date): Day => at.toISOString().slice(0, 10);

type Circumstances = {
  /** The readers a message proves to be about. */
  readonly marked?: readonly Subscriber[];
  /** When it happened; now where that is left out. */
  readonly at?: Date;
};

/** Applies verdicts that are read already. */
export const takeBounces = (
  deps: BounceDeps,
  bounces: readonly Bounce[],
  options: TakeOptions & Circumstances,
): readonly TakenBounce[] => {
  const { db } = deps;
  const take = (): readonly TakenBounce[] =>
    bounces.map((bounce) => ({
      ...bounce,
      effect: takeOne(deps, bounce, bounces.length, options),
    }));
  return options.dryRun ? take() : inTransaction(db, take);
};

const takeOne = (
  { db, bounceAddress }: BounceDeps,
  bounce: Bounce,
  among: number,
  { origin, marked = [], now, at = now, dryRun }: TakeOptions & Circumstances,
): Effect => {
  const email = parseEmail(bounce.recipient);
  const named =
    email === undefined
      ? undefined
      : marked.find((reader) => emailKey(reader.email) === emailKey(email));
  // A mail that was forwarded bounces from an address we do not know; our mark tells whose it was.
  const proven = named ?? (among === 1 && marked.length === 1 ? marked[0] : undefined);
  const trusted = origin === 'provider' || (origin === 'operator' && bounceAddress === undefined);
  if (!proven && !trusted) return 'unproven';
  const reader = proven ?? (email ? findByEmail(db, email) : undefined);
  const address = reader?.email ?? email;
  if (!address) return 'unknown';
  if (dryRun) return expectedEffect(bounce, reader);
  return apply(db, address, reader, bounce, { now, at });
};

const expectedEffect = ({ verdict }: Bounce, reader: Subscriber | undefined): Effect => {
  if (verdict === 'hard' || verdict === 'complaint') return 'suppressed';
  if (!reader) return 'unknown';
  return verdict === 'soft' ? 'noted' : 'unsubscribed';
};

const apply = (
  db: Db,
  address: string,
  reader: Subscriber | undefined,
  { verdict, status, reason }: Bounce,
  { now, at }: { readonly now: Date; readonly at: Date },
): Effect => {
  const today = utcDay(now);
  const detail = [status, reason].filter(Boolean).join(' ');
  if (reader)
    insertBounce(db, {
      ...{ subscriberId: reader.id, day: utcDay(at) },
      verdict,
      status,
      reason,
      at,
    });
  switch (verdict) {
    case 'hard':
      return suppress(db, address, 'hard', detail, now) ? 'suppressed' : 'noted';
    case 'complaint': {
      const first = suppress(db, address, 'complaint', detail, now);
      if (reader) leave(db, reader, now);
      return first ? 'suppressed' : 'noted';
    }
    case 'opt-out':
      if (!reader) return 'unknown';
      leave(db, reader, now);
      return 'unsubscribed';
    case 'soft': {
      if (!reader) return 'unknown';
      const from = softWindowStart(today);
      const days = listSoftBounceDays(db, reader.id, from);
      if (!isGivenUp(days, listSentDays(db, reader.id, from), today)) return 'noted';
      return suppress(db, address, 'soft', `${days.length} days of ${detail}`, now)
        ? 'suppressed'
        : 'noted';
    }
    default:
      return verdict satisfies never;
  }
};

const leave = (db: Db, reader: Subscriber, now: Date): void => {
  if (reader.status !== 'unsubscribed') setStatus(db, reader.id, 'unsubscribed', now);
};
