/** A mail's story for whoever runs the service. It holds the address, so it belongs in no log. */
import {
  type DeliveryRecord,
  findDelivery,
  listBouncesSince,
  listDeferrals,
  listDeliveriesTo,
} from '../db/delivery-history.ts';
import type { Db } from '../db/open.ts';
import { findByEmail } from '../db/subscribers.ts';
import { leaseMs } from '../domain/delivery.ts';
import { type StoryEvent, tellStory } from '../domain/delivery-story.ts';
import { parseEmail } from '../domain/subscription.ts';

export type ToldDelivery = {
  readonly id: number;
  readonly key: string;
  readonly kind: string;
  readonly email: string;
  readonly state: string;
  readonly papers: number;
  readonly events: readonly StoryEvent[];
};

/** The mails that a key, a number or a reader's address names, the newest first, each told. */
export const tellDeliveries = (db: Db, name: string, limit: number): readonly ToldDelivery[] => {
  const email = parseEmail(name);
  const reader = email === undefined ? undefined : findByEmail(db, email);
  const named = findDelivery(db, name);
  const records = reader ? listDeliveriesTo(db, reader.id, limit) : named ? [named] : [];
  return records.map((record) => tell(db, record));
};

const tell = (db: Db, record: DeliveryRecord): ToldDelivery => {
  const { id, key, kind, email, state, papers } = record;
  const deferrals = listDeferrals(db, id);
  const bounces = listBouncesSince(db, record.subscriberId, record.plannedAt);
  return {
    ...{ id, key, kind, email, state, papers },
    events: tellStory({ ...record, deferrals, bounces }, leaseMs),
  };
};
