/** One delivery of the ledger made the bytes of a mail; the same delivery gives the same bytes. */
import { createHmac } from 'node:crypto';
import type { ClaimedDelivery } from '../db/deliveries.ts';
import { type Digest, findDigest } from '../db/digests.ts';
import type { Db } from '../db/open.ts';
import { findById, type Subscriber } from '../db/subscribers.ts';
import { isSuppressed } from '../db/suppressions.ts';
import { makeToken } from '../lib/token.ts';
import { composeMessage, type MessageParts } from '../mail/compose.ts';
import { createPress, type Press } from '../mail/press.ts';
import { type NoticeView, renderDigest, renderNotice } from '../mail/render.ts';
import type { Composed } from './deliver.ts';
import {
  type EditionNews,
  loadDigestContent,
  loadDigestOutline,
  loadDigestPaper,
  loadEditionNews,
  topicNames,
} from './digest-content.ts';
import {
  digestLinks,
  toDigestView,
  toFrameView,
  toPaperView,
  topicsLine,
  whenPhrase,
} from './digest-view.ts';
import { type MailKit, returnPathOf, tokenUrl } from './mail-kit.ts';
import { listId } from './preview-mail.ts';

type Desk = {
  readonly db: Db;
  readonly kit: MailKit;
  readonly press: Press;
  readonly newsOf: (editionId: number) => EditionNews;
};

/**
 * Composes what a delivery asks for, or says why it is needless now. It keeps each paper's block of
 * the mail once it is set, so make one for a run, not one for a mail.
 */
export const createComposer = (
  db: Db,
  kit: MailKit,
): ((delivery: ClaimedDelivery) => Promise<Composed>) => {
  let last: EditionNews | undefined;
  const desk: Desk = {
    db,
    kit,
    press: createPress(kit.templates),
    newsOf: (id) => {
      if (last?.edition.id !== id) last = loadEditionNews(db, id);
      return last;
    },
  };
  return (delivery) => compose(desk, delivery);
};

const compose = async (desk: Desk, delivery: ClaimedDelivery): Promise<Composed> => {
  const { db, kit } = desk;
  const reader = findById(db, delivery.subscriberId);
  if (!reader) return { kind: 'needless', reason: 'the reader is gone' };
  if (isSuppressed(db, reader.email))
    return { kind: 'needless', reason: 'the address is suppressed' };
  const wanted = wantedStatus[delivery.kind];
  if (!wanted.includes(reader.status))
    return { kind: 'needless', reason: `the reader is ${reader.status}` };
  const rendered = renderDelivery(desk, delivery, reader);
  if (!rendered) return { kind: 'needless', reason: 'the digest is gone' };
  const bytes = await toBytes(kit, delivery, reader, rendered);
  return {
    kind: 'mail',
    mail: {
      key: delivery.key,
      envelope: { from: returnPathOf(kit, reader.key), to: reader.email },
      bytes,
    },
  };
};

/** In which states a reader still wants a mail of each kind. */
const wantedStatus: Readonly<Record<ClaimedDelivery['kind'], readonly Subscriber['status'][]>> = {
  digest: ['active'],
  welcome: ['active'],
  confirmation: ['unconfirmed', 'unsubscribed'],
  already: ['active', 'paused'],
};

type Rendered = MessageParts & { readonly subject: string };

const renderDelivery = (
  desk: Desk,
  delivery: ClaimedDelivery,
  reader: Subscriber,
): Rendered | undefined => {
  const { db, kit } = desk;
  if (delivery.kind !== 'digest')
    return renderNotice(kit.templates, delivery.kind, noticeView(db, kit, reader));
  const digest = delivery.digestId === undefined ? undefined : findDigest(db, delivery.digestId);
  return digest && printDigest(desk, digest, reader);
};

const printDigest = (
  { db, kit, press, newsOf }: Desk,
  digest: Digest,
  reader: Subscriber,
): Rendered => {
  const links = digestLinks(kit, reader, digest.key);
  const printed = press.print({
    ...toFrameView(loadDigestOutline(db, digest, reader, newsOf), kit.baseUrl, links),
    papers: digest.papers.map((ref) => ({
      key: `${digest.editionId}/${ref.topicId}/${ref.paper}`,
      view: () => {
        const paper = loadDigestPaper(db, digest.editionId, ref);
        if (!paper) throw new Error(`paper ${ref.paper} of digest ${digest.id} is gone`);
        return toPaperView(paper, 1, kit.baseUrl);
      },
    })),
  });
  if (printed) return printed;
  // Too large to print as it is: rendered whole, with less of each paper.
  const content = loadDigestContent(db, digest, reader);
  return renderDigest(kit.templates, toDigestView(content, kit.baseUrl, links));
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
  rendered: Rendered,
): Promise<Buffer> => {
  const common = {
    from: kit.from,
    to: reader.email,
    ...rendered,
    messageId: messageId(kit, delivery.key),
    date: delivery.plannedAt,
    listId: listId(kit.baseUrl),
    feedbackId: `${delivery.kind}:paperboy:${new URL(kit.baseUrl).hostname}`,
    returnPath: returnPathOf(kit, reader.key),
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
