/** What a reader does with the links in their mails. Every use-case here is harmless when repeated. */
import { insertDelivery, isNoticeWaiting, wasAskedToConfirm } from '../db/deliveries.ts';
import { listLastDigests } from '../db/digests.ts';
import { type Db, inTransaction } from '../db/open.ts';
import { listPapers } from '../db/papers.ts';
import { listReactions } from '../db/reactions.ts';
import {
  confirmSubscriber,
  deleteSubscriber,
  findById,
  findByKey,
  type Subscriber,
  setStatus,
  updateSettings,
} from '../db/subscribers.ts';
import { forgetSuppressedAddress, isSuppressed } from '../db/suppressions.ts';
import { hasChanged, renderFrequency, type Settings } from '../domain/subscription.ts';
import { makeToken, type Purpose, readToken } from '../lib/token.ts';
import { topicNumbers } from './topics.ts';

export type Tokens = { readonly db: Db; readonly secret: string };

/** The reader a token was made for, if it was made by us, for this purpose. */
export const findByToken = (
  { db, secret }: Tokens,
  purpose: Purpose,
  token: string,
): Subscriber | undefined => {
  const key = readToken(secret, purpose, token);
  return key && findByKey(db, key);
};

export type Confirmation =
  | { readonly kind: 'confirmed'; readonly manageToken: string }
  | { readonly kind: 'invalid' };

/** Makes a subscription active. A link kept from before an unsubscription revives nothing. */
export const confirm = (tokens: Tokens, token: string, now: Date): Confirmation =>
  inTransaction(tokens.db, () => {
    const reader = findByToken(tokens, 'confirm', token);
    if (!reader || hasLeft(tokens.db, reader)) return { kind: 'invalid' };
    if (reader.status === 'unconfirmed' || reader.status === 'unsubscribed')
      confirmSubscriber(tokens.db, reader.id, now);
    return { kind: 'confirmed', manageToken: makeToken(tokens.secret, 'manage', reader.key) };
  });

/**
 * Brings back who has left, with the settings they had. No mail has to prove the address: the token
 * came with one. A suppressed address stays away.
 */
export const subscribeAgain = (
  tokens: Tokens,
  purpose: 'confirm' | 'manage' | 'unsubscribe',
  token: string,
  now: Date,
): { readonly kind: 'subscribed' | 'suppressed' | 'invalid' } =>
  inTransaction(tokens.db, () => {
    const reader = findByToken(tokens, purpose, token);
    if (!reader || reader.status === 'unconfirmed') return { kind: 'invalid' };
    if (isSuppressed(tokens.db, reader.email)) return { kind: 'suppressed' };
    if (reader.status === 'unsubscribed') confirmSubscriber(tokens.db, reader.id, now);
    return { kind: 'subscribed' };
  });

export type Change = { readonly kind: 'changed' } | { readonly kind: 'invalid' };

/** Whether a reader has left and not asked to come back since: then no link of before is a yes. */
export const hasLeft = (db: Db, { id, status, unsubscribedAt }: Subscriber): boolean =>
  status === 'unsubscribed' &&
  !(unsubscribedAt !== undefined && wasAskedToConfirm(db, id, unsubscribedAt));

/** Replaces a reader's settings; `status` pauses or resumes. */
export const changeSettings = (
  tokens: Tokens,
  manageToken: string,
  settings: Settings,
  status: 'active' | 'paused' | undefined,
  now: Date,
): Change =>
  inTransaction(tokens.db, () => {
    const reader = findByToken(tokens, 'manage', manageToken);
    if (!reader || !(reader.status === 'active' || reader.status === 'paused'))
      return { kind: 'invalid' };
    updateSettings(tokens.db, reader.id, settings, topicNumbers(tokens.db, settings.topics));
    noteChange(tokens.db, reader, now);
    if (status && status !== reader.status) setStatus(tokens.db, reader.id, status, now);
    return { kind: 'changed' };
  });

/** A reader who changes one thing after another gets one mail about all of it. */
const settledAfterMs = 10 * 60_000;

/** Plans the notice that settings were changed, by whoever holds the link. */
const noteChange = (db: Db, before: Subscriber, now: Date): void => {
  const after = findById(db, before.id);
  if (!after || !hasChanged(before.settings, after.settings)) return;
  // It tells the state before the first change; the state after is read when it is sent.
  if (isNoticeWaiting(db, before.id, 'changed')) return;
  insertDelivery(db, {
    key: `changed-${before.id}-${now.getTime()}`,
    kind: 'changed',
    subscriberId: before.id,
    at: now,
    notBefore: new Date(now.getTime() + settledAfterMs),
    note: JSON.stringify(before.settings),
  });
};

/**
 * Ends a subscription at once. Only who pressed the button on our page gets a goodbye with a way
 * back: a mail after a mail client's one-click, or after a complaint, would be one too many.
 */
export const unsubscribe = (
  tokens: Tokens,
  token: string,
  now: Date,
  by: 'page' | 'one-click' = 'one-click',
): { readonly kind: 'unsubscribed' } | { readonly kind: 'invalid' } =>
  inTransaction(tokens.db, () => {
    const reader = findByToken(tokens, 'unsubscribe', token);
    if (!reader) return { kind: 'invalid' };
    if (reader.status === 'unsubscribed') return { kind: 'unsubscribed' };
    setStatus(tokens.db, reader.id, 'unsubscribed', now);
    if (by === 'page' && reader.status !== 'unconfirmed')
      insertDelivery(tokens.db, {
        key: `goodbye-${reader.id}-${now.getTime()}`,
        kind: 'goodbye',
        subscriberId: reader.id,
        at: now,
      });
    return { kind: 'unsubscribed' };
  });

/** Removes all that is kept of a reader, at their wish or the operator's. */
export const erase = (db: Db, reader: Subscriber): void =>
  inTransaction(db, () => {
    deleteSubscriber(db, reader.id);
    forgetSuppressedAddress(db, reader.email);
  });

/** All that is kept of a reader, for the reader. */
export const exportReader = (db: Db, reader: Subscriber): object => ({
  email: reader.email,
  status: reader.status,
  topics: reader.settings.topics,
  frequency: renderFrequency(reader.settings.frequency),
  hour: reader.settings.hour,
  timezone: reader.settings.timeZone,
  language: reader.settings.language,
  papers: reader.settings.papers,
  muted: reader.settings.muted ?? [],
  reactions: listReactions(db, reader.id).flatMap(({ paper: number, kind, at }) =>
    listPapers(db, [number]).map((paper) => ({ paper: paper.id, kind, at })),
  ),
  createdAt: reader.createdAt,
  confirmedAt: reader.confirmedAt ?? null,
  unsubscribedAt: reader.unsubscribedAt ?? null,
  pausedUntil: reader.pausedUntil ?? null,
  digests: listLastDigests(db, reader.id, 10_000).map((digest) => {
    const papers = listPapers(
      db,
      digest.papers.map(({ paper }) => paper),
    );
    return { day: digest.day, papers: papers.map((paper) => paper.id) };
  }),
});
