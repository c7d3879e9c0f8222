import { insertDelivery } from '../db/deliveries.ts';
import { type Db, inTransaction } from '../db/open.ts';
import { findByEmail, insertSubscriber, updateSettings } from '../db/subscribers.ts';
import { isSuppressed } from '../db/suppressions.ts';
import type { Settings } from '../domain/subscription.ts';
import { newKey } from '../lib/token.ts';
import { topicNumbers } from './topics.ts';

export type SubscribeRequest = { readonly email: string; readonly settings: Settings };

/**
 * Takes a subscription from the form and asks for confirmation by mail. Returns nothing, so that
 * nobody learns who is subscribed: a new address gets a confirmation, a subscribed one a note with
 * its manage link, a suppressed one nothing. Whatever is asked, an address gets at most one such
 * mail a day (UTC), and a stranger can change neither a subscribed reader's settings nor what a
 * confirmation on its way asks for.
 */
export const subscribe = (db: Db, request: SubscribeRequest, now: Date): void =>
  inTransaction(db, () => {
    if (isSuppressed(db, request.email)) return;
    const known = findByEmail(db, request.email);
    const subscribed = known?.status === 'active' || known?.status === 'paused';
    const id = known?.id ?? insertUnconfirmed(db, request, now);
    const isAsked = insertDelivery(db, {
      key: `notice-${id}-${now.toISOString().slice(0, 10)}`,
      kind: subscribed ? 'already' : 'confirmation',
      subscriberId: id,
      at: now,
    });
    // Anyone may type an address into a form. So who has left stays `unsubscribed` until they
    // confirm, and a link confirms what its mail names: no new mail, no new settings.
    if (known && !subscribed && isAsked) {
      const { settings } = request;
      updateSettings(db, known.id, settings, topicNumbers(db, settings.topics));
    }
  });

const insertUnconfirmed = (db: Db, { email, settings }: SubscribeRequest, now: Date): number =>
  insertSubscriber(db, {
    key: newKey(),
    email,
    status: 'unconfirmed',
    settings,
    topicIds: topicNumbers(db, settings.topics),
    at: now,
  });
