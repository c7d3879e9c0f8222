/**
 * Printing: an order made the bytes of a mail, by no more than the kit and what the archive tells of
 * the edition. The same order gives the same bytes, in whatever process.
 */
import { createHmac } from 'node:crypto';
import { headingsOf } from '../domain/grouping.ts';
import type { Language } from '../domain/language.ts';
import { remembered } from '../lib/remembered.ts';
import { makeToken } from '../lib/token.ts';
import { composeMessage, type MessageParts } from '../mail/compose.ts';
import { createPress, type Press } from '../mail/press.ts';
import type { Block } from '../mail/press-part.ts';
import { type NoticeView, renderDigest, renderNotice } from '../mail/render.ts';
import type { OutgoingMail } from '../mail/transport.ts';
import type { Archive, EditionSheet } from './archive.ts';
import { digestLinks, sayHeading, toFrameView } from './digest-view.ts';
import { type MailKit, pageUrl, returnPathOf, tokenUrl } from './mail-kit.ts';
import type { DigestOrder, MailOrder, PaperRef } from './orders.ts';
import { listId } from './preview-mail.ts';
import { sayChanges, topicsLine, whenPhrase } from './settings-words.ts';

export type Printer = (order: MailOrder) => Promise<OutgoingMail>;

type Shop = {
  readonly kit: MailKit;
  readonly archive: Archive;
  readonly press: Press;
  readonly sheets: Map<number, EditionSheet>;
  readonly frames: Map<string, CommonFrame>;
};

/** Less what is the reader's own. */
type CommonFrame = Omit<ReturnType<typeof toFrameView>, 'links' | 'topicsLine'>;

const mostFrames = 500;

/**
 * A printer. It keeps each paper's block of the mail once it is set, so make one for a run, not one
 * for a mail.
 */
export const createPrinter = (kit: MailKit, archive: Archive): Printer => {
  const shop: Shop = {
    kit,
    archive,
    press: createPress(kit.templates),
    sheets: new Map(),
    frames: new Map(),
  };
  const sender = senderOf(kit);
  return async (order) => {
    const readerKey = Buffer.from(order.reader.key, 'hex');
    const rendered = await render(shop, order, readerKey);
    const returnPath = returnPathOf(kit, readerKey);
    const bytes = await toBytes(kit, sender, { order, readerKey, returnPath, rendered });
    return { key: order.key, envelope: { from: returnPath, to: order.reader.email }, bytes };
  };
};

/** What every mail says of where it comes from. */
const senderOf = (kit: MailKit) => ({
  from: kit.from,
  listId: listId(kit.baseUrl),
  host: new URL(kit.baseUrl).hostname,
});

type Rendered = MessageParts & { readonly subject: string };

const render = (shop: Shop, order: MailOrder, readerKey: Buffer): Rendered | Promise<Rendered> => {
  const { kit } = shop;
  if (order.digest) return printDigest(shop, order, order.digest, readerKey);
  if (order.kind === 'digest') throw new Error(`the order ${order.key} lacks its digest`);
  return renderNotice(kit.templates, order.kind, noticeView(kit, order, readerKey));
};

const printDigest = async (
  shop: Shop,
  { reader }: MailOrder,
  digest: DigestOrder,
  readerKey: Buffer,
): Promise<Rendered> => {
  const { kit, press, archive } = shop;
  const sheet = shop.sheets.get(digest.editionId) ?? (await fetchSheet(shop, digest.editionId));
  const { language } = reader.settings;
  const words = kit.templates.words[language];
  const frame = {
    ...commonFrame(shop, sheet, digest, reader),
    lead: digest.lead,
    topicsLine: topicsLine(reader.topics, words),
    links: digestLinks(kit, { key: readerKey }, Buffer.from(digest.key, 'hex')),
  };
  const blocks = await blocksOf(shop, digest, language);
  const headings = headingsOf(blocks);
  const printed = press.print(
    frame,
    blocks.map((block, index) => ({ block, heading: sayHeading(headings[index], words) })),
  );
  if (printed) return printed;
  // Too large to print as it is: rendered whole, with less of each paper.
  const papers = await archive.papersOf(digest.editionId, digest.papers, frame.language);
  const whole = papers.map((paper, index) => {
    const heading = sayHeading(headings[index], words);
    return { ...paper, ...(heading !== undefined && { heading }) };
  });
  return renderDigest(kit.templates, { ...frame, papers: whole });
};

/** The frame's words that other readers of the edition have too, put into words once. */
const commonFrame = (
  { kit, frames }: Shop,
  sheet: EditionSheet,
  { editionId, day, papers, first }: DigestOrder,
  { settings }: MailOrder['reader'],
): CommonFrame => {
  const { language, frequency, hour, timeZone } = settings;
  // A first digest tells when the next ones come.
  const when = first ? JSON.stringify([frequency, hour, timeZone]) : '';
  const key = `${language} ${editionId} ${day} ${papers.length} ${when}`;
  return remembered(frames, mostFrames, key, () => {
    const outline = {
      ...{ day, first, settings, count: papers.length, topics: [] },
      edition: {
        asOf: new Date(sheet.asOf),
        rankedAt: new Date(sheet.rankedAt),
        papersRead: sheet.papersRead,
      },
      batches: sheet.batches,
      ...(sheet.week && { week: sheet.week }),
    };
    return toFrameView(outline, kit, noLinks, kit.templates.words[language]);
  });
};

const noLinks = { manage: '', unsubscribe: '', web: '', feed: '', react: '' };

const fetchSheet = async ({ sheets, archive }: Shop, editionId: number): Promise<EditionSheet> => {
  const fetched = await archive.sheetOf(editionId);
  // Mails of the edition before may still be waiting, hardly ever those of one before that.
  if (sheets.size > 3) sheets.clear();
  sheets.set(editionId, fetched);
  return fetched;
};

/** The blocks of a digest; those not set yet are fetched together. */
const blocksOf = (
  shop: Shop,
  digest: DigestOrder,
  language: Language,
): readonly Block[] | Promise<readonly Block[]> => {
  const edition = `${language}/${digest.editionId}/`;
  const known: Block[] = [];
  for (const ref of digest.papers) {
    const block = shop.press.find(keyOf(edition, ref));
    if (!block) return fetchBlocks(shop, digest, language, edition);
    known.push(block);
  }
  return known;
};

const keyOf = (edition: string, { topicId, paper, like }: PaperRef): string =>
  `${edition}${topicId}/${paper}/${like ?? ''}`;

const fetchBlocks = async (
  { press, archive }: Shop,
  { editionId, papers }: DigestOrder,
  language: Language,
  edition: string,
): Promise<readonly Block[]> => {
  const known = papers.map((ref) => press.find(keyOf(edition, ref)));
  const missing = papers.filter((_, index) => !known[index]);
  const views = await archive.papersOf(editionId, missing, language);
  const set = new Map(
    missing.flatMap((ref, index) => {
      const view = views[index];
      return view ? [[ref, press.set(keyOf(edition, ref), view, language)] as const] : [];
    }),
  );
  return papers.map((ref, index) => {
    const block = known[index] ?? set.get(ref);
    if (!block) throw new Error(`the archive knows no paper ${ref.paper} of edition ${editionId}`);
    return block;
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
    topicsLine: topicsLine(reader.topics, words),
    whenLine: words.say('notice.when', { when: whenPhrase(reader.settings, words) }),
    ...(before && { changes: sayChanges(before, reader.settings, reader.topics, words) }),
    ...(kit.postalAddress && { postalAddress: kit.postalAddress }),
  };
};

const toBytes = (
  kit: MailKit,
  { from, listId, host }: ReturnType<typeof senderOf>,
  mail: {
    readonly order: MailOrder;
    readonly readerKey: Buffer;
    readonly returnPath: string;
    readonly rendered: Rendered;
  },
): Promise<Buffer> => {
  const { order, readerKey, returnPath, rendered } = mail;
  const common = {
    ...{ from, listId, returnPath },
    to: order.reader.email,
    ...rendered,
    messageId: messageId(kit, order.key),
    date: new Date(order.plannedAt),
    feedbackId: `${order.kind}:paperboy:${host}`,
  };
  if (order.kind !== 'digest') return composeMessage({ ...common, kind: 'notice' }, kit.dkim);
  const token = makeToken(kit.secret, 'unsubscribe', readerKey);
  return composeMessage(
    {
      ...common,
      kind: 'digest',
      unsubscribeUrl: pageUrl(kit.baseUrl, 'unsubscribe', token),
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
