/**
 * WebSub: the hub is told which feeds have news (https://www.w3.org/TR/websub/), so that their
 * readers need not ask. What it has been told is kept, and compared with the newest edition at each
 * tick: a notice that fails, or a service that stops, delays the news and never loses it.
 */
import { listEntries, newestEdition, topicsOfEdition } from '../db/editions.ts';
import { findHubNotice, type HubNotice, saveHubNotice } from '../db/hub-notices.ts';
import type { Db } from '../db/open.ts';
import { findTopic, listCatalogue, type StoredTopic } from '../db/topics.ts';
import { type FeedSubject, feedFormats, feedPath } from '../domain/feed-subject.ts';
import { everything } from '../domain/topic.ts';
import { fetchAnswer } from '../lib/http.ts';
import type { Log } from '../lib/log.ts';

export type HubDeps = {
  readonly db: Db;
  readonly clock: () => Date;
  readonly log: Log;
  readonly hubUrl: string;
  readonly baseUrl: string;
};

/** As many papers as a feed shows. */
const shown = 30;
const timeoutMs = 10_000;
const firstRetryMs = 60_000;
const longestRetryMs = 6 * 3_600_000;
/** A hub that fails this often in a row is left alone until the next tick. */
const mostFailures = 3;

/** Tells the hub of every topic that has news in the newest edition; gives the number of notices. */
export const tellHub = async (deps: HubDeps, signal: AbortSignal): Promise<number> => {
  let [told, failures] = [0, 0];
  for (const { topic, editionId, notice } of dueNotices(deps)) {
    if (signal.aborted || failures >= mostFailures) break;
    try {
      await ping(deps, topic, signal);
      saveHubNotice(deps.db, topic.id, { editionId, attempts: 0, retryAt: new Date(0) });
      told += 1;
    } catch (error) {
      if (signal.aborted) break;
      failures += 1;
      const attempts = notice.attempts + 1;
      const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** (attempts - 1));
      const retryAt = new Date(deps.clock().getTime() + waitMs);
      saveHubNotice(deps.db, topic.id, { ...notice, attempts, retryAt });
      deps.log.warn({ topic: topic.slug, err: error, retryAt }, 'the hub took no notice');
    }
  }
  return told;
};

type Due = {
  readonly topic: StoredTopic;
  readonly editionId: number;
  readonly notice: HubNotice;
};

const neverTold: HubNotice = { editionId: 0, attempts: 0, retryAt: new Date(0) };

const dueNotices = ({ db, clock }: HubDeps): readonly Due[] => {
  const now = clock();
  const edition = newestEdition(db, 0, now.getTime());
  if (!edition) return [];
  const covered = topicsOfEdition(db, edition.id);
  return listCatalogue(db).flatMap((topic): Due[] => {
    const notice = findHubNotice(db, topic.id) ?? neverTold;
    if (!covered.has(topic.id) || notice.editionId === edition.id || notice.retryAt > now)
      return [];
    if (hasNews(db, topic.id, notice.editionId, edition.id))
      return [{ topic, editionId: edition.id, notice }];
    saveHubNotice(db, topic.id, { ...notice, editionId: edition.id });
    return [];
  });
};

const hasNews = (db: Db, topicId: number, before: number, now: number): boolean => {
  const papersOf = (edition: number): readonly number[] =>
    listEntries(db, edition, topicId)
      .slice(0, shown)
      .map(({ paper }) => paper);
  const known = new Set(papersOf(before));
  return papersOf(now).some((paper) => !known.has(paper));
};

const subjectsOf = ({ slug }: StoredTopic): readonly FeedSubject[] =>
  slug === everything.slug
    ? [{ kind: 'everything' }, { kind: 'topic', slug }, { kind: 'editions' }]
    : [{ kind: 'topic', slug }];

// How a publisher tells a hub is left open by WebSub; all hubs know the way PubSubHubbub 0.4 had it,
// where `hub.url` may be repeated.
const ping = async (
  { hubUrl, baseUrl }: HubDeps,
  topic: StoredTopic,
  signal: AbortSignal,
): Promise<void> => {
  const body = new URLSearchParams({ 'hub.mode': 'publish' });
  for (const subject of subjectsOf(topic))
    for (const format of feedFormats)
      for (const by of ['paper', 'day'] as const)
        if (by === 'paper' || subject.kind !== 'editions')
          body.append('hub.url', baseUrl + feedPath(subject, format, by));
  await fetchAnswer(hubUrl, {
    timeoutMs,
    maxBytes: 64 * 1024,
    userAgent: 'Paperboy',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: body.toString(),
    signal,
  });
};

/** Whether a feed's news are told to the hub: only such a feed names it. */
export const isToldToHub = (db: Db, subject: FeedSubject, now: Date): boolean => {
  if (subject.kind === 'everything' || subject.kind === 'editions') return true;
  if (subject.kind !== 'topic') return false;
  const [topic, edition] = [findTopic(db, subject.slug), newestEdition(db, 0, now.getTime())];
  return topic !== undefined && edition !== undefined
    ? topicsOfEdition(db, edition.id).has(topic.id)
    : false;
};
