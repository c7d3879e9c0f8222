import { expect, test } from 'vitest';
import { openArchive } from '../../src/app/archive.ts';
import { claimOrders } from '../../src/app/orders.ts';
import { createPrinter } from '../../src/app/print-mail.ts';
import { subscribe } from '../../src/app/subscribe.ts';
import { findById } from '../../src/db/subscribers.ts';
import { defaultSettings } from '../../src/domain/subscription.ts';
import { findVerpKeys } from '../../src/lib/verp.ts';
import { tempDb } from '../db/temp-db.ts';
import { later, noon } from '../invent.ts';
import { mailKit } from './post.ts';

const envelopeSender = async (signsReturns: boolean) => {
  const db = tempDb();
  const kit = { ...(await mailKit()), signsReturns };
  const settings = { ...defaultSettings, topics: ['all'] };
  subscribe(db, { email: 'ada@example.org', settings }, noon);
  const lease = { owner: 'test', now: noon, until: later(noon, 60_000) };
  const [claim] = claimOrders(db, lease, 1);
  if (claim?.ordered.kind !== 'order') throw new Error('nothing was planned');
  const mail = await createPrinter(kit, openArchive(db, kit))(claim.ordered.order);
  return {
    kit,
    sender: mail.envelope.from,
    key: findById(db, claim.delivery.subscriberId)?.key,
  };
};

test('with a mailbox for bounces each mail goes out under a signed address of its own', async () => {
  const { kit, sender, key } = await envelopeSender(true);
  expect(sender).toMatch(/^bounce\+[a-z0-9]+@paperboy\.example$/);
  expect(findVerpKeys(kit.secret, kit.returnPath, sender)).toEqual([key]);
});

test('without one the sender itself is told what comes back', async () => {
  const { kit, sender } = await envelopeSender(false);
  expect(sender).toBe(kit.returnPath);
});
