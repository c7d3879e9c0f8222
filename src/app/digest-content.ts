/** What a stored digest says, loaded from the ledger. */
import { type Digest, listFirstDigests } from '../db/digests.ts';
import { type Edition, findEdition, findEntry, isOfSample, listEntries } from '../db/editions.ts';
import { type Db, statement } from '../db/open.ts';
import { listPapers } from '../db/papers.ts';
import { countNoticed } from '../db/signals.ts';
import type { Subscriber } from '../db/subscribers.ts';
import { findTopic } from '../db/topics.ts';
import type { BatchNews } from '../domain/batch.ts';
import { everything } from '../domain/topic.ts';
import { batchNews } from './batches.ts';
import type { DigestContent, DigestOutline, DigestPaper, WeekNews } from './digest-view.ts';
import { tellStory } from './paper-story.ts';

/** An edition, and what is to be said of the sources' lists at its moment. */
export type EditionNews = {
  readonly edition: Edition;
  readonly batches: readonly BatchNews[];
  /** What a week was, where the edition is of one. */
  readonly week?: WeekNews;
  /** Whether it was made of the bundled sample, for want of a source. */
  readonly sample: boolean;
};

export const loadEditionNews = (db: Db, id: number): EditionNews => {
  const edition = findEdition(db, id);
  if (!edition) throw new Error(`edition ${id} is gone`);
  const week = edition.kind === 'week' ? weekNews(db, edition) : undefined;
  const batches = batchNews(db, edition.asOf);
  return { edition, batches, ...(week && { week }), sample: isOfSample(db, id) };
};

const weekMs = 7 * 86_400_000;
const mostTalkedOf = 2;

const weekNews = (db: Db, { id, asOf }: Edition): WeekNews => {
  const all = findTopic(db, everything.slug);
  const first = all ? listEntries(db, id, all.id).slice(0, mostTalkedOf) : [];
  return {
    noticed: countNoticed(db, asOf.getTime() - weekMs, asOf.getTime()),
    talkedOf: listPapers(
      db,
      first.map(({ paper }) => paper),
    ).map(({ title }) => title),
  };
};

const loadDigestOutline = (db: Db, digest: Digest, reader: Subscriber): DigestOutline => ({
  day: digest.day,
  ...loadEditionNews(db, digest.editionId),
  count: digest.papers.length,
  first: listFirstDigests(db, [digest.id]).has(digest.id),
  settings: reader.settings,
});

/** Papers of an edition's lists, in the order asked for; `undefined` for one the corpus has lost. */
export const loadDigestPapers = (
  db: Db,
  editionId: number,
  refs: Digest['papers'],
): readonly (DigestPaper | undefined)[] => {
  const asOf = findEdition(db, editionId)?.asOf;
  return refs.map((ref) => asOf && loadDigestPaper(db, { id: editionId, asOf }, ref));
};

const loadDigestPaper = (
  db: Db,
  edition: Pick<Edition, 'id' | 'asOf'>,
  { paper: number, topicId, like }: Digest['papers'][number],
): DigestPaper | undefined => {
  const [paper] = listPapers(db, [number]);
  const [liked] = like === undefined ? [] : listPapers(db, [like]);
  const entry = findEntry(db, edition.id, topicId, number);
  return (
    paper && {
      paper,
      topic: topicSlug(db, topicId),
      score: entry?.score ?? 0,
      parts: entry?.parts ?? [],
      ...tellStory(db, paper, edition.asOf),
      ...(liked && { like: liked.title }),
    }
  );
};

/** All that a stored digest says. */
export const loadDigestContent = (db: Db, digest: Digest, reader: Subscriber): DigestContent => ({
  ...loadDigestOutline(db, digest, reader),
  papers: loadDigestPapers(db, digest.editionId, digest.papers).flatMap((paper) => paper ?? []),
});

const topicSlug = (db: Db, id: number): string =>
  (statement(db, 'select slug from topics where id = ?').pluck().get(id) as string | undefined) ??
  '';
