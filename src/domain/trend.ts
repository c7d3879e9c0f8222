/**
 * What is trending: the attention a paper can still expect, not the attention it already had.
 *
 * A score is the number of further upvotes expected (`growth.ts`); where nobody has looked yet, the
 * chance of being noticed (`foresight.ts`), held below what one real upvote would be worth. Each
 * score is a sum of parts, each part a reason.
 */
import { dailyPace } from './attention.ts';
import { expectGrowth, type Growing, type GrowthModel, type TermPoints } from './growth.ts';
import type { Paper } from './paper.ts';

/**
 * One reason for a score, as facts that `reason.ts` puts into words; a paper's score is the sum of
 * its parts' points. `days` is the paper's age, `null` where no date is known.
 */
export type Part = { readonly points: number } & (
  | { readonly name: 'upvotes'; readonly total: number; readonly days: number | null }
  | { readonly name: OtherCount; readonly total: number }
  | {
      readonly name: 'pace';
      /** Upvotes a day. */
      readonly perDay: number;
      /** Nothing was observed before the paper was listed. */
      readonly sinceListed: boolean;
      /** Of 100 papers of its age, how many have less. */
      readonly ahead?: number;
    }
  /** Upvotes of the last seven days, in a review of the week. */
  | { readonly name: 'week'; readonly gained: number }
  | { readonly name: 'words'; readonly times: number }
  | { readonly name: 'promise'; readonly chance: number; readonly days: number | null }
  | {
      readonly name: 'field';
      readonly field: string;
      readonly noticed: boolean;
      readonly times: number;
    }
  /** As editions kept them once, in English. */
  | { readonly name: string; readonly value: string }
);

/** A part with its words, as pages, feeds and the API show it. */
export type ToldPart = {
  readonly name: string;
  /** `+31 upvotes a day, more than 98 of 100 papers of its age` */
  readonly value: string;
  readonly points: number;
};

type OtherCount = 'comments' | 'github-stars' | 'points' | 'citations';

export type RankedPaper = {
  /** From 1. */
  readonly rank: number;
  readonly paper: Paper;
  readonly score: number;
  readonly parts: readonly ToldPart[];
};

/** What a score is made of, as known at one moment. Instants are milliseconds since 1970. */
export type Evidence = Growing & {
  /** Someone has taken notice: observed it, or featured it. */
  readonly noticed: boolean;
  /** The chance of being noticed, from the paper's own words; 0 to 1. */
  readonly chance: number;
};

export type Scored = { readonly score: number; readonly parts: readonly Part[] };

/** What scores are worked out with; `standing` is the share of papers of its age with less pace. */
export type Yardstick = {
  readonly growth: GrowthModel;
  readonly standing?: (ageHours: number, pace: number) => number | undefined;
};

const hourMs = 3_600_000;

/** Papers older than this have no place in a list of what is trending. */
export const windowMs = 30 * 24 * hourMs;

/** A corpus whose newest fact is older than this is ranked as of that fact (see `rankingMoment`). */
const staleMs = 48 * hourMs;

/*
 * Of the papers that are ever featured, the share still waiting for it so many days after their
 * listing: 3,000 papers featured in June to December 2025.
 */
const stillWaiting: readonly (readonly [days: number, share: number])[] = [
  [0, 1],
  [1, 0.32],
  [2, 0.18],
  [3, 0.135],
  [4, 0.1],
  [5, 0.074],
  [7, 0.036],
  [10, 0.015],
  [14, 0.001],
];

/* What a paper that nobody noticed may reach of what the least promising one with a single upvote
 * would have at the same age: real evidence always comes first. */
const unseenCeiling = 0.9;
const leastOutlook = 0.1;

/** The chance still left, at an age in hours, of a paper that nobody has noticed so far. */
export const waitingShare = (ageHours: number): number => {
  const days = ageHours / 24;
  const next = stillWaiting.findIndex(([at]) => at > days);
  if (next < 0) return 0.001 * Math.min(1, 14 / days);
  const [a, shareA] = stillWaiting[next - 1] ?? [0, 1];
  const [b, shareB] = stillWaiting[next] ?? [0, 1];
  return shareA + ((shareB - shareA) * (days - a)) / (b - a);
};

/**
 * The moment a corpus is ranked for. Normally `asOf`; when the newest fact is more than two days
 * older (a source is down, or the corpus is a sample), the moment of that fact: what was trending
 * when we last knew.
 */
export const rankingMoment = (asOf: number, newestFactAt: number | undefined): number =>
  newestFactAt !== undefined && asOf - newestFactAt > staleMs ? newestFactAt : asOf;

/** Scores one paper at a moment (milliseconds). Points are expected further upvotes. */
export const scorePaper = (evidence: Evidence, now: number, yardstick: Yardstick): Scored =>
  sumOf(
    evidence.noticed
      ? noticedParts(evidence, now, yardstick)
      : [unseenPart(evidence, now, yardstick)],
  );

/** The score alone, without the words: for ranking tens of thousands at once. */
export const scoreOnly = (evidence: Evidence, now: number, yardstick: Yardstick): number => {
  if (!evidence.noticed) return round(unseenPoints(evidence, now, yardstick));
  const terms = expectGrowth(yardstick.growth, evidence, now);
  return round(terms.reduce((sum, { points }) => sum + round(points), 0));
};

/** A score from its parts, in six decimals: the same on every machine, and the sum of its parts. */
export const sumOf = (parts: readonly Part[]): Scored => {
  const rounded = parts.map((part) => ({ ...part, points: round(part.points) }));
  return { score: round(rounded.reduce((sum, part) => sum + part.points, 0)), parts: rounded };
};

const round = (points: number): number => Math.round(points * 1e6) / 1e6;

const ageOf = (evidence: Growing, now: number): number =>
  evidence.startedAt === undefined
    ? Number.POSITIVE_INFINITY
    : Math.max(0, now - evidence.startedAt) / hourMs;

const unseenPart = (evidence: Evidence, now: number, yardstick: Yardstick): Part => ({
  name: 'promise',
  chance: Math.round(evidence.chance * 1e4) / 1e4,
  days: daysOf(evidence, now),
  points: unseenPoints(evidence, now, yardstick),
});

const daysOf = (evidence: Growing, now: number): number | null => {
  const age = ageOf(evidence, now);
  return Number.isFinite(age) ? Math.floor(age / 24) : null;
};

const unseenPoints = (evidence: Evidence, now: number, { growth }: Yardstick): number => {
  const { startedAt, chance } = evidence;
  const upvotes = { total: 1, at: now };
  const least = { startedAt, attention: { upvotes }, outlook: leastOutlook };
  const ceiling = unseenCeiling * totalOf(expectGrowth(growth, least, now));
  const age = ageOf(evidence, now);
  return ceiling * chance * waitingShare(Number.isFinite(age) ? age : windowMs / hourMs);
};

const totalOf = (terms: readonly TermPoints[]): number =>
  terms.reduce((sum, term) => sum + term.points, 0);

const noticedParts = (evidence: Evidence, now: number, yardstick: Yardstick): Part[] =>
  expectGrowth(yardstick.growth, evidence, now)
    .filter(({ name, size }) => name === 'words' || size > 0)
    .map((term) => partOf(term, evidence, now, yardstick));

const partOf = (
  { name, size, points }: TermPoints,
  evidence: Evidence,
  now: number,
  yardstick: Yardstick,
): Part => {
  switch (name) {
    case 'upvotes':
      return { name, total: totalSeen(evidence, name), days: daysOf(evidence, now), points };
    case 'pace':
      return pacePart(size, points, evidence, now, yardstick);
    case 'words':
      return { name, times: Math.round(size * 100) / 100, points };
    case 'comments':
    case 'github-stars':
    case 'points':
    case 'citations':
      return { name, total: totalSeen(evidence, name), points };
    default:
      return name satisfies never;
  }
};

const totalSeen = ({ attention }: Evidence, name: 'upvotes' | OtherCount): number =>
  attention[name]?.total ?? 0;

const pacePart = (
  pace: number,
  points: number,
  evidence: Evidence,
  now: number,
  { standing }: Yardstick,
): Part => {
  const { upvotes } = evidence.attention;
  const share = standing?.(
    ageOf(evidence, now),
    upvotes ? dailyPace(upvotes, evidence.startedAt) : 0,
  );
  return {
    name: 'pace',
    perDay: pace >= 9.5 ? Math.round(pace) : Math.round(pace * 10) / 10,
    sinceListed: upvotes !== undefined && !upvotes.before,
    ...(share !== undefined && { ahead: Math.floor(share * 100) }),
    points,
  };
};
