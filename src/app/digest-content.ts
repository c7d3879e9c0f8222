/** What a stored digest says, loaded from the ledger. */
import type { Digest } from '../db/digests.ts';
import { type Edition, findEdition, findEntry } from '../db/editions.ts';
import { type Db, statement } from '../db/open.ts';
import { listPapers } from '../db/papers.ts';
import type { Subscriber } from '../db/subscribers.ts';
import { batchLines } from './batches.ts';
import type { DigestContent, DigestOutline, DigestPaper } from './digest-view.ts';

/** An edition, and what is to be said of the sources' lists at its moment. */
export type EditionNews = { readonly edition: Edition; readonly batchLines: readonly string[] };

export const loadEditionNews = (db: Db, id: number): EditionNews => {
  const edition = findEdition(db, id);
  if (!edition) throw new Error(`edition ${id} is gone`);
  return { edition, batchLines: batchLines(db, edition.asOf) };
};

/** A stored digest without its papers, which many mails share. */
export const loadDigestOutline = (
  db: Db,
  digest: Digest,
  reader: Subscriber,
  newsOf: (editionId: number) => EditionNews = (id) => loadEditionNews(db, id),
): DigestOutline => {
  return {
    day: digest.day,
    ...newsOf(digest.editionId),
    count: digest.papers.length,
    topics: topicNames(db, reader.settings.topics),
    first: isFirst(db, digest),
    settings: reader.settings,
  };
};

/** One paper of an edition's list; `undefined` when the corpus no longer holds it. */
export const loadDigestPaper = (
  db: Db,
  editionId: number,
  { paper: number, topicId }: Digest['papers'][number],
): DigestPaper | undefined => {
  const [paper] = listPapers(db, [number]);
  const entry = findEntry(db, editionId, topicId, number);
  return (
    paper && {
      paper,
      topic: topicName(db, topicId),
      score: entry?.score ?? 0,
      parts: entry?.parts ?? [],
    }
  );
};

/** All that a stored digest says. */
export const loadDigestContent = (db: Db, digest: Digest, reader: Subscriber): DigestContent => ({
  ...loadDigestOutline(db, digest, reader),
  papers: digest.papers.flatMap((ref) => loadDigestPaper(db, digest.editionId, ref) ?? []),
});

const topicName = (db: Db, id: number): string =>
  (statement(db, 'select name from topics where id = ?').pluck().get(id) as string | undefined) ??
  '';

/** The names of topics given by slug. */
export const topicNames = (db: Db, slugs: readonly string[]): readonly string[] => {
  const bySlug = statement(db, 'select name from topics where slug = ?').pluck();
  return slugs.map((slug) => (bySlug.get(slug) as string | undefined) ?? slug);
};

const isFirst = (db: Db, digest: Digest): boolean =>
  statement(db, 'select 1 from digests where subscriber_id = ? and id < ?').get(
    digest.subscriberId,
    digest.id,
  ) === undefined;
