/**
 * Orders: all that a printer must know of each mail, asked of the database for a whole batch of
 * claimed deliveries at once. An order is plain JSON, so that it can be printed in another process
 * that has no database.
 */
import { type ClaimedDelivery, claimDeliveries, type Lease } from '../db/deliveries.ts';
import { type Digest, listDigests, listFirstDigests, listSpokenOf } from '../db/digests.ts';
import { type Db, inTransaction } from '../db/open.ts';
import { listSubscribers, type Subscriber } from '../db/subscribers.ts';
import { listSuppressed } from '../db/suppressions.ts';
import { leadOf } from '../domain/headline.ts';
import { hasChanged, type Settings } from '../domain/subscription.ts';

export type MailOrder = {
  /** The delivery's, by which the mail is known everywhere. */
  readonly key: string;
  readonly kind: ClaimedDelivery['kind'];
  /** Milliseconds; the mail's Date. */
  readonly plannedAt: number;
  readonly reader: {
    /** 16 bytes in hex, from which the reader's links are made. */
    readonly key: string;
    readonly email: string;
    readonly settings: Settings;
  };
  /** The settings before they were changed, in the notice of that. */
  readonly before?: Settings;
  /** In orders for a digest. */
  readonly digest?: DigestOrder;
};

export type DigestOrder = {
  /** 16 bytes in hex, from which the address of the web version is made. */
  readonly key: string;
  readonly editionId: number;
  /** The reader's calendar day. */
  readonly day: string;
  /** Whether it is the reader's first. */
  readonly first: boolean;
  /** In the order of the mail. */
  readonly papers: readonly PaperRef[];
  /** Which of them the subject speaks of, from 0. */
  readonly lead: number;
};

/** A paper of an edition, with the topic that brought it: one block of the mail. */
export type PaperRef = Digest['papers'][number];

/** What became of asking for one delivery: an order, or the reason why nobody needs it any more. */
export type Ordered =
  | { readonly kind: 'order'; readonly order: MailOrder }
  | { readonly kind: 'needless'; readonly reason: string };

/** A claimed delivery with what is to be done about it. */
export type Claim = { readonly delivery: ClaimedDelivery; readonly ordered: Ordered };

/** Claims up to `limit` mails whose time has come, and writes their orders in the same breath. */
export const claimOrders = (db: Db, lease: Lease, limit: number): readonly Claim[] =>
  inTransaction(db, () => {
    const deliveries = claimDeliveries(db, lease, limit);
    const ordered = writeOrders(db, deliveries);
    return deliveries.flatMap((delivery, index) => {
      const one = ordered[index];
      return one ? [{ delivery, ordered: one }] : [];
    });
  });

/** Orders for claimed deliveries, in their order, by a few statements for all of them. */
export const writeOrders = (db: Db, deliveries: readonly ClaimedDelivery[]): readonly Ordered[] => {
  const files = openFiles(db, deliveries);
  return deliveries.map((delivery) => writeOrder(files, delivery));
};

/** All that the database holds on some deliveries. */
type Files = {
  readonly readers: ReadonlyMap<number, Subscriber>;
  /** Addresses. */
  readonly suppressed: ReadonlySet<string>;
  readonly digests: ReadonlyMap<number, Digest>;
  /** Digests that are their reader's first. */
  readonly firsts: ReadonlySet<number>;
  /** The papers that subjects of a reader's doubtful mails spoke of, by digest. */
  readonly spokenOf: ReadonlyMap<number, ReadonlySet<number>>;
};

const openFiles = (db: Db, deliveries: readonly ClaimedDelivery[]): Files => {
  const readers = listSubscribers(
    db,
    deliveries.map(({ subscriberId }) => subscriberId),
  );
  const digestIds = deliveries.flatMap(({ digestId }) => digestId ?? []);
  const all = [...readers.values()];
  return {
    readers,
    suppressed: listSuppressed(
      db,
      all.map(({ email }) => email),
    ),
    digests: listDigests(db, digestIds),
    firsts: listFirstDigests(db, digestIds),
    spokenOf: listSpokenOf(db, digestIds),
  };
};

const writeOrder = (files: Files, delivery: ClaimedDelivery): Ordered => {
  const needless = (reason: string): Ordered => ({ kind: 'needless', reason });
  const { key, kind, plannedAt, subscriberId, digestId } = delivery;
  const reader = files.readers.get(subscriberId);
  if (!reader) return needless('the reader is gone');
  if (files.suppressed.has(reader.email)) return needless('the address is suppressed');
  if (!wantedStatus[kind].includes(reader.status))
    return needless(`the reader is ${reader.status}`);
  const digest = digestId === undefined ? undefined : files.digests.get(digestId);
  if (kind === 'digest' && !digest) return needless('the digest is gone');
  const { email, settings } = reader;
  const before = delivery.note === undefined ? undefined : (JSON.parse(delivery.note) as Settings);
  if (before && !hasChanged(before, settings)) return needless('all is as it was');
  return {
    kind: 'order',
    order: {
      ...{ key, kind, plannedAt: plannedAt.getTime() },
      reader: { key: reader.key.toString('hex'), email, settings },
      ...(before && { before }),
      ...(digest && { digest: toDigestOrder(digest, files) }),
    },
  };
};

/** In which states a reader still wants a mail of each kind. */
const wantedStatus: Readonly<Record<ClaimedDelivery['kind'], readonly Subscriber['status'][]>> = {
  digest: ['active'],
  welcome: ['active'],
  confirmation: ['unconfirmed', 'unsubscribed'],
  already: ['active', 'paused'],
  changed: ['active', 'paused'],
  goodbye: ['unsubscribed'],
};

const toDigestOrder = (
  { id, key, editionId, day, papers }: Digest,
  { firsts, spokenOf }: Files,
): DigestOrder => ({
  key: key.toString('hex'),
  ...{ editionId, day, first: firsts.has(id), papers },
  lead: leadOf(
    papers.map(({ paper }) => paper),
    spokenOf.get(id) ?? new Set(),
  ),
});
