/** Judging a source's list of the day, and telling of it. */
import type { Db } from '../db/open.ts';
import { appendBatch, lastBatch } from '../db/source-batches.ts';
import { dropNotes, noteBefore, writeNote } from '../db/source-notes.ts';
import {
  type Batch,
  type BatchCalendar,
  type BatchNews,
  judgeBatch,
  localTime,
} from '../domain/batch.ts';

const dayMs = 86_400_000;

/** How long the ids of past lists are kept to compare with: longer than any break arXiv takes. */
const keepIdsMs = 21 * dayMs;

/**
 * Judges a list against the one of the day before and keeps its ids for the next. Call it inside a
 * transaction.
 */
export const takeBatch = (
  db: Db,
  source: string,
  seen: { readonly calendar: BatchCalendar; readonly batch: Batch },
  now: Date,
): void => {
  const { calendar, batch } = seen;
  const { day } = localTime(now, calendar.zone);
  const last = noteBefore(db, source, 'batch:', day)?.split('\n');
  const judged = judgeBatch(calendar, now, batch, last);
  if (judged) appendBatch(db, source, judged, now);
  if (batch.ids.length === 0 || judged?.fresh === 0) return;
  const of = batch.day !== undefined && batch.day < day ? batch.day : day;
  writeNote(db, { source, key: `batch:${of}`, value: batch.ids.join('\n') }, now);
  dropNotes(db, source, 'batch:', new Date(now.getTime() - keepIdsMs));
};

/** The sources whose lists make a digest's day, as readers call them. */
const readerNames: readonly (readonly [source: string, name: string])[] = [
  ['arxiv', 'arXiv'],
  ['huggingface', 'Hugging Face'],
];

/** A source as readers call it. */
export const sourceLabel = (source: string): string =>
  readerNames.find(([known]) => known === source)?.[1] ??
  (source === 'sample' ? 'Paperboy' : source);

/**
 * What readers should know of the lists a digest was made from, as known at `asOf`: nothing when
 * all was new, and nothing of verdicts that are days old.
 */
export const batchNews = (db: Db, asOf: Date): readonly BatchNews[] =>
  readerNames.flatMap(([source, name]): BatchNews[] => {
    const batch = lastBatch(db, source, asOf);
    if (!batch || batch.verdict === 'new') return [];
    if (asOf.getTime() - batch.judgedAt.getTime() > 3 * dayMs) return [];
    return [{ source: name, verdict: batch.verdict, day: batch.day }];
  });
