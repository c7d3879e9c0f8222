/**
 * What a paper's observations say, once absurd ones are set aside.
 *
 * The ledger keeps whatever was told; here each stream (one kind from one source) is read
 * sceptically. A value that is no number, negative or beyond belief is no observation at all: it
 * neither counts nor hides what was known before it. A total that falls is a correction: the
 * last word stands, and nothing was gained.
 */
import { type SignalKind, signalKinds } from './signal.ts';

/** One observed total; `at` in milliseconds since 1970. */
export type Look = { readonly at: number; readonly value: number };

/** What is known of one kind of signal at one moment. */
export type Standing = {
  readonly total: number;
  /** When it was last observed, in milliseconds. */
  readonly at: number;
  /** The latest look at least four hours before that one; none where there was none. */
  readonly before?: Look;
};

export type Attention = { readonly [kind in SignalKind]?: Standing };

/**
 * The highest totals that are believed. From April 2024 to December 2025 the most upvotes seen on
 * one paper were 637, the most comments 10 and the most stars 44,885; the most discussed Hacker
 * News story ever has fewer than 7,000 points, the most cited paper fewer than 500,000 citations.
 */
const believable: { readonly [kind in SignalKind]: number } = {
  upvotes: 3_000,
  comments: 1_000,
  'github-stars': 500_000,
  points: 10_000,
  citations: 500_000,
};

const hourMs = 3_600_000;

/** Two looks closer than this say nothing of a pace: a burst of duplicates is one look. */
const apartMs = 4 * hourMs;

export const isBelievable = (kind: SignalKind, value: number): boolean =>
  value >= 0 && value <= believable[kind];

/** One stream's looks, in any order, as a standing at `asOf`; later looks are not known yet. */
export const readStream = (
  kind: SignalKind,
  looks: readonly Look[],
  asOf: number,
): Standing | undefined => {
  const known = looks
    .filter((look) => look.at <= asOf && isBelievable(kind, look.value))
    .sort((a, b) => a.at - b.at);
  const last = known.at(-1);
  if (!last) return undefined;
  const before = known.findLast((look) => look.at <= last.at - apartMs);
  return { total: last.value, at: last.at, ...(before && { before }) };
};

/** Of two sources that count the same kind (and the same people) the higher total stands. */
export const higherStanding = (a: Standing | undefined, b: Standing): Standing =>
  a && (a.total > b.total || (a.total === b.total && a.at >= b.at)) ? a : b;

/** Streams as they stand at `asOf`, joined by kind. */
export const readAttention = (
  streams: readonly { readonly kind: SignalKind; readonly looks: readonly Look[] }[],
  asOf: number,
): Attention => {
  const attention: { [kind in SignalKind]?: Standing } = {};
  for (const { kind, looks } of streams) {
    const standing = readStream(kind, looks, asOf);
    if (standing) attention[kind] = higherStanding(attention[kind], standing);
  }
  return attention;
};

/** Upvotes a day between the last two looks; without two, since attention began. */
export const dailyPace = (standing: Standing, startedAt: number | undefined): number => {
  const { before, total, at } = standing;
  if (before) return (Math.max(0, total - before.value) / (at - before.at)) * 24 * hourMs;
  // Half a day at the least: three upvotes in the first hour are not seventy a day.
  const since = startedAt === undefined ? Number.POSITIVE_INFINITY : at - startedAt;
  return (total / Math.max(12 * hourMs, since)) * 24 * hourMs;
};

const stalledAfterMs = 48 * hourMs;
const stalledGapMs = 18 * hourMs;

/**
 * Whether a paper has stopped rising: two days old or more when last observed, and no kind of
 * signal any higher than the look before, at least 18 hours earlier. Nobody having looked twice is
 * not the same as nothing having happened.
 */
export const hasStalled = (attention: Attention, startedAt: number | undefined): boolean => {
  const standings = signalKinds.flatMap((kind) => attention[kind] ?? []);
  const twice = standings.filter(({ before, at }) => before && at - before.at >= stalledGapMs);
  if (startedAt === undefined || twice.length === 0) return false;
  return (
    twice.some(({ at }) => at - startedAt >= stalledAfterMs) &&
    standings.every(({ total, before }) => before !== undefined && total <= before.value)
  );
};
