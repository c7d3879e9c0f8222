import { insertDelivery } from '../db/deliveries.ts';
import { type Db, inTransaction } from '../db/open.ts';
import {
  findByEmail,
  insertSubscriber,
  type Subscriber,
  updateSettings,
} from '../db/subscribers.ts';
import { isSuppressed } from '../db/suppressions.ts';
import type { Settings } from '../domain/subscription.ts';
import { newKey } from '../lib/token.ts';
import { topicNumbers } from './topics.ts';

export type SubscribeRequest = { readonly email: string; readonly settings: Settings };

/**
 * Takes a subscription from the form and asks for confirmation by mail. Returns nothing, so that
 * nobody learns who is subscribed: a new address gets a confirmation, a subscribed one a note with
 * its manage link, a suppressed one nothing. Whatever is asked, an address gets at most one such
 * mail a day (UTC), and a stranger cannot change a subscribed reader's settings.
 */
export const subscribe = (db: Db, request: SubscribeRequest, now: Date): void =>
  inTransaction(db, () => {
    if (isSuppressed(db, request.email)) return;
    const known = findByEmail(db, request.email);
    const subscribed = known?.status === 'active' || known?.status === 'paused';
    const id = known && subscribed ? known.id : takeUnconfirmed(db, known, request, now);
    insertDelivery(db, {
      key: `notice-${id}-${now.toISOString().slice(0, 10)}`,
      kind: subscribed ? 'already' : 'confirmation',
      subscriberId: id,
      at: now,
    });
  });

const takeUnconfirmed = (
  db: Db,
  known: Subscriber | undefined,
  { email, settings }: SubscribeRequest,
  now: Date,
): number => {
  const topicIds = topicNumbers(db, settings.topics);
  if (!known)
    return insertSubscriber(db, {
      key: newKey(),
      email,
      status: 'unconfirmed',
      settings,
      topicIds,
      at: now,
    });
  // Who has left stays `unsubscribed` until they confirm: anyone may type an address into a form.
  updateSettings(db, known.id, settings, topicIds);
  return known.id;
};
