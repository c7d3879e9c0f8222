/** The web version of a mail, at an address nobody can guess: the same content, rendered anew. */
import { findDigestByKey } from '../db/digests.ts';
import type { Db } from '../db/open.ts';
import { findById } from '../db/subscribers.ts';
import { readToken } from '../lib/token.ts';
import { renderDigest } from '../mail/render.ts';
import { loadDigestContent } from './digest-content.ts';
import { digestLinks, toDigestView } from './digest-view.ts';
import type { MailKit } from './mail-kit.ts';

/** A whole HTML document; `undefined` for a token that is not of ours, or of a digest that is gone. */
export const findDigestPage = (
  db: Db,
  kit: MailKit,
  token: string,
): { readonly html: string } | undefined => {
  const key = readToken(kit.secret, 'digest', token);
  const digest = key && findDigestByKey(db, key);
  const reader = digest && findById(db, digest.subscriberId);
  if (!digest || !reader) return undefined;
  const content = loadDigestContent(db, digest, reader);
  const links = digestLinks(kit, reader, digest.key);
  const words = kit.templates.words[reader.settings.language];
  return { html: renderDigest(kit.templates, toDigestView(content, kit, links, words)).html };
};
