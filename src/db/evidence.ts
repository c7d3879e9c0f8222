/** What was known of every paper at one moment, in the shape that scoring wants. */
import type { Attention } from '../domain/attention.ts';
import { attentionAt, startOf } from '../domain/history.ts';
import { windowMs } from '../domain/trend.ts';
import { type DatedPaper, loadObserved, toHistory } from './histories.ts';
import { type Db, statement } from './open.ts';

export type PaperEvidence = {
  readonly number: number;
  readonly id: string;
  /** Its primary category. */
  readonly field: string | undefined;
  readonly startedAt: number | undefined;
  readonly attention: Attention;
  /** Someone observed it, or featured it. */
  readonly noticed: boolean;
};

type PaperRow = DatedPaper & { readonly id: number; readonly field: string | null };

/** Signals older than this tell nothing about a paper that is still in the window. */
const signalSpanMs = 3 * windowMs;

/** The newest fact known at `asOf` (milliseconds): an observation or a dated listing. */
export const newestFact = (db: Db, asOf: number): number | undefined => {
  const row = statement(
    db,
    `select max(
       coalesce((select max(observed_at) from signals where observed_at <= @asOf), 0),
       coalesce((select max(visible_from) from papers
                 where visible_from <= @asOf and dated = 1 and hidden = 0), 0))`,
  )
    .pluck()
    .get({ asOf }) as number;
  return row === 0 ? undefined : row;
};

// A paper listed before the window is in it still when attention began later: when a source of
// attention listed it since, or it was featured since, or it has no date of its own.
const papersInReach = `
  select p.id, p.key, p.visible_from as visibleFrom, p.dated, p.featured_on as featuredOn,
    (select category from paper_categories c where c.paper_id = p.id and c.position = 0) as field
  from papers p indexed by papers_by_visible_from
  where p.hidden = 0 and p.visible_from <= @asOf and
    (p.visible_from >= @since or p.dated = 0 or p.featured_on >= @sinceDay or p.key in
      (select paper_key from signals where observed_at >= @signalsSince and observed_at <= @asOf))`;

/**
 * The papers that could trend at `rankedAt`, with their evidence as known at `asOf` (both in
 * milliseconds): no paper listed later, no signal observed later.
 */
export const loadEvidence = (db: Db, asOf: number, rankedAt: number): readonly PaperEvidence[] => {
  const since = rankedAt - windowMs;
  const signalsSince = rankedAt - signalSpanMs;
  const observed = loadObserved(db, signalsSince, asOf);
  const rows = statement(db, papersInReach).iterate({
    asOf,
    since,
    sinceDay: new Date(since).toISOString().slice(0, 10),
    signalsSince,
  }) as IterableIterator<PaperRow>;
  const evidence: PaperEvidence[] = [];
  for (const row of rows) {
    const history = toHistory(row, observed.get(row.key));
    const startedAt = startOf(history, asOf);
    if (startedAt !== undefined && startedAt < since) continue;
    const attention = attentionAt(history, asOf);
    const featured = history.featuredAt !== undefined && history.featuredAt <= asOf;
    evidence.push({
      number: row.id,
      id: row.key,
      field: row.field ?? undefined,
      startedAt,
      attention,
      noticed: featured || Object.keys(attention).length > 0,
    });
  }
  return evidence;
};
