/**
 * Attention day by day, for a picture the size of a word. Observed are totals, at whatever moments
 * somebody looked; what a day brought is read off the line between them. A day nobody looked at is
 * not a day of nothing: it gets its share of what the days around it brought, and is marked.
 */
import { isBelievable, type Look } from './attention.ts';
import type { Stream } from './history.ts';
import type { Day } from './paper.ts';
import type { SignalKind } from './signal.ts';

export type SparkDay = {
  readonly on: Day;
  /** What the day brought; `undefined` from the last look on, when nobody can know yet. */
  readonly gain: number | undefined;
  /** Whether somebody looked on that day, or the gain is a share of a longer span's. */
  readonly seen: boolean;
};

export type SparkKind = 'upvotes' | 'points' | 'github-stars';

export type Sparkline = {
  readonly kind: SparkKind;
  /** Up to a fortnight, oldest first, the last one the day of `asOf`. */
  readonly days: readonly SparkDay[];
  /** All so far, also from before these days. */
  readonly total: number;
};

export const mostSparkDays = 14;

const dayMs = 86_400_000;

/** A day known for less than this is not known yet: at one in the morning nothing has come. */
const leastSeenMs = dayMs / 4;

/** What is drawn where several are known: votes of readers before votes of passers-by. */
const drawnKinds: readonly SparkKind[] = ['upvotes', 'points', 'github-stars'];

/** Repositories have stars from before the paper; votes begin with it. */
const beginsAtZero = (kind: SignalKind): boolean => kind !== 'github-stars';

/**
 * A paper's days until `asOf`; `startedAt` is when attention could begin (milliseconds).
 * `undefined` where fewer than two days are known, of which nothing could be seen.
 */
export const sparklineOf = (
  streams: readonly Stream[],
  startedAt: number | undefined,
  asOf: number,
): Sparkline | undefined => {
  for (const kind of drawnKinds) {
    const lines = streams
      .filter((stream) => stream.kind === kind)
      .map((stream) => lineOf(stream, startedAt, asOf))
      .sort((a, b) => (b.at(-1)?.value ?? 0) - (a.at(-1)?.value ?? 0));
    const spark = lines[0] && draw(kind, lines[0], asOf);
    if (spark) return spark;
  }
  return undefined;
};

/** Looks in order, none lower than the one before; where votes begin, a zero at the start. */
const lineOf = (
  { kind, looks }: Stream,
  startedAt: number | undefined,
  asOf: number,
): readonly Look[] => {
  const known = looks
    .filter((look) => look.at <= asOf && isBelievable(kind, look.value))
    .sort((a, b) => a.at - b.at);
  const first = known[0];
  if (!first) return [];
  const start =
    beginsAtZero(kind) && startedAt !== undefined && startedAt < first.at
      ? [{ at: startedAt, value: 0 }]
      : [];
  // A total that falls is a correction, and the day that brought it brought nothing.
  let top = 0;
  return [...start, ...known].map(({ at, value }) => {
    top = Math.max(top, value);
    return { at, value: top };
  });
};

const draw = (kind: SparkKind, line: readonly Look[], asOf: number): Sparkline | undefined => {
  const [first, last] = [line[0], line.at(-1)];
  if (!first || !last || last.value === 0) return undefined;
  const lastDay = Math.floor(asOf / dayMs);
  const firstDay = Math.max(Math.floor(first.at / dayMs), lastDay - mostSparkDays + 1);
  const days = Array.from({ length: lastDay - firstDay + 1 }, (_, index) => {
    const from = (firstDay + index) * dayMs;
    return dayOf(line, from, Math.min(from + dayMs, asOf), last.at);
  });
  const known = days.filter(({ gain }) => gain !== undefined);
  const told = known.some(({ gain }) => (gain ?? 0) > 0);
  return known.length >= 2 && told ? { kind, days, total: last.value } : undefined;
};

const dayOf = (line: readonly Look[], from: number, to: number, lastAt: number): SparkDay => {
  const on = new Date(from).toISOString().slice(0, 10);
  if (lastAt - from < leastSeenMs) return { on, gain: undefined, seen: false };
  const gain = totalAt(line, Math.min(to, lastAt)) - totalAt(line, from);
  return { on, gain, seen: line.some(({ at }) => at >= from && at < from + dayMs) };
};

/** The total at a moment, on the straight line between the looks around it. */
const totalAt = (line: readonly Look[], at: number): number => {
  const next = line.findIndex((look) => look.at >= at);
  const [before, after] = [line[next - 1], line[next]];
  if (!after) return line.at(-1)?.value ?? 0;
  if (!before) return after.value;
  const share = (at - before.at) / (after.at - before.at);
  return before.value + share * (after.value - before.value);
};

/** The upvotes that came between two moments, by the stream that tells of most. */
export const gainBetween = (
  streams: readonly Stream[],
  startedAt: number | undefined,
  from: number,
  to: number,
): number =>
  Math.max(
    0,
    ...streams
      .filter(({ kind }) => kind === 'upvotes')
      .map((stream) => {
        const line = lineOf(stream, startedAt, to);
        const first = line[0];
        if (!first) return 0;
        // Of what nobody saw begin, only what came while somebody looked is known to be of the span.
        const before = first.at >= from ? first.value : totalAt(line, from);
        return (line.at(-1)?.value ?? 0) - before;
      }),
  );

const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** How high each day stands, 1 to 8, a day of nothing 0; `undefined` where nothing is known yet. */
export const sparkLevels = ({ days }: Sparkline): readonly (number | undefined)[] => {
  const top = Math.max(...days.map(({ gain }) => gain ?? 0));
  return days.map(({ gain }) =>
    gain === undefined ? undefined : gain < 0.5 ? 0 : Math.max(1, Math.round((gain / top) * 8)),
  );
};

/** The same in characters of text: `▁▃█▂·`. */
export const sparkText = (spark: Sparkline): string =>
  sparkLevels(spark)
    .map((level) => (level === undefined ? '·' : (blocks[Math.max(0, level - 1)] ?? '')))
    .join('');
