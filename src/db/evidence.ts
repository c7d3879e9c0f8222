/** What was known of every paper at one moment, in the shape that scoring wants. */

import type { SignalKind } from '../domain/signal.ts';
import { type Evidence, isCredible, windowMs } from '../domain/trend.ts';
import { type Db, statement } from './open.ts';

export type PaperEvidence = Evidence & { readonly number: number; readonly id: string };

type Attention = {
  listedAt: number | undefined;
  firstAt: number;
  /** Last value and its time for each `kind source`. */
  last: Map<string, { kind: SignalKind; value: number; at: number }>;
};

type SignalRow = [
  key: string,
  source: string,
  kind: SignalKind,
  at: number,
  value: number,
  listedOn: string | null,
];
type PaperRow = [
  id: number,
  key: string,
  visibleFrom: number,
  dated: number,
  featuredOn: string | null,
  hasCode: number,
];

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

/**
 * The papers that could trend at `rankedAt`, with their evidence as known at `asOf` (both in
 * milliseconds): no paper listed later, no signal observed later.
 */
export const loadEvidence = (db: Db, asOf: number, rankedAt: number): readonly PaperEvidence[] => {
  const since = rankedAt - windowMs;
  const attention = loadAttention(db, rankedAt - signalSpanMs, asOf);
  const rows = statement(
    db,
    `select id, key, visible_from, dated, featured_on, code_url is not null
     from papers where visible_from <= ? and hidden = 0`,
  )
    .raw()
    .iterate(asOf) as IterableIterator<PaperRow>;
  const evidence: PaperEvidence[] = [];
  for (const row of rows) {
    const paper = toEvidence(row, attention.get(row[1]), asOf);
    if (paper.startedAt === undefined || paper.startedAt >= since) evidence.push(paper);
  }
  return evidence;
};

const loadAttention = (db: Db, since: number, asOf: number): Map<string, Attention> => {
  const rows = statement(
    db,
    `select paper_key, source, kind, observed_at, value, listed_on from signals
     where observed_at >= ? and observed_at <= ?`,
  )
    .raw()
    .iterate(since, asOf) as IterableIterator<SignalRow>;
  const byPaper = new Map<string, Attention>();
  for (const [key, source, kind, at, value, listedOn] of rows) {
    if (!isCredible(kind, value)) continue;
    const known = byPaper.get(key) ?? { listedAt: undefined, firstAt: at, last: new Map() };
    byPaper.set(key, known);
    known.firstAt = Math.min(known.firstAt, at);
    if (listedOn !== null) known.listedAt = Math.min(known.listedAt ?? at, midnight(listedOn));
    const stream = `${kind} ${source}`;
    if ((known.last.get(stream)?.at ?? 0) <= at) known.last.set(stream, { kind, value, at });
  }
  return byPaper;
};

const midnight = (day: string): number => Date.parse(`${day}T00:00:00Z`);

const toEvidence = (
  [number, id, visibleFrom, dated, featuredOn, hasCode]: PaperRow,
  attention: Attention | undefined,
  asOf: number,
): PaperEvidence => {
  // A feature of a later day is not known yet.
  const featuredAt = featuredOn === null ? undefined : midnight(featuredOn);
  const startedAt =
    attention?.listedAt ??
    (featuredAt !== undefined && featuredAt <= asOf ? featuredAt : undefined) ??
    (dated === 1 ? visibleFrom : attention?.firstAt);
  return { number, id, startedAt, totals: totalsOf(attention), hasCode: hasCode === 1 };
};

// Two sources that count the same thing count the same people: the higher total stands.
const totalsOf = (attention: Attention | undefined): { [kind in SignalKind]?: number } => {
  const totals: { [kind in SignalKind]?: number } = {};
  for (const { kind, value } of attention?.last.values() ?? [])
    totals[kind] = Math.max(totals[kind] ?? 0, value);
  return totals;
};
