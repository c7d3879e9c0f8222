/**
 * Hacker News: points and comments of stories that link to arXiv, found by Algolia's search.
 * https://hn.algolia.com/api
 */
import { parseArxivId } from '../domain/paper.ts';
import { countField, isJsonObject, type Json, textField } from './fields.ts';
import type { LiveContext, LiveSource } from './live-source.ts';
import {
  askService,
  checkJson,
  dayMs,
  daysOf,
  hourMs,
  SourceError,
  serviceUrls,
} from './live-source.ts';
import type { LiveRecord, SourceRecord } from './source-record.ts';
import { readRow, rejected } from './source-record.ts';

export const hackerNews: LiveSource = {
  // 10,000 requests an hour from one address: https://hn.algolia.com/api
  manners: { service: 'hackernews', intervalMs: 0, backfillIntervalMs: 1_000, mostADay: 5_000 },
  everyMs: hourMs,
  backfills: true,
  fetch: async function* (context) {
    const { range, now } = context;
    if (!range) {
      yield* fetchStories(context, now.getTime() - daysBack * dayMs, now.getTime());
      return;
    }
    for (const day of daysOf(range))
      yield* fetchStories(context, Date.parse(day), Date.parse(day) + dayMs);
  },
};

// A story is off the front page within days, and its points stand still.
const daysBack = 7;
const pageSize = 1_000;

type Story = { readonly paperId: string; readonly points: number; readonly comments: number };

/** The stories of a span of time. Of several about one paper the one with most points speaks. */
async function* fetchStories(
  context: LiveContext,
  from: number,
  to: number,
): AsyncGenerator<LiveRecord> {
  const best = new Map<string, Story>();
  for (let page = 0, pages = 1; page < pages; page += 1) {
    const answer = await fetchPage(context, from, to, page);
    pages = Math.min(answer.pages, 10);
    for (const result of answer.stories) {
      if ('kind' in result) {
        yield result;
        continue;
      }
      const known = best.get(result.paperId);
      if (!known || result.points > known.points) best.set(result.paperId, result);
    }
  }
  for (const { paperId, points, comments } of best.values()) {
    const seen = { paperId, source: 'hackernews', observedAt: context.now };
    yield { kind: 'signal', line: 1, signal: { ...seen, kind: 'points', value: points } };
    yield { kind: 'signal', line: 1, signal: { ...seen, kind: 'comments', value: comments } };
  }
}

const fetchPage = async (
  context: LiveContext,
  from: number,
  to: number,
  page: number,
): Promise<{ readonly stories: readonly (Story | SourceRecord)[]; readonly pages: number }> => {
  const span = `created_at_i>=${Math.floor(from / 1000)},created_at_i<${Math.ceil(to / 1000)}`;
  const { text, complaint } = await askService(
    context,
    serviceUrls(context.config.urls.hnApi, '/api/v1', '/search_by_date'),
    `?query=arxiv.org&restrictSearchableAttributes=url&tags=story&hitsPerPage=${pageSize}` +
      `&numericFilters=${encodeURIComponent(span)}${page > 0 ? `&page=${page}` : ''}`,
    { check: checkJson('object') },
  );
  if (complaint !== undefined) throw new SourceError(complaint);
  const answer = JSON.parse(text) as Json;
  if (!Array.isArray(answer.hits)) throw new SourceError('the answer is without the field hits');
  return {
    stories: answer.hits.flatMap(readStory),
    pages: typeof answer.nbPages === 'number' ? answer.nbPages : 1,
  };
};

const readStory = (hit: unknown): readonly (Story | SourceRecord)[] => {
  if (!isJsonObject(hit)) return [rejected(1, 'a hit is no object')];
  const stories: Story[] = [];
  const refused = readRow(1, () => {
    const paperId = parseArxivId(textField(hit.url, 'url') ?? '');
    // Links to lists, blogs and mirrors of arXiv are about no one paper.
    if (paperId === undefined) return [];
    const comments = hit.num_comments ?? 0;
    stories.push({
      paperId,
      points: countField(hit.points, 'points'),
      comments: countField(comments, 'num_comments'),
    });
    return [];
  });
  return [...stories, ...refused];
};
