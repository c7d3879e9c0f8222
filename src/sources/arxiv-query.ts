/**
 * arXiv's query API: papers by id, and what was submitted on days of the past.
 * https://info.arxiv.org/help/api/user-manual.html
 */
import { isArchive } from '../domain/taxonomy.ts';
import type { DayRange, LiveContext, Reply } from './live-source.ts';
import { askService, checkXml, daysOf, SourceError, serviceUrls } from './live-source.ts';
import type { LiveRecord } from './source-record.ts';
import { parseXmlDocument } from './xml-document.ts';

// Ids that fit one address with room to spare, and requests of one run.
const idsARequest = 100;
const mostLookUps = 5;

// The manual asks for slices of at most 2,000, and gives nothing beyond the 30,000th.
const pageSize = 1_000;
const mostOfAQuery = 30_000;

const check = checkXml('feed');

const query = (
  context: LiveContext,
  parameters: string,
  checkToo: (text: string) => string | undefined = () => undefined,
): Promise<Reply> =>
  askService(
    context,
    serviceUrls(context.config.urls.arxivApi, '/api', '/query'),
    `?${parameters}`,
    { check: (text) => check(text) ?? checkToo(text) },
  );

/** The papers signals speak of. An id arXiv does not know is asked for again only after a week. */
export async function* lookUpPapers(context: LiveContext): AsyncGenerator<LiveRecord> {
  const missing = context.work.missingPapers(idsARequest * mostLookUps);
  for (let at = 0; at < missing.length; at += idsARequest) {
    const ids = missing.slice(at, at + idsARequest);
    const list = ids.map(encodeURIComponent).join(',');
    const { text, complaint } = await query(context, `id_list=${list}&max_results=${idsARequest}`);
    yield* readAnswer(text, complaint);
    for (const id of ids)
      yield { kind: 'note', key: `asked:${id}`, value: context.now.toISOString().slice(0, 10) };
  }
}

function* readAnswer(text: string, complaint: string | undefined): Generator<LiveRecord> {
  if (complaint !== undefined) throw new SourceError(`arXiv: ${complaint}`);
  yield* parseXmlDocument(text);
}

const isArchiveWithClasses = (code: string): boolean => isArchive(code) && !code.includes('-');

/** A query for all followed categories; of an archive, for all its classes. */
const categoryQuery = (categories: readonly string[]): string =>
  categories.map((code) => `cat:${isArchiveWithClasses(code) ? `${code}.*` : code}`).join(' OR ');

type Place = { readonly day: string; readonly start: number };

const parsePlace = (note: string | undefined): Place | undefined => {
  const [day, start] = note?.split(' ') ?? [];
  return day === undefined || start === undefined ? undefined : { day, start: Number(start) };
};

/**
 * What was first submitted on each day of a range, oldest first, page by page. Where it stands is
 * noted with each page, so that one interrupted goes on there.
 */
export async function* fetchSubmissions(
  context: LiveContext,
  range: DayRange,
): AsyncGenerator<LiveRecord> {
  const key = `backfill:${range.from}:${range.to}`;
  const place = parsePlace(context.notes.find(key));
  for (const day of daysOf(range)) {
    if (place && day < place.day) continue;
    let start = place?.day === day ? place.start : 0;
    for (;;) {
      const page = await fetchPage(context, day, start);
      yield* page.records;
      start += page.entries;
      if (start >= page.total) break;
      yield { kind: 'note', key, value: `${day} ${start}` };
    }
    yield { kind: 'note', key, value: `${nextDay(day)} 0` };
  }
  yield { kind: 'note', key, value: undefined };
}

const nextDay = (day: string): string =>
  new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

type Page = {
  readonly records: readonly LiveRecord[];
  readonly entries: number;
  readonly total: number;
};

const fetchPage = async (context: LiveContext, day: string, start: number): Promise<Page> => {
  if (start >= mostOfAQuery)
    throw new SourceError(`arXiv gives no more than ${mostOfAQuery} papers of ${day}`);
  const stamp = day.replaceAll('-', '');
  const search = `(${categoryQuery(context.config.categories)}) AND submittedDate:[${stamp}0000 TO ${stamp}2359]`;
  const { text, complaint } = await query(
    context,
    `search_query=${encodeURIComponent(search)}&start=${start}&max_results=${pageSize}` +
      '&sortBy=submittedDate&sortOrder=ascending',
    (answer) => checkPage(answer, start),
  );
  if (complaint !== undefined) throw new SourceError(`${day}: ${complaint}`);
  const records = [...readAnswer(text, undefined)];
  const error = records.find(
    (record) => record.kind === 'rejected' && /reports an error/.test(record.reason),
  );
  if (error?.kind === 'rejected') throw new SourceError(`${day}: ${error.reason}`);
  return { records, entries: records.length, total: totalOf(text) };
};

const totalOf = (text: string): number =>
  Number(/<(?:\w+:)?totalResults[^>]*>(\d+)</.exec(text)?.[1] ?? 0);

// Under load arXiv answers some pages empty though its own total says otherwise.
const checkPage = (text: string, start: number): string | undefined =>
  totalOf(text) > start && !/<entry[\s>]/.test(text)
    ? `the page from ${start} is empty though there are ${totalOf(text)} papers`
    : undefined;
