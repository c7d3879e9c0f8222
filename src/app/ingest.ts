/** Fetching from the live sources. One that fails is noted and never stops another. */
import type { Db } from '../db/open.ts';
import { noteAttempt } from '../db/source-states.ts';
import type { Log } from '../lib/log.ts';
import { findLiveSource, type LiveConfig, type LiveContext } from '../sources/live.ts';
import { emptyTally, type ImportTally, importRecords } from './import.ts';

export type IngestDeps = {
  readonly db: Db;
  readonly clock: () => Date;
  readonly log: Log;
  readonly config: LiveConfig;
  readonly fetchText: LiveContext['fetchText'];
};

export type IngestedSource = ImportTally & {
  readonly source: string;
  /** Why the source failed; what it gave before that is kept. */
  readonly error?: string;
};

/** Fetches from each source in turn. */
export const ingest = async (
  deps: IngestDeps,
  sources: readonly string[],
  signal: AbortSignal,
): Promise<readonly IngestedSource[]> => {
  const rows: IngestedSource[] = [];
  for (const source of sources) {
    if (signal.aborted) break;
    rows.push(await ingestSource(deps, source, signal));
  }
  return rows;
};

const ingestSource = async (
  deps: IngestDeps,
  name: string,
  signal: AbortSignal,
): Promise<IngestedSource> => {
  const { db, clock, log, config, fetchText } = deps;
  const source = findLiveSource(name);
  if (!source) throw new Error(`there is no source "${name}"`);
  const now = clock();
  const tally = emptyTally();
  try {
    const records = source.fetch({ now, config, fetchText, signal });
    await importRecords(db, records, { file: name, by: name, now }, tally);
    noteAttempt(db, name, now, undefined);
    log.info(
      {
        source: name,
        papers: tally.papers,
        signals: tally.signals,
        rejected: tally.rejected.length,
      },
      'source read',
    );
    return { source: name, ...tally };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // An interruption of ours says nothing against the source.
    if (!signal.aborted) noteAttempt(db, name, now, reason);
    log.warn({ source: name, reason }, 'source failed');
    return { source: name, ...tally, error: reason };
  }
};
