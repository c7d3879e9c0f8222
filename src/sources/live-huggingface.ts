/**
 * Hugging Face Daily Papers, `GET /api/daily_papers?date=`: each day's list, for as long as its
 * counts still move. https://huggingface.co/docs/hub/api
 */
import { huggingFaceCalendar } from '../domain/batch.ts';
import type { Day } from '../domain/paper.ts';
import { HttpStatusError } from '../lib/http.ts';
import { parseJsonDocument } from './json-document.ts';
import type { LiveContext, LiveSource } from './live-source.ts';
import { askService, checkJson, dayMs, daysOf, hourMs, serviceUrls } from './live-source.ts';
import type { LiveRecord, SourceRecord } from './source-record.ts';
import { isWhole, rejected } from './source-record.ts';

// A list gathers most of its votes within a week.
const daysBack = 7;
const pageSize = 100;
// A day features some dozens; more pages than this is a server that ignores `p`.
const mostPages = 10;
// A list this long in which nobody has a single vote is a list whose votes have moved.
const enoughToTell = 5;

export const huggingFace: LiveSource = {
  // 500 requests in five minutes without a token: https://huggingface.co/docs/hub/rate-limits
  manners: {
    ...{ service: 'huggingface', intervalMs: 0, backfillIntervalMs: 600, mostADay: 5_000 },
  },
  everyMs: hourMs,
  calendar: huggingFaceCalendar,
  backfills: true,
  fetch: (context) => (context.range ? fetchRange(context) : fetchWeek(context)),
};

/** Today (UTC) and the seven days before, newest first. */
async function* fetchWeek(context: LiveContext): AsyncGenerator<LiveRecord> {
  let lastError: HttpStatusError | undefined;
  let answers = 0;
  for (let back = 0; back <= daysBack; back += 1) {
    const day = new Date(context.now.getTime() - back * dayMs).toISOString().slice(0, 10);
    try {
      const { records, complete } = await fetchDay(context, day);
      yield* records;
      answers += 1;
      if (back === 0) yield batchOf(day, records, complete);
    } catch (error) {
      // An error answer is that day's; a server that cannot be reached will not be for the rest.
      if (!(error instanceof HttpStatusError)) throw error;
      lastError = error;
      yield rejected(1, `${day}: ${error.message}`);
      if (back === 0) yield batchOf(day, [], false);
    }
  }
  if (answers === 0 && lastError) throw lastError;
}

/** The days of the range, oldest first; one interrupted goes on behind the last whole day. */
async function* fetchRange(context: LiveContext): AsyncGenerator<LiveRecord> {
  const { range, notes } = context;
  if (!range) return;
  const key = `backfill:${range.from}:${range.to}`;
  const done = notes.find(key) ?? '';
  for (const day of daysOf(range)) {
    if (day <= done) continue;
    const { records, complete } = await fetchDay(context, day);
    yield* records;
    if (complete) yield { kind: 'note', key, value: day };
  }
  yield { kind: 'note', key, value: undefined };
}

type DayList = { readonly records: readonly SourceRecord[]; readonly complete: boolean };

const fetchDay = async (context: LiveContext, day: Day): Promise<DayList> => {
  const urls = serviceUrls(context.config.urls.hfApi, '/api', '/daily_papers');
  const records: SourceRecord[] = [];
  const seen = new Set<string>();
  let complete = true;
  for (let page = 0; page < mostPages; page += 1) {
    const rest = `?date=${day}&limit=${pageSize}${page > 0 ? `&p=${page}` : ''}`;
    const { text, complaint } = await askService(context, urls, rest, { check: checkJson('list') });
    const found = readPage(text, context.now);
    const fresh = found.filter(
      (record) => record.kind === 'paper' && !seen.has(record.paper.id),
    ).length;
    if (page > 0 && fresh === 0) break;
    for (const record of found) {
      if (record.kind === 'paper') seen.add(record.paper.id);
      records.push(
        record.kind === 'rejected' ? { ...record, reason: `${day}: ${record.reason}` } : record,
      );
    }
    const count = (kind: SourceRecord['kind']): number =>
      found.filter((record) => record.kind === kind).length;
    complete &&= complaint === undefined && isWhole(count('paper'), count('rejected'));
    if (count('paper') < pageSize) break;
  }
  return { records, complete };
};

const readPage = (text: string, now: Date): readonly SourceRecord[] => {
  if (!/^\s*\[/.test(text)) return [rejected(1, 'the answer is not a JSON list')];
  const records = [...parseJsonDocument(text, now)];
  const papers = records.filter(({ kind }) => kind === 'paper').length;
  const votes = records.some(
    (record) => record.kind === 'signal' && record.signal.kind === 'upvotes',
  );
  return papers >= enoughToTell && !votes
    ? [...records, rejected(1, 'no entry has the field upvotes: the answer has changed its form')]
    : records;
};

const batchOf = (day: Day, records: readonly SourceRecord[], complete: boolean): LiveRecord => ({
  kind: 'batch',
  calendar: huggingFaceCalendar,
  batch: {
    day,
    ids: records.flatMap((record) => (record.kind === 'paper' ? [record.paper.id] : [])),
    complete,
  },
});
