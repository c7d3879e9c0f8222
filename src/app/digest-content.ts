/** What a stored digest says, loaded from the ledger. */
import { type Digest, listFirstDigests } from '../db/digests.ts';
import { type Edition, findEdition, findEntry } from '../db/editions.ts';
import { type Db, statement } from '../db/open.ts';
import { listPapers } from '../db/papers.ts';
import type { Subscriber } from '../db/subscribers.ts';
import type { BatchNews } from '../domain/batch.ts';
import { batchNews } from './batches.ts';
import type { DigestContent, DigestOutline, DigestPaper } from './digest-view.ts';

/** An edition, and what is to be said of the sources' lists at its moment. */
export type EditionNews = { readonly edition: Edition; readonly batches: readonly BatchNews[] };

export const loadEditionNews = (db: Db, id: number): EditionNews => {
  const edition = findEdition(db, id);
  if (!edition) throw new Error(`edition ${id} is gone`);
  return { edition, batches: batchNews(db, edition.asOf) };
};

const loadDigestOutline = (db: Db, digest: Digest, reader: Subscriber): DigestOutline => {
  const names = topicNames(db, reader.settings.topics);
  return {
    day: digest.day,
    ...loadEditionNews(db, digest.editionId),
    count: digest.papers.length,
    topics: reader.settings.topics.map((slug) => names.get(slug) ?? slug),
    first: listFirstDigests(db, [digest.id]).has(digest.id),
    settings: reader.settings,
  };
};

/** Papers of an edition's lists, in the order asked for; `undefined` for one the corpus has lost. */
export const loadDigestPapers = (
  db: Db,
  editionId: number,
  refs: Digest['papers'],
): readonly (DigestPaper | undefined)[] => refs.map((ref) => loadDigestPaper(db, editionId, ref));

const loadDigestPaper = (
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
  papers: loadDigestPapers(db, digest.editionId, digest.papers).flatMap((paper) => paper ?? []),
});

const topicName = (db: Db, id: number): string =>
  (statement(db, 'select name from topics where id = ?').pluck().get(id) as string | undefined) ??
  '';

/** The names of topics, by slug. */
export const topicNames = (db: Db, slugs: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    statement(db, 'select slug, name from topics where slug in (select value from json_each(?))')
      .raw()
      .all(JSON.stringify(slugs)) as [string, string][],
  );
