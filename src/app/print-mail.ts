/**
 * Printing: an order made the bytes of a mail, by no more than the kit and what the archive tells of
 * the edition. The same order gives the same bytes, in whatever process.
 */
import { type DeliveryKind, deliveryKinds } from '../domain/delivery.ts';
import { headingsOf, whereNamed } from '../domain/grouping.ts';
import { renderFrequency } from '../domain/subscription.ts';
import { hmacSha256 } from '../lib/hmac.ts';
import { remembered } from '../lib/remembered.ts';
import { composeMessage, type MessageInput } from '../mail/compose.ts';
import { createGalley, type Galley } from '../mail/galley.ts';
import { headRoom } from '../mail/message.ts';
import { createPress, type Press, type PressFrame, type PrintedDigest } from '../mail/press.ts';
import type { Block } from '../mail/press-part.ts';
import { type NoticeView, type RenderedMail, renderDigest, renderNotice } from '../mail/render.ts';
import type { OutgoingMail } from '../mail/transport.ts';
import type { Archive, EditionSheet } from './archive.ts';
import { digestLinks, headed, sayHeading, toFrameView } from './digest-view.ts';
import { hostIn, type MailKit, returnPathOf, tokenIn, tokenUrl } from './mail-kit.ts';
import type { DigestOrder, MailOrder } from './orders.ts';
import { listId } from './preview-mail.ts';
import { openStock, type Stock } from './print-stock.ts';
import { sayChanges, topicsLine, whenPhrase } from './settings-words.ts';

export type Printer = (order: MailOrder) => Promise<OutgoingMail>;

/** What printers of one process share: each paper's block of the mail, once it is set. */
export type Shop = {
  readonly kit: MailKit;
  readonly sender: Sender;
  readonly archive: Archive;
  readonly press: Press;
  readonly stock: Stock;
  readonly frames: Map<string, PressFrame>;
  readonly lines: Map<string, string>;
};

const mostFrames = 500;
const mostLines = 5_000;

export const openShop = (kit: MailKit, archive: Archive): Shop => {
  const press = createPress(kit.templates);
  const stock = openStock(archive, press);
  return {
    ...{ kit, archive, press, stock },
    sender: senderOf(kit),
    frames: new Map(),
    lines: new Map(),
  };
};

/** A printer into a galley. What it needs not fetch it prints at once. */
export const printerIn =
  (shop: Shop, galley: Galley): Printer =>
  async (order) => {
    const readerKey = Buffer.from(order.reader.key, 'hex');
    const returnPath = returnPathOf(shop.kit, readerKey);
    const mail = { order, returnPath };
    const { bytes, release } = await (order.digest
      ? digestBytes(shop, galley, mail, order.digest, readerKey)
      : noticeBytes(shop, mail, readerKey));
    const envelope = { from: returnPath, to: order.reader.email };
    // Header fields begin with their name, and `encodePiece` leaves no dot at a line's start.
    return { key: order.key, envelope, bytes, noLeadingDots: true, release };
  };

/** A printer of its own. Make one for a run, not one for a mail. */
export const createPrinter = (kit: MailKit, archive: Archive): Printer =>
  printerIn(openShop(kit, archive), createGalley(headRoom));

type Sender = Pick<MessageInput, 'from' | 'listId'> & {
  /** The domain of `from`. */
  readonly domain: string;
  readonly feedbackIds: ReadonlyMap<DeliveryKind, string>;
};

/** What every mail says of where it comes from. */
const senderOf = (kit: MailKit): Sender => {
  const host = hostIn(kit.baseUrl);
  const feedbackIds = new Map(deliveryKinds.map((kind) => [kind, `${kind}:paperboy:${host}`]));
  return {
    from: kit.from,
    domain: kit.from.address.split('@')[1] ?? 'localhost',
    listId: listId(kit.baseUrl),
    feedbackIds,
  };
};

type Mail = { readonly order: MailOrder; readonly returnPath: string };
type Printed = Pick<OutgoingMail, 'bytes' | 'release'>;

const headOf = (
  { kit, sender: { from, domain, listId, feedbackIds } }: Shop,
  { order, returnPath }: Mail,
) => ({
  from,
  to: order.reader.email,
  listId,
  returnPath,
  messageId: `${deliveryMark(kit, order.key)}@${domain}`,
  date: new Date(order.plannedAt),
  feedbackId: feedbackIds.get(order.kind) ?? '',
});

const digestBytes = async (
  shop: Shop,
  galley: Galley,
  mail: Mail,
  digest: DigestOrder,
  readerKey: Buffer,
): Promise<Printed> => {
  const { kit, stock } = shop;
  const { language } = mail.order.reader.settings;
  const { sheet, blocks } = stock.known(digest, language) ?? (await stock.fetch(digest, language));
  const links = digestLinks(kit, { key: readerKey }, Buffer.from(digest.key, 'hex'));
  const copy = { digest, sheet, blocks, links };
  const rendered = printDigest(shop, galley, mail.order, copy);
  const head = headOf(shop, mail);
  const unsubscribeUrl = links.unsubscribe;
  const unsubscribeMailto = `mailto:${kit.returnPath}?subject=unsubscribe%20${tokenIn(unsubscribeUrl)}`;
  if (!rendered) {
    const shorter = await renderShorter(shop, mail.order, copy);
    const leaving = { unsubscribeUrl, unsubscribeMailto };
    const whole = { kind: 'digest' as const, ...head, ...shorter, ...leaving };
    return { bytes: await composeMessage(whole, kit.dkim) };
  }
  const { from, to, listId, returnPath, messageId, date, feedbackId } = head;
  const { subject, body } = rendered;
  const bytes = await composeMessage(
    {
      kind: 'digest',
      // Written out: objects spread together cost as much as printing, and the collector more.
      from,
      to,
      subject,
      messageId,
      date,
      listId,
      feedbackId,
      returnPath,
      unsubscribeUrl,
      unsubscribeMailto,
      body,
    },
    kit.dkim,
  );
  return { bytes, release: body.release };
};

const noticeBytes = async (shop: Shop, mail: Mail, readerKey: Buffer): Promise<Printed> => {
  const { kit } = shop;
  const { kind, key } = mail.order;
  if (kind === 'digest') throw new Error(`the order ${key} lacks its digest`);
  const rendered = renderNotice(kit.templates, kind, noticeView(kit, mail.order, readerKey));
  const message = { ...headOf(shop, mail), ...rendered, kind: 'notice' as const };
  return { bytes: await composeMessage(message, kit.dkim) };
};

type Links = ReturnType<typeof digestLinks>;

/** All that a digest is printed of. */
type Copy = {
  readonly digest: DigestOrder;
  readonly sheet: EditionSheet;
  readonly blocks: readonly Block[];
  readonly links: Links;
};

const printDigest = (
  shop: Shop,
  galley: Galley,
  { reader }: MailOrder,
  copy: Copy,
): PrintedDigest | undefined => {
  const { digest, links, blocks } = copy;
  const words = shop.kit.templates.words[reader.settings.language];
  const headings = headingsOf(blocks);
  const named = whereNamed(headings, reader.settings.topics.length);
  return shop.press.print(
    galley,
    frameOf(shop, copy, reader),
    { lead: digest.lead, topicsLine: topicsLineOf(shop, reader), links },
    blocks.map((block, index) => ({
      block,
      heading: sayHeading(headings[index], words),
      named: named[index],
    })),
  );
};

/** What is too large to print as it is, rendered whole, with less of each paper. */
const renderShorter = async (
  shop: Shop,
  { reader }: MailOrder,
  copy: Copy,
): Promise<RenderedMail> => {
  const { templates } = shop.kit;
  const { digest, links } = copy;
  const { language } = reader.settings;
  const words = templates.words[language];
  const papers = await shop.archive.papersOf(digest.editionId, digest.papers, language);
  return renderDigest(templates, {
    ...frameOf(shop, copy, reader).view,
    ...{ lead: digest.lead, topicsLine: topicsLineOf(shop, reader), links },
    papers: headed(papers, reader.settings, words),
  });
};

/** Many readers share their topics. */
const topicsLineOf = ({ kit, lines }: Shop, { settings }: MailOrder['reader']): string => {
  const { language, topics } = settings;
  return remembered(lines, mostLines, `${language} ${topics.join(' ')}`, () =>
    topicsLine(topics, kit.templates.words[language]),
  );
};

/** The frame's words that other readers of the edition have too, put into words once. */
const frameOf = (
  { kit, frames, press }: Shop,
  { digest: { editionId, day, papers, first }, sheet }: Copy,
  { settings }: MailOrder['reader'],
): PressFrame => {
  const { language, frequency, hour, timeZone } = settings;
  // A first digest tells when the next ones come.
  const when = first ? `${renderFrequency(frequency)} ${hour} ${timeZone}` : '';
  const key = `${language} ${editionId} ${day} ${papers.length} ${when}`;
  return remembered(frames, mostFrames, key, () => {
    const outline = {
      ...{ day, first, settings, count: papers.length },
      edition: {
        asOf: new Date(sheet.asOf),
        rankedAt: new Date(sheet.rankedAt),
        papersRead: sheet.papersRead,
      },
      batches: sheet.batches,
      ...(sheet.week && { week: sheet.week }),
      sample: sheet.sample,
    };
    return press.frame(toFrameView(outline, kit, kit.templates.words[language]));
  });
};

const noticeView = (kit: MailKit, { reader, before }: MailOrder, readerKey: Buffer): NoticeView => {
  const words = kit.templates.words[reader.settings.language];
  return {
    language: words.language,
    baseUrl: kit.baseUrl,
    email: reader.email,
    links: {
      confirm: tokenUrl(kit, 'confirm', readerKey),
      manage: tokenUrl(kit, 'manage', readerKey),
      unsubscribe: tokenUrl(kit, 'unsubscribe', readerKey),
      feed: tokenUrl(kit, 'feed', readerKey),
    },
    topicsLine: topicsLine(reader.settings.topics, words),
    whenLine: words.say('notice.when', { when: whenPhrase(reader.settings, words) }),
    ...(before && { changes: sayChanges(before, reader.settings, words) }),
    ...(kit.postalAddress && { postalAddress: kit.postalAddress }),
  };
};

/** Derived from the delivery, so that a repeat is recognisable, and telling nothing of the reader. */
const deliveryMark = (kit: MailKit, key: string): string =>
  hmacSha256(kit.secret, 'message-id\0', Buffer.from(key), 'hex').slice(0, 32);
