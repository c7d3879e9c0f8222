/** A previewed digest as the mail it would be. Its links lead nowhere when it is for nobody. */
import type { Subscriber } from '../db/subscribers.ts';
import { composeMessage } from '../mail/compose.ts';
import { renderDigest } from '../mail/render.ts';
import { type DigestContent, toDigestView } from './digest-view.ts';
import { hostIn, type MailKit, tokenUrl } from './mail-kit.ts';

export type PreviewMail = {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly eml: string;
};

/** Renders and composes a preview; `reader` undefined is a preview of topics, for nobody. */
export const previewMail = async (
  kit: MailKit,
  content: DigestContent,
  reader: Subscriber | undefined,
  asOf: Date,
): Promise<PreviewMail> => {
  // Sixteen zero bytes name nobody: the pages these links open say so.
  const key = reader?.key ?? Buffer.alloc(16);
  const links = {
    manage: tokenUrl(kit, 'manage', key),
    unsubscribe: tokenUrl(kit, 'unsubscribe', key),
    web: `${kit.baseUrl}/`,
    feed: tokenUrl(kit, 'feed', key),
    react: tokenUrl(kit, 'react', key),
  };
  const words = kit.templates.words[content.settings.language];
  const rendered = renderDigest(kit.templates, toDigestView(content, kit, links, words));
  const host = hostIn(kit.baseUrl);
  const bytes = await composeMessage(
    {
      ...rendered,
      from: kit.from,
      to: reader?.email ?? kit.from.address,
      messageId: `preview@${host}`,
      date: asOf,
      listId: listId(kit.baseUrl),
      feedbackId: `preview:paperboy:${host}`,
      returnPath: kit.returnPath,
      kind: 'digest',
      unsubscribeUrl: links.unsubscribe,
    },
    kit.dkim,
  );
  return { ...rendered, eml: bytes.toString('utf8') };
};

/** RFC 2919: stable for ever, and unlike any host name. */
export const listId = (baseUrl: string): string => `digest.${hostIn(baseUrl)}`;
