/** One delivery of the ledger made the bytes of a mail; the same delivery gives the same bytes. */
import { createHmac } from 'node:crypto';
import type { ClaimedDelivery } from '../db/deliveries.ts';
import { findDigest } from '../db/digests.ts';
import type { Db } from '../db/open.ts';
import { findById, type Subscriber } from '../db/subscribers.ts';
import { isSuppressed } from '../db/suppressions.ts';
import { makeToken } from '../lib/token.ts';
import { composeMessage } from '../mail/compose.ts';
import { type NoticeView, type RenderedMail, renderDigest, renderNotice } from '../mail/render.ts';
import type { Composed } from './deliver.ts';
import {
  digestLinks,
  loadDigestContent,
  toDigestView,
  topicNames,
  topicsLine,
  whenPhrase,
} from './digest-view.ts';
import { type MailKit, tokenUrl } from './mail-kit.ts';
import { listId } from './preview-mail.ts';

/** Composes what a delivery asks for, or says why it is needless now. */
export const composeDelivery = async (
  db: Db,
  kit: MailKit,
  delivery: ClaimedDelivery,
): Promise<Composed> => {
  const reader = findById(db, delivery.subscriberId);
  if (!reader) return { kind: 'needless', reason: 'the reader is gone' };
  if (isSuppressed(db, reader.email))
    return { kind: 'needless', reason: 'the address is suppressed' };
  const wanted = wantedStatus[delivery.kind];
  if (!wanted.includes(reader.status))
    return { kind: 'needless', reason: `the reader is ${reader.status}` };
  const rendered = renderDelivery(db, kit, delivery, reader);
  if (!rendered) return { kind: 'needless', reason: 'the digest is gone' };
  const bytes = await toBytes(kit, delivery, reader, rendered);
  return {
    kind: 'mail',
    mail: { key: delivery.key, envelope: { from: kit.returnPath, to: reader.email }, bytes },
  };
};

/** In which states a reader still wants a mail of each kind. */
const wantedStatus: Readonly<Record<ClaimedDelivery['kind'], readonly Subscriber['status'][]>> = {
  digest: ['active'],
  welcome: ['active'],
  confirmation: ['unconfirmed'],
  already: ['active', 'paused'],
};

const renderDelivery = (
  db: Db,
  kit: MailKit,
  delivery: ClaimedDelivery,
  reader: Subscriber,
): RenderedMail | undefined => {
  if (delivery.kind !== 'digest')
    return renderNotice(kit.templates, delivery.kind, noticeView(db, kit, reader));
  const digest = delivery.digestId === undefined ? undefined : findDigest(db, delivery.digestId);
  if (!digest) return undefined;
  const content = loadDigestContent(db, digest, reader);
  return renderDigest(
    kit.templates,
    toDigestView(content, kit.baseUrl, digestLinks(kit, reader, digest.key)),
  );
};

const noticeView = (db: Db, kit: MailKit, reader: Subscriber): NoticeView => ({
  baseUrl: kit.baseUrl,
  email: reader.email,
  links: {
    confirm: tokenUrl(kit, 'confirm', reader.key),
    manage: tokenUrl(kit, 'manage', reader.key),
    unsubscribe: tokenUrl(kit, 'unsubscribe', reader.key),
    feed: tokenUrl(kit, 'feed', reader.key),
  },
  topicsLine: topicsLine(topicNames(db, reader.settings.topics)),
  whenLine: `Your digest comes ${whenPhrase(reader.settings)}.`,
});

const toBytes = (
  kit: MailKit,
  delivery: ClaimedDelivery,
  reader: Subscriber,
  rendered: RenderedMail,
): Promise<Buffer> => {
  const common = {
    from: kit.from,
    to: reader.email,
    ...rendered,
    messageId: messageId(kit, delivery.key),
    date: delivery.plannedAt,
    listId: listId(kit.baseUrl),
    feedbackId: `${delivery.kind}:paperboy:${hostOf(kit.baseUrl)}`,
    returnPath: kit.returnPath,
  };
  if (delivery.kind !== 'digest') return composeMessage({ ...common, kind: 'notice' }, kit.dkim);
  const token = makeToken(kit.secret, 'unsubscribe', reader.key);
  return composeMessage(
    {
      ...common,
      kind: 'digest',
      unsubscribeUrl: tokenUrl(kit, 'unsubscribe', reader.key),
      unsubscribeMailto: `mailto:${kit.returnPath}?subject=unsubscribe%20${token}`,
    },
    kit.dkim,
  );
};

/** Derived from the delivery, so that a repeat is recognisable, and telling nothing of the reader. */
const messageId = (kit: MailKit, key: string): string => {
  const hash = createHmac('sha256', kit.secret)
    .update(`message-id\0${key}`)
    .digest('hex')
    .slice(0, 32);
  return `${hash}@${kit.from.address.split('@')[1] ?? 'localhost'}`;
};

const hostOf = (baseUrl: string): string => new URL(baseUrl).hostname;
