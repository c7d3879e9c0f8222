/** Publishing an edition: what is trending, in every topic in use, at one moment. */
import {
  type Edition,
  type EditionList,
  insertEdition,
  listEntries,
  newestEdition,
  topicsOfEdition,
} from '../db/editions.ts';
import { type Db, inTransaction } from '../db/open.ts';
import { countCorpus, countListed } from '../db/papers.ts';
import { findTopic, listTopicsInUse, type StoredTopic } from '../db/topics.ts';
import type { EditionKind } from '../domain/edition.ts';
import { parseQuery } from '../domain/query.ts';
import { everything } from '../domain/topic.ts';
import { atOnce, type Steps } from '../lib/steps.ts';
import type { Learning } from './models.ts';
import { type Ranking, rankCorpus, selectTopic } from './ranking.ts';
import { rankWeek } from './week-ranking.ts';

/** How deep each list goes: a reader who has seen the top still finds something below. */
const listDepth = 100;

const dayMs = 86_400_000;

/** An edition as planning needs it, published or (for a dry run) only worked out. */
export type EditionDraft = {
  readonly kind: EditionKind;
  readonly asOf: Date;
  readonly rankedAt: Date;
  readonly papersRead: number;
  readonly lists: readonly EditionList[];
};

const spanMs: Readonly<Record<EditionKind, number>> = { day: dayMs, week: 7 * dayMs };

/** Works out the lists of all topics in use at `asOf`, by what was known then: a topic a step. */
export function* draftEdition(
  db: Db,
  asOf: Date,
  learning?: Learning,
  kind: EditionKind = 'day',
): Steps<EditionDraft> {
  const now = rankCorpus(db, asOf, learning);
  yield;
  const ranking = kind === 'week' ? rankWeek(db, now) : now;
  const all = findTopic(db, everything.slug);
  const inUse = listTopicsInUse(db).filter((topic) => topic.id !== all?.id);
  const lists: EditionList[] = [];
  for (const topic of [...(all ? [all] : []), ...inUse]) {
    yield;
    lists.push(rankTopic(db, ranking, topic));
  }
  return {
    kind,
    asOf,
    rankedAt: ranking.rankedAt,
    papersRead: countListed(db, asOf.getTime() - spanMs[kind], asOf.getTime()),
    lists,
  };
}

const rankTopic = (db: Db, ranking: Ranking, topic: StoredTopic): EditionList => {
  const parsed = topic.query === '' ? undefined : parseQuery(topic.query);
  // Queries are checked before they are stored; one that a stricter version no longer reads
  // leaves its readers their other topics.
  const chosen = parsed?.kind === 'fault' ? [] : selectTopic(db, ranking, parsed?.query, listDepth);
  return {
    topicId: topic.id,
    entries: chosen.map(({ number, score, parts }) => ({ paper: number, score, parts })),
  };
};

export type PublishedEdition = Edition & { readonly lists: readonly EditionList[] };

/**
 * The edition for `asOf`: one of its kind already published at most `reuseMs` before that still
 * covers every topic in use, else a new one.
 */
export const ensureEdition = (...asked: Parameters<typeof editionInSteps>): PublishedEdition =>
  atOnce(editionInSteps(...asked));

/** `ensureEdition`, in steps. */
export function* editionInSteps(
  db: Db,
  asOf: Date,
  now: Date,
  reuseMs: number,
  learning?: Learning,
  kind: EditionKind = 'day',
): Steps<PublishedEdition> {
  const known = newestEdition(db, asOf.getTime() - reuseMs, asOf.getTime(), kind);
  if (known && coversTopicsInUse(db, known.id)) return { ...known, lists: listsOf(db, known.id) };
  const draft = yield* draftEdition(db, asOf, learning, kind);
  return inTransaction(db, () => ({
    ...insertEdition(db, { ...draft, publishedAt: now }, draft.lists),
    lists: draft.lists,
  }));
}

const coversTopicsInUse = (db: Db, editionId: number): boolean => {
  const covered = topicsOfEdition(db, editionId);
  return listTopicsInUse(db).every((topic) => covered.has(topic.id));
};

const listsOf = (db: Db, editionId: number): readonly EditionList[] =>
  [...topicsOfEdition(db, editionId)].map((topicId) => ({
    topicId,
    entries: listEntries(db, editionId, topicId),
  }));

/** Once a day from this hour (UTC) an edition is published even when no digest is due. */
const dailyHourUtc = 6;

/**
 * Publishes the day's public edition when it is time and none has been published since. The bundled
 * sample is no news: while it is shown there is no edition of it, nor before there is any paper.
 */
export const publishDaily = (db: Db, now: Date): boolean => atOnce(publishDailyInSteps(db, now));

/** `publishDaily`, in steps. */
export function* publishDailyInSteps(db: Db, now: Date): Steps<boolean> {
  const dueAt = new Date(now).setUTCHours(dailyHourUtc, 0, 0, 0);
  if (now.getTime() < dueAt || newestEdition(db, dueAt, now.getTime())) return false;
  const { papers, sample } = countCorpus(db);
  if (papers === 0 || sample > 0) return false;
  yield* editionInSteps(db, now, now, 0, 'at-hand');
  return true;
}
