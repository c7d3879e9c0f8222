/** Fetching from the live sources. One that fails is noted and never stops another. */
import { dropAnswers } from '../db/http-answers.ts';
import type { Db } from '../db/open.ts';
import { lastBatch } from '../db/source-batches.ts';
import { dropNotes, findNote } from '../db/source-notes.ts';
import { claimSource, findSourceState, noteAttempt, releaseSource } from '../db/source-states.ts';
import { citationsDue, missingPapers, starsDue } from '../db/source-work.ts';
import { nextAttemptAt } from '../domain/attempts.ts';
import { localTime } from '../domain/batch.ts';
import type { Log } from '../lib/log.ts';
import { loadSource, type SourceName } from '../sources/live.ts';
import {
  type DayRange,
  type LiveConfig,
  type LiveContext,
  type LiveSource,
  WaitError,
} from '../sources/live-source.ts';
import { type AskDeps, createAsk } from './ask.ts';
import { emptyTally, type ImportTally, importRecords } from './import.ts';

export type IngestDeps = AskDeps & {
  readonly db: Db;
  readonly log: Log;
  readonly config: LiveConfig;
  /** Names this process in the ledger. */
  readonly owner: string;
  /** Whether the process a ledger row names is known to be gone. */
  readonly isGone: (owner: string) => boolean;
};

export type IngestedSource = ImportTally & {
  readonly source: string;
  /** Why the source failed; what it gave before that is kept. */
  readonly error?: string;
};

/** Longer than any one request with its tries; renewed with each. */
const leaseMs = 10 * 60_000;
const dayMs = 86_400_000;

/** Fetches from each source in turn; given a range, the past instead of what is new. */
export const ingest = async (
  deps: IngestDeps,
  sources: readonly SourceName[],
  signal: AbortSignal,
  range?: DayRange,
): Promise<readonly IngestedSource[]> => {
  const rows: IngestedSource[] = [];
  for (const source of sources) {
    if (signal.aborted) break;
    rows.push(await ingestSource(deps, source, signal, range));
  }
  dropAnswers(deps.db, new Date(deps.clock().getTime() - 14 * dayMs));
  return rows;
};

const ingestSource = async (
  deps: IngestDeps,
  name: SourceName,
  signal: AbortSignal,
  range: DayRange | undefined,
): Promise<IngestedSource> => {
  const { db, clock, owner, isGone } = deps;
  const now = clock();
  const tally = emptyTally();
  const wait = findSourceState(db, name)?.askedToWaitUntil;
  if (wait && wait > now)
    return {
      source: name,
      ...tally,
      error: `the source asked us to wait until ${wait.toISOString()}`,
    };
  if (!claimSource(db, name, { owner, now, leaseMs, isGone }))
    return { source: name, ...tally, error: 'another process is reading this source now' };
  try {
    return await readSource(deps, name, { now, signal, range, tally });
  } finally {
    releaseSource(db, name, owner);
  }
};

type Run = {
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly range: DayRange | undefined;
  readonly tally: ImportTally;
};

const readSource = async (
  deps: IngestDeps,
  name: SourceName,
  run: Run,
): Promise<IngestedSource> => {
  const { db, log } = deps;
  const { now, signal, range, tally } = run;
  const source = await loadSource(name);
  try {
    if (range && !source.backfills) throw new Error('this source has no past to fetch by days');
    const records = source.fetch(liveContext(deps, name, source, run));
    await importRecords(db, records, { file: name, by: name, now }, tally);
    noteOutcome(deps, name, source, run);
    const batch = range ? undefined : lastBatch(db, name, now);
    log.info(
      {
        source: name,
        papers: tally.papers,
        signals: tally.signals,
        rejected: tally.rejected.length,
        ...(batch && { batch: { day: batch.day, verdict: batch.verdict, detail: batch.detail } }),
      },
      'source read',
    );
    return { source: name, ...tally };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // An interruption of ours says nothing against the source.
    if (!signal.aborted) noteOutcome(deps, name, source, run, error);
    log.warn({ source: name, reason }, 'source failed');
    return { source: name, ...tally, error: reason };
  }
};

const liveContext = (
  deps: IngestDeps,
  name: SourceName,
  source: LiveSource,
  { now, signal, range }: Run,
): LiveContext => {
  const { db, clock, owner, isGone } = deps;
  const ask = createAsk(deps, source.manners, { backfill: range !== undefined, signal });
  return {
    now,
    config: deps.config,
    signal,
    ...(range && { range }),
    ask: (url, options) => {
      claimSource(db, name, { owner, now: clock(), leaseMs, isGone });
      return ask(url, options);
    },
    work: {
      missingPapers: (limit) => missingPapers(db, name, now, limit),
      starsDue: (limit) => starsDue(db, now, limit),
      citationsDue: (limit) => citationsDue(db, name, now, limit),
    },
    notes: { find: (key) => findNote(db, name, key) },
  };
};

const noteOutcome = (
  { db }: IngestDeps,
  name: SourceName,
  source: LiveSource,
  { now, range }: Run,
  error?: unknown,
): void => {
  // A backfill, well or badly, says nothing of when the new is due; that we shall wait, it does.
  if (range && !(error instanceof WaitError)) return;
  const local = source.calendar && localTime(now, source.calendar.zone);
  const batch = lastBatch(db, name, now);
  const failed = error !== undefined;
  const waitUntil = error instanceof WaitError ? error.until : undefined;
  noteAttempt(db, name, now, {
    error: failed ? (error instanceof Error ? error.message : String(error)) : undefined,
    askedToWaitUntil: waitUntil,
    nextAt: nextAttemptAt({
      now,
      everyMs: source.everyMs,
      failures: failed ? (findSourceState(db, name)?.failures ?? 0) + 1 : 0,
      waitUntil,
      ...(local && { minute: local.minute }),
      verdict: batch?.day === local?.day ? batch?.verdict : undefined,
    }),
  });
  dropNotes(db, name, 'asked:', new Date(now.getTime() - 60 * dayMs));
};
