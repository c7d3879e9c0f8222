/**
 * What is trending: the attention a paper can still expect, not the attention it already had.
 *
 *   score = (upvotes so far + prior) × remaining growth at its age, and a little for other signals
 *
 * A paper with 300 upvotes that is ten days old has had its day; one with 30 after twelve hours has
 * most of its day before it. Each score is a sum of parts, each part a reason in plain words.
 */
import type { Paper } from './paper.ts';
import type { SignalKind } from './signal.ts';

/** One reason for a score; a paper's score is the sum of its parts' points. */
export type Part = {
  /** A word or two: `upvotes`, `just listed`. */
  readonly name: string;
  /** The plain words: `31 upvotes, most of its growth still to come`. */
  readonly value: string;
  readonly points: number;
};

export type RankedPaper = {
  /** From 1. */
  readonly rank: number;
  readonly paper: Paper;
  readonly score: number;
  readonly parts: readonly Part[];
};

/** What a score is made of, as known at one moment. Instants are milliseconds since 1970. */
export type Evidence = {
  /** When attention could begin: featured or listed. `undefined` for a paper without any date. */
  readonly startedAt: number | undefined;
  /** The last total of each kind of signal; a kind nobody observed is missing, not zero. */
  readonly totals: { readonly [kind in SignalKind]?: number };
  readonly hasCode: boolean;
};

export type Scored = { readonly score: number; readonly parts: readonly Part[] };

const hourMs = 3_600_000;

/** Papers older than this have no place in a list of what is trending. */
export const windowMs = 30 * 24 * hourMs;

/** A corpus whose newest fact is older than this is ranked as of that fact (see `rankingMoment`). */
const staleMs = 48 * hourMs;

/*
 * Remaining growth by age in hours: upvotes gained later ÷ (upvotes so far + 3), pooled over all
 * Hugging Face papers first observed at that age in April 2024 to December 2025 (7,000 pairs of
 * observations at least two days apart). Between the points the logarithm is interpolated.
 */
const growthCurve: readonly (readonly [ageHours: number, growth: number])[] = [
  [0, 1.25],
  [10, 1.17],
  [18, 0.94],
  [30, 0.4],
  [60, 0.35],
  [84, 0.24],
  [120, 0.19],
  [180, 0.126],
  [280, 0.1],
  [500, 0.025],
  [720, 0.01],
];

/** The same ledger's prior: upvotes to count before any are seen. */
const priorUpvotes = 3;

/* A paper nobody has observed yet is one of many: about one in ten is noticed at all. After two
 * days without a signal that chance is nearly gone. */
const noticedChance = { fresh: 0.1, stale: 0.02, freshHours: 48 } as const;

/* How much one more of each kind tells about upvotes to come. A comment is rarer than an upvote;
 * stars belong to a repository that may be older than the paper, so they count by magnitude. */
const commentWeight = 1;
const starWeight = 0.5;
const pointWeight = 0.3;
const citationWeight = 0.2;
const codeWeight = 0.15;

/*
 * What people give by hand stays below this: the most upvotes ever seen on Hugging Face are some
 * hundreds. A total beyond it is an error or a fraud and counts as not observed, since counted, even
 * cut down to the limit, it would lead the list for a month.
 */
const highestTotal = 5_000;

/** Whether a total of this kind can be believed. Stars belong to a repository of any age and fame. */
export const isCredible = (kind: SignalKind, total: number): boolean =>
  total >= 0 && (kind === 'github-stars' || total <= highestTotal);

/** Upvotes still to come for each one there is, at an age in hours. */
export const remainingGrowth = (ageHours: number): number => {
  const age = Math.max(0, ageHours);
  const next = growthCurve.findIndex(([at]) => at > age);
  const [lastAge, lastGrowth] = growthCurve.at(-1) ?? [0, 0];
  if (next <= 0) return (lastGrowth * lastAge) / Math.max(age, lastAge);
  const [a, ga] = growthCurve[next - 1] ?? [0, 0];
  const [b, gb] = growthCurve[next] ?? [0, 0];
  return ga * (gb / ga) ** ((age - a) / (b - a));
};

/**
 * The moment a corpus is ranked for. Normally `asOf`; when the newest fact is more than two days
 * older (a source is down, or the corpus is a sample), the moment of that fact: what was trending
 * when we last knew.
 */
export const rankingMoment = (asOf: number, newestFactAt: number | undefined): number =>
  newestFactAt !== undefined && asOf - newestFactAt > staleMs ? newestFactAt : asOf;

/** Scores one paper at a moment (milliseconds). Points are expected further upvotes. */
export const scorePaper = (evidence: Evidence, now: number): Scored => {
  const ageHours =
    evidence.startedAt === undefined
      ? Number.POSITIVE_INFINITY
      : Math.max(0, (now - evidence.startedAt) / hourMs);
  const growth = remainingGrowth(Math.min(ageHours, 24 * 365));
  const parts = [
    priorPart(evidence, ageHours, growth),
    ...signalParts(evidence, ageHours, growth),
    ...(evidence.hasCode
      ? [{ name: 'code', value: 'code is available', points: codeWeight * growth }]
      : []),
  ].map((part) => ({ ...part, points: round(part.points) }));
  return { score: round(parts.reduce((sum, part) => sum + part.points, 0)), parts };
};

// Six decimals: the same on every machine, and the parts add up to the score that is shown.
const round = (points: number): number => Math.round(points * 1e6) / 1e6;

const priorPart = (evidence: Evidence, ageHours: number, growth: number): Part => {
  const noticed = Object.keys(evidence.totals).length > 0;
  const chance = noticed
    ? 1
    : ageHours <= noticedChance.freshHours
      ? noticedChance.fresh
      : noticedChance.stale;
  return { name: 'age', value: agePhrase(ageHours), points: priorUpvotes * chance * growth };
};

const agePhrase = (ageHours: number): string => {
  if (!Number.isFinite(ageHours)) return 'no date is known';
  if (ageHours < 24) return 'less than a day old';
  if (ageHours < 48) return 'a day old';
  return `${Math.floor(ageHours / 24)} days old`;
};

const signalParts = (evidence: Evidence, ageHours: number, growth: number): Part[] => {
  const parts: Part[] = [];
  const add = (kind: SignalKind, word: string, weigh: (total: number) => number) => {
    const total = evidence.totals[kind];
    if (total === undefined || total === 0 || !isCredible(kind, total)) return;
    const value = `${plural(total, word)}${kind === 'upvotes' ? outlook(ageHours) : ''}`;
    parts.push({ name: kind, value, points: weigh(total) * growth });
  };
  add('upvotes', 'upvote', (total) => total);
  add('comments', 'comment', (total) => commentWeight * total);
  add(
    'github-stars',
    'GitHub star',
    (total) => starWeight * Math.log2(1 + Math.min(total, highestTotal)),
  );
  add('points', 'Hacker News point', (total) => pointWeight * total);
  add('citations', 'citation', (total) => citationWeight * total);
  return parts;
};

const plural = (count: number, word: string): string =>
  `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;

const outlook = (ageHours: number): string => {
  if (ageHours < 24) return ' in its first day, most of its growth still to come';
  if (ageHours < 72) return ' and still rising';
  return '';
};
