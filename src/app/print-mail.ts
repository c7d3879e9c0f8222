/**
 * Printing: an order made the bytes of a mail, by no more than the kit and what the archive tells of
 * the edition. The same order gives the same bytes, in whatever process.
 */
import { headingsOf, whereNamed } from '../domain/grouping.ts';
import type { Language } from '../domain/language.ts';
import { hmacSha256 } from '../lib/hmac.ts';
import { remembered } from '../lib/remembered.ts';
import { composeMessage, type MessageInput } from '../mail/compose.ts';
import { createPress, type Press, type PressFrame, type PrintedDigest } from '../mail/press.ts';
import type { Block } from '../mail/press-part.ts';
import { type NoticeView, type RenderedMail, renderDigest, renderNotice } from '../mail/render.ts';
import type { OutgoingMail } from '../mail/transport.ts';
import type { Archive, EditionSheet } from './archive.ts';
import { digestLinks, headed, sayHeading, toFrameView } from './digest-view.ts';
import { type MailKit, returnPathOf, tokenIn, tokenUrl } from './mail-kit.ts';
import type { DigestOrder, MailOrder, PaperRef } from './orders.ts';
import { listId } from './preview-mail.ts';
import { sayChanges, topicsLine, whenPhrase } from './settings-words.ts';

export type Printer = (order: MailOrder) => Promise<OutgoingMail>;

type Shop = {
  readonly kit: MailKit;
  readonly archive: Archive;
  readonly press: Press;
  readonly sheets: Map<number, EditionSheet>;
  readonly frames: Map<string, PressFrame>;
  readonly lines: Map<string, string>;
  /** Blocks of an edition in a language. */
  readonly shelves: Map<string, Shelf>;
};

type Shelf = Map<number | string, Block>;

const mostFrames = 500;
const mostLines = 5_000;
/** An edition in each language, and the one before in the usual one. */
const mostShelves = 8;
/** On a shelf; an edition of 200 topics has some thousands. */
const mostBlocks = 6_000;

/**
 * A printer. It keeps each paper's block of the mail once it is set, so make one for a run, not one
 * for a mail. What it needs not fetch it prints at once.
 */
export const createPrinter = (kit: MailKit, archive: Archive): Printer => {
  const shop: Shop = {
    kit,
    archive,
    press: createPress(kit.templates),
    sheets: new Map(),
    frames: new Map(),
    lines: new Map(),
    shelves: new Map(),
  };
  const sender = senderOf(kit);
  return async (order) => {
    const readerKey = Buffer.from(order.reader.key, 'hex');
    const returnPath = returnPathOf(kit, readerKey);
    const mail = { order, returnPath };
    const bytes = await (order.digest
      ? digestBytes(shop, sender, mail, order.digest, readerKey)
      : noticeBytes(kit, sender, mail, readerKey));
    const envelope = { from: returnPath, to: order.reader.email };
    // Header fields begin with their name, and `encodePiece` leaves no dot at a line's start.
    return { key: order.key, envelope, bytes, noLeadingDots: true };
  };
};

type Sender = Pick<MessageInput, 'from' | 'listId'> & { readonly host: string };

/** What every mail says of where it comes from. */
const senderOf = (kit: MailKit): Sender => ({
  from: kit.from,
  listId: listId(kit.baseUrl),
  host: new URL(kit.baseUrl).hostname,
});

type Mail = { readonly order: MailOrder; readonly returnPath: string };

const headOf = (kit: MailKit, { from, listId, host }: Sender, { order, returnPath }: Mail) => ({
  from,
  to: order.reader.email,
  listId,
  returnPath,
  messageId: messageId(kit, order.key),
  date: new Date(order.plannedAt),
  feedbackId: `${order.kind}:paperboy:${host}`,
});

const digestBytes = async (
  shop: Shop,
  sender: Sender,
  mail: Mail,
  digest: DigestOrder,
  readerKey: Buffer,
): Promise<Buffer> => {
  const { kit } = shop;
  const sheet = shop.sheets.get(digest.editionId) ?? (await fetchSheet(shop, digest.editionId));
  const { language } = mail.order.reader.settings;
  const shelf = shelfOf(shop, digest.editionId, language);
  // Another mail may have cleared the shelf while this one waited.
  let blocks = blocksOn(shelf, digest.papers);
  while (!blocks) {
    await fillShelf(shop, shelf, digest, language);
    blocks = blocksOn(shelf, digest.papers);
  }
  const links = digestLinks(kit, { key: readerKey }, Buffer.from(digest.key, 'hex'));
  const copy = { digest, sheet, blocks, links };
  const rendered = printDigest(shop, mail.order, copy);
  const head = headOf(kit, sender, mail);
  const unsubscribeUrl = links.unsubscribe;
  const unsubscribeMailto = `mailto:${kit.returnPath}?subject=unsubscribe%20${tokenIn(unsubscribeUrl)}`;
  if (!rendered) {
    const shorter = await renderShorter(shop, mail.order, copy);
    const leaving = { unsubscribeUrl, unsubscribeMailto };
    return composeMessage({ kind: 'digest', ...head, ...shorter, ...leaving }, kit.dkim);
  }
  const { from, to, listId, returnPath, messageId, date, feedbackId } = head;
  const { subject, body } = rendered;
  return composeMessage(
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
};

const noticeBytes = (kit: MailKit, sender: Sender, mail: Mail, readerKey: Buffer) => {
  const { kind, key } = mail.order;
  if (kind === 'digest') throw new Error(`the order ${key} lacks its digest`);
  const rendered = renderNotice(kit.templates, kind, noticeView(kit, mail.order, readerKey));
  return composeMessage({ ...headOf(kit, sender, mail), ...rendered, kind: 'notice' }, kit.dkim);
};

type Links = ReturnType<typeof digestLinks>;

/** All that a digest is printed of. */
type Copy = {
  readonly digest: DigestOrder;
  readonly sheet: EditionSheet;
  readonly blocks: readonly Block[];
  readonly links: Links;
};

const printDigest = (shop: Shop, { reader }: MailOrder, copy: Copy): PrintedDigest | undefined => {
  const { digest, links, blocks } = copy;
  const words = shop.kit.templates.words[reader.settings.language];
  const headings = headingsOf(blocks);
  const named = whereNamed(headings, reader.settings.topics.length);
  return shop.press.print(
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
  const when = first ? JSON.stringify([frequency, hour, timeZone]) : '';
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

const fetchSheet = async ({ sheets, archive }: Shop, editionId: number): Promise<EditionSheet> => {
  const fetched = await archive.sheetOf(editionId);
  // Mails of the edition before may still be waiting, hardly ever those of one before that.
  if (sheets.size > 3) sheets.clear();
  sheets.set(editionId, fetched);
  return fetched;
};

const shelfOf = ({ shelves }: Shop, editionId: number, language: Language): Shelf =>
  remembered(shelves, mostShelves, `${language} ${editionId}`, () => new Map());

const refKey = ({ topicId, paper, like }: PaperRef): number | string =>
  like === undefined ? topicId * 2 ** 32 + paper : `${topicId} ${paper} ${like}`;

/** The blocks of a digest; `undefined` when one is not on the shelf. */
const blocksOn = (shelf: Shelf, papers: readonly PaperRef[]): readonly Block[] | undefined => {
  const blocks: Block[] = [];
  for (const ref of papers) {
    const block = shelf.get(refKey(ref));
    if (!block) return undefined;
    blocks.push(block);
  }
  return blocks;
};

/** Sets those blocks of a digest that are not on the shelf, fetched together. */
const fillShelf = async (
  { press, archive }: Shop,
  shelf: Shelf,
  { editionId, papers }: DigestOrder,
  language: Language,
): Promise<void> => {
  if (shelf.size + papers.length > mostBlocks) shelf.clear();
  const missing = papers.filter((ref) => !shelf.has(refKey(ref)));
  const views = await archive.papersOf(editionId, missing, language);
  for (const [index, ref] of missing.entries()) {
    const view = views[index];
    if (!view) throw new Error(`the archive knows no paper ${ref.paper} of edition ${editionId}`);
    shelf.set(refKey(ref), press.set(view, language));
  }
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
const messageId = (kit: MailKit, key: string): string => {
  const mac = hmacSha256(kit.secret, `message-id\0${key}`).slice(0, 16);
  return `${Buffer.from(mac, 'latin1').toString('hex')}@${kit.from.address.split('@')[1] ?? 'localhost'}`;
};
