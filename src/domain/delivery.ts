/**
 * The life of one mail in the ledger:
 *
 *   planned → claimed → data-sent → sent | deferred | failed | unknown
 *
 * `claimed` is a lease: nothing has left the house, so once it runs out the mail may be claimed
 * again. `data-sent` is committed before the final dot of SMTP's DATA; whoever dies after that
 * leaves a mail that may or may not have been taken, and only that one becomes `unknown`. The
 * doubtful is never sent again: a digest missed is healed by the next one, a digest sent twice
 * costs trust.
 */
export const deliveryStates = [
  'planned',
  'claimed',
  'data-sent',
  'sent',
  'deferred',
  'failed',
  'unknown',
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export const deliveryKinds = [
  ...(['digest', 'confirmation', 'welcome', 'already', 'changed', 'goodbye'] as const),
] as const;
export type DeliveryKind = (typeof deliveryKinds)[number];

/** What a transport says of one attempt. `scope: 'host'`: so it would be for every mail. */
export type SendOutcome =
  | { readonly kind: 'sent'; readonly reply: string }
  /** Nothing was delivered; try later. */
  | { readonly kind: 'deferred'; readonly reason: string; readonly scope: 'message' | 'host' }
  /**
   * Nothing was delivered and trying again is useless. `about` says what was refused: the mailbox
   * (absent means that too), or our message or ourselves, which is no reason to give up the reader.
   */
  | {
      readonly kind: 'rejected';
      readonly code: number;
      readonly reason: string;
      readonly about?: 'mailbox' | 'message';
    }
  /** The message was handed over whole, but the answer never came: it may have been delivered. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** How the ledger settles an attempt. */
export type Settlement =
  | { readonly state: 'sent'; readonly reason: string }
  | { readonly state: 'deferred'; readonly reason: string; readonly retryAt: Date }
  | { readonly state: 'failed'; readonly reason: string; readonly suppress: boolean }
  | { readonly state: 'unknown'; readonly reason: string };

const minuteMs = 60_000;

/**
 * How long a mail is its sender's: more than the time-outs of a transport, a minute to connect and fifteen
 * for a message. What waits its turn behind slow mails may see its lease run out all the same; before the
 * final dot it is asked for, and renewed.
 */
export const leaseMs = 20 * minuteMs;

export const leaseFrom = (now: Date): Date => new Date(now.getTime() + leaseMs);

/** A mail not delivered by then is stale: the next digest is nearer than this one is fresh. */
export const staleAfterMs = 20 * 60 * minuteMs;

export const isStale = (plannedAt: Date, now: Date): boolean =>
  now.getTime() - plannedAt.getTime() > staleAfterMs;

/** Claimed late, after an outage: the next digest is nearer than this one is fresh. */
export const isTooLate = (
  { kind, plannedAt }: { readonly kind: DeliveryKind; readonly plannedAt: Date },
  now: Date,
): boolean => kind === 'digest' && isStale(plannedAt, now);

const firstRetryMs = 1 * minuteMs;
const longestRetryMs = 60 * minuteMs;

/** Milliseconds to wait after the n-th failed attempt: doubling from a minute to an hour, ±20 %. */
export const retryDelayMs = (attempts: number, key: string): number => {
  const base = Math.min(firstRetryMs * 2 ** Math.max(0, attempts - 1), longestRetryMs);
  return Math.round(base * (0.8 + 0.4 * fraction(`${key}/${attempts}`)));
};

/** From 0 to 1 by FNV-1a, so that jitter spreads over names and is the same in every run. */
export const fraction = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1)
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash / 2 ** 32;
};

/**
 * Whether a refusal says that the mailbox itself is bad. Enhanced status codes of RFC 3463 decide
 * where the server gives one: x.1.x is the address, x.2.1 a disabled mailbox. Policy (x.7.x), a full
 * mailbox (x.2.2) or a message it does not like (x.6.x) say nothing against the reader.
 */
export const saysBadMailbox = (code: number, reason: string): boolean => {
  const enhanced = /\b5\.(\d{1,3})\.(\d{1,3})\b/.exec(reason);
  if (enhanced) return enhanced[1] === '1' || (enhanced[1] === '2' && enhanced[2] === '1');
  return code === 550 || code === 551 || code === 553;
};

export type Attempt = {
  readonly key: string;
  /** Including this one. */
  readonly attempts: number;
  readonly plannedAt: Date;
};

/** What the end of a mail that was handed over whole means, whichever mail it was. */
export const settleEnded = (
  outcome: Extract<SendOutcome, { readonly kind: 'sent' | 'unknown' }>,
): Settlement =>
  outcome.kind === 'sent'
    ? { state: 'sent', reason: outcome.reply }
    : { state: 'unknown', reason: outcome.reason };

/** Decides what an attempt's outcome means for the ledger. */
export const settle = (attempt: Attempt, outcome: SendOutcome, now: Date): Settlement => {
  switch (outcome.kind) {
    case 'sent':
    case 'unknown':
      return settleEnded(outcome);
    case 'rejected':
      return {
        state: 'failed',
        reason: outcome.reason,
        suppress: outcome.about !== 'message' && saysBadMailbox(outcome.code, outcome.reason),
      };
    case 'deferred': {
      const retryAt = new Date(now.getTime() + retryDelayMs(attempt.attempts, attempt.key));
      if (isStale(attempt.plannedAt, retryAt))
        return { state: 'failed', reason: `stale: ${outcome.reason}`, suppress: false };
      return { state: 'deferred', reason: outcome.reason, retryAt };
    }
    default:
      return outcome satisfies never;
  }
};

/** So many messages in a row refused for good, and for no reader's sake: the next ones would be, too. */
export const mostRefusals = 5;

export const refusesUs = (outcome: { readonly kind: string; readonly about?: string }): boolean =>
  outcome.kind === 'rejected' && outcome.about === 'message';
