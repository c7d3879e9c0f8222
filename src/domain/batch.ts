/**
 * The truth about a day's batch: whether a source's list is new, and if not, whether that was to be
 * expected. Dates and build times inside a feed are not believed; the ids are compared with those
 * of the batch before.
 */
import type { Day } from './paper.ts';
import type { Words } from './words.ts';

export const batchVerdicts = ['new', 'quiet', 'holiday', 'stale', 'partial'] as const;
export type BatchVerdict = (typeof batchVerdicts)[number];

/** What a source answered when asked for its newest list. */
export type Batch = {
  /** The day the list says it is of. */
  readonly day: Day | undefined;
  readonly ids: readonly string[];
  /** False when a part of it could not be had or read. */
  readonly complete: boolean;
};

export type JudgedBatch = {
  /** The day the verdict is about. */
  readonly day: Day;
  readonly verdict: BatchVerdict;
  readonly papers: number;
  /** Ids that were not in the batch before. */
  readonly fresh: number;
  /** For a person to read. */
  readonly detail: string;
};

/** When a source brings something, and by when at the latest. Times of day are minutes. */
export type BatchCalendar = {
  readonly zone: string;
  /** Why nothing is to be expected on a day; `undefined` when a batch is. */
  readonly dayOff: (day: Day) => { readonly verdict: 'quiet' | 'holiday'; why: string } | undefined;
  /** After this time of the day a missing batch is stale, before it merely not there yet. */
  readonly dueAtMinute: number;
};

/**
 * arXiv's deferred mailings, as it publishes them year by year under "On Deferred Mailings":
 * evenings on which nothing is announced. https://info.arxiv.org/help/availability.html#holiday
 * 2024 by way of a copy of that page; the two days of December 2025 are those on whose morrow no
 * listing appeared. A year not here has no holidays: its missing batches are called stale.
 */
export const arxivHolidays: ReadonlySet<Day> = new Set([
  ...['2023-01-16', '2023-06-14', '2023-06-19', '2023-07-04', '2023-09-04', '2023-11-23'],
  ...['2023-12-25', '2023-12-27'],
  ...['2024-01-15', '2024-05-22', '2024-06-19', '2024-07-04', '2024-09-02', '2024-11-28'],
  ...['2024-12-25', '2024-12-26', '2024-12-31'],
  ...['2025-01-01', '2025-01-20', '2025-06-19', '2025-07-06', '2025-09-01', '2025-11-27'],
  ...['2025-12-25', '2025-12-30'],
  ...['2026-01-01', '2026-01-19', '2026-06-19', '2026-07-03', '2026-09-07', '2026-11-26'],
  ...['2026-12-25', '2026-12-29', '2026-12-31'],
]);

const dayMs = 86_400_000;

const dayBefore = (day: Day): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) - dayMs).toISOString().slice(0, 10);

/** 0 is Sunday. */
const weekdayOf = (day: Day): number => new Date(`${day}T00:00:00Z`).getUTCDay();

/**
 * arXiv announces at 20:00 Eastern, Sunday to Thursday; the feeds carry it from midnight on under
 * the next day's date, Monday to Friday. https://info.arxiv.org/help/availability.html
 */
export const arxivCalendar: BatchCalendar = {
  zone: 'America/New_York',
  dayOff: (day) => {
    if ([0, 6].includes(weekdayOf(day)))
      return { verdict: 'quiet', why: 'arXiv announces nothing for a weekend' };
    if (arxivHolidays.has(dayBefore(day)))
      return { verdict: 'holiday', why: 'arXiv announced nothing because of a holiday' };
    return undefined;
  },
  // The feeds are rebuilt at midnight Eastern, which takes them some minutes.
  dueAtMinute: 30,
};

/** Hugging Face's lists are filled by people in the course of the day, on weekends by few. */
export const huggingFaceCalendar: BatchCalendar = {
  zone: 'UTC',
  dayOff: (day) =>
    [0, 6].includes(weekdayOf(day))
      ? { verdict: 'quiet', why: 'few papers are featured on a weekend' }
      : undefined,
  // In the recorded lists the first entries are submitted soon after midnight UTC; half a day
  // without any is out of the ordinary.
  dueAtMinute: 12 * 60,
};

/** The calendar day and minute of an instant in a zone. */
export const localTime = (
  at: Date,
  zone: string,
): { readonly day: Day; readonly minute: number } => {
  const parts = Object.fromEntries(
    formatIn(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return {
    day: `${parts.year}-${parts.month}-${parts.day}`,
    minute: Number(parts.hour) * 60 + Number(parts.minute),
  };
};

const formats = new Map<string, Intl.DateTimeFormat>();
const formatIn = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone);
  if (known) return known;
  const two = '2-digit' as const;
  const made = new Intl.DateTimeFormat('en-US-u-hc-h23', {
    ...{ timeZone: zone, year: 'numeric', month: two, day: two, hour: two, minute: two },
  });
  formats.set(zone, made);
  return made;
};

/**
 * Judges what a source answered at `now`. `last` is the newest batch of an earlier day, as its ids.
 * A list that holds nothing the last did not is the last one, whatever date it bears; one that does
 * but says itself that it is of an earlier day comes too late. `undefined` while nothing is due yet.
 */
export const judgeBatch = (
  calendar: BatchCalendar,
  now: Date,
  seen: Batch,
  last: readonly string[] | undefined,
): JudgedBatch | undefined => {
  const { day, minute } = localTime(now, calendar.zone);
  const before = new Set(last);
  const fresh = seen.ids.filter((id) => !before.has(id)).length;
  const judged = (verdict: BatchVerdict, detail: string): JudgedBatch => ({
    ...{ day, verdict, papers: seen.ids.length, fresh, detail },
  });
  const off = calendar.dayOff(day);
  const isOld = seen.day !== undefined && seen.day < day;
  if (fresh > 0 && !isOld)
    return seen.complete
      ? judged('new', `${fresh} of ${seen.ids.length} papers are new`)
      : judged('partial', `${fresh} new papers, but not all of the list could be read`);
  if (off) return judged(off.verdict, off.why);
  if (!seen.complete) return judged('partial', 'the list could not be read as a whole');
  if (minute < calendar.dueAtMinute) return undefined;
  if (seen.ids.length === 0 && seen.day === day)
    return judged('quiet', 'the list of the day is there and empty');
  if (seen.ids.length === 0)
    return judged('stale', 'the list is empty on a day that should have one');
  return judged(
    'stale',
    fresh > 0
      ? `the newest list is that of ${seen.day}`
      : 'the list is the one of the batch before',
  );
};

/** Until when on its day a stale or partial batch is asked for more often than usual, in minutes. */
export const staleDeadlineMinute = 9 * 60;

/** What is to be said of a source's list of a day. */
export type BatchNews = {
  /** As readers call it. */
  readonly source: string;
  readonly verdict: Exclude<BatchVerdict, 'new'>;
  readonly day: Day;
};

/** The news as a sentence. */
export const sayBatch = (words: Words, { source, verdict, day }: BatchNews): string =>
  words.say(`batch.${verdict}`, { source, day: words.longDay(day) });
