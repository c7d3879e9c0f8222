/** One digest as it would be now, with nothing recorded. */
import { listSeen } from '../db/digests.ts';
import type { Db } from '../db/open.ts';
import { countListed, listPapers } from '../db/papers.ts';
import { listReactions } from '../db/reactions.ts';
import { countNoticed } from '../db/signals.ts';
import type { Subscriber } from '../db/subscribers.ts';
import { findTopic } from '../db/topics.ts';
import { chooseDigest } from '../domain/digest.ts';
import { localTime } from '../domain/due.ts';
import { groupByTopic } from '../domain/grouping.ts';
import { reorder } from '../domain/liking.ts';
import { parseQuery } from '../domain/query.ts';
import type { Settings } from '../domain/subscription.ts';
import { ownQuery, ownTopic } from '../domain/topic.ts';
import { batchNews } from './batches.ts';
import type { DigestContent, WeekNews } from './digest-view.ts';
import { openLikings } from './liking.ts';
import { createMuting } from './muted.ts';
import { tellStory } from './paper-story.ts';
import { type Ranking, rankCorpus, selectTopic } from './ranking.ts';
import { rankWeek } from './week-ranking.ts';

const dayMs = 86_400_000;
const listDepth = 100;

/** Works out a digest for settings at a moment; a reader's seen papers are left out. */
export const previewDigest = (
  db: Db,
  settings: Settings,
  reader: Subscriber | undefined,
  asOf: Date,
  current: Ranking = rankCorpus(db, asOf),
): DigestContent => {
  const weekly = settings.frequency.kind === 'weekly';
  const ranking = weekly ? rankWeek(db, current) : current;
  const topics = settings.topics.map((slug) => {
    const query = ownQuery(slug);
    return query === undefined ? findTopic(db, slug) : ownTopic(query);
  });
  const lists = topics.map((topic, index) => {
    const parsed = topic?.query ? parseQuery(topic.query) : undefined;
    const query = parsed?.kind === 'ok' ? parsed.query : undefined;
    return { topic: index, ranked: selectTopic(db, ranking, query, listDepth) };
  });
  const liking = reader && openLikings(db)(listReactions(db, reader.id));
  const candidates = lists.map(({ topic, ranked }) => {
    const entries = ranked.map(({ number, score }) => ({ paper: number, score }));
    return { topic, entries: liking ? reorder(entries, liking) : entries };
  });
  const seen = reader ? listSeen(db, reader.id) : new Set<number>();
  const muted = createMuting(db)(settings.muted ?? []);
  const chosen = groupByTopic(chooseDigest(candidates, seen, settings.papers, muted));
  const papers = listPapers(
    db,
    chosen.map(({ paper }) => paper),
  );
  return {
    day: localTime(asOf, settings.timeZone).day,
    count: papers.length,
    edition: {
      asOf,
      rankedAt: ranking.rankedAt,
      papersRead: countListed(db, asOf.getTime() - (weekly ? 7 : 1) * dayMs, asOf.getTime()),
    },
    batches: batchNews(db, asOf),
    sample: papers.some(({ bundled }) => bundled),
    ...(weekly && { week: weekOf(db, ranking) }),
    papers: papers.map((paper, index) => {
      const choice = chosen[index];
      const ranked = lists[choice?.topic ?? 0]?.ranked.find(
        ({ number }) => number === paper.number,
      );
      return {
        paper,
        topic: topics[choice?.topic ?? 0]?.slug ?? '',
        score: choice?.score ?? 0,
        parts: ranked?.parts ?? [],
        ...tellStory(db, paper, asOf),
        ...likedTitle(db, choice?.like),
      };
    }),
    first: false,
    settings,
  };
};

const weekOf = (db: Db, { asOf, papers }: Ranking): WeekNews => ({
  noticed: countNoticed(db, asOf.getTime() - 7 * dayMs, asOf.getTime()),
  talkedOf: listPapers(
    db,
    papers.slice(0, 2).map(({ number }) => number),
  ).map(({ title }) => title),
});

const likedTitle = (db: Db, like: number | undefined): { readonly like?: string } => {
  const [paper] = like === undefined ? [] : listPapers(db, [like]);
  return paper ? { like: paper.title } : {};
};
