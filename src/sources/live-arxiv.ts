/**
 * arXiv day by day: the announcement feed of the followed categories, and the papers others speak
 * of that nobody has told us yet. https://info.arxiv.org/help/rss.html
 */
import { arxivCalendar } from '../domain/batch.ts';
import type { Day } from '../domain/paper.ts';
import { fetchSubmissions, lookUpPapers } from './arxiv-query.ts';
import { parseMailDay } from './fields.ts';
import type { LiveContext, LiveSource, Manners } from './live-source.ts';
import { checkXml, hourMs } from './live-source.ts';
import { isWhole, type LiveRecord } from './source-record.ts';
import { parseXmlDocument } from './xml-document.ts';

/**
 * One request every three seconds over one connection, for all of arXiv's interfaces together:
 * https://info.arxiv.org/help/api/tou.html. The allowance is a tenth of what that makes in a day.
 */
export const arxivManners: Manners = { service: 'arxiv', intervalMs: 3_000, mostADay: 2_880 };

export const arxiv: LiveSource = {
  manners: arxivManners,
  everyMs: hourMs,
  calendar: arxivCalendar,
  backfills: true,
  fetch: async function* (context) {
    if (context.range) yield* fetchSubmissions(context, context.range);
    else {
      yield* fetchAnnouncements(context);
      yield* lookUpPapers(context);
    }
  },
};

const feedUrl = (setting: string, categories: readonly string[]): string => {
  const bare = setting.replace(/\/+$/, '');
  const isHost = URL.canParse(bare) && new URL(bare).pathname === '/';
  const path = categories.map((category) => encodeURIComponent(category)).join('+');
  return `${bare}${isHost ? '/atom' : ''}/${path}`;
};

/** All followed categories in one request. */
async function* fetchAnnouncements(context: LiveContext): AsyncGenerator<LiveRecord> {
  const { ask, config } = context;
  if (config.categories.length === 0) return;
  const url = feedUrl(config.urls.arxivRss, config.categories);
  const { text, complaint } = await ask(url, { check: checkXml('feed', 'rss') });
  const ids: string[] = [];
  let day: Day | undefined = statedDay(text);
  let refused = 0;
  for (const record of parseXmlDocument(text)) {
    if (record.kind === 'paper') {
      const { paper } = record;
      // With its version: a replacement is news, though the paper is not.
      ids.push(paper.version === undefined ? paper.id : `${paper.id}v${paper.version}`);
      if (day === undefined || (paper.listedOn ?? '') > day) day = paper.listedOn ?? day;
    }
    if (record.kind === 'rejected') refused += 1;
    yield record;
  }
  const complete = complaint === undefined && isWhole(ids.length, refused);
  yield { kind: 'batch', calendar: arxivCalendar, batch: { day, ids, complete } };
}

// RSS dates the whole channel; Atom only its entries, its `updated` being merely when it was built.
const statedDay = (text: string): Day | undefined => {
  const stated = /<pubDate>([^<]{1,60})<\/pubDate>/.exec(text)?.[1];
  return stated === undefined ? undefined : parseMailDay(stated);
};
