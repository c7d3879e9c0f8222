/** The rankers that a backtest sets side by side, each scoring a candidate from what was known. */
import type { Candidate } from './backtest.ts';
import { expectGrowth, type GrowthModel } from './growth.ts';
import { hash32 } from './text-features.ts';

export type Ranker = (candidate: Candidate) => number;

export const rankerNames = [
  'paperboy',
  'upvotes',
  'recency',
  'hacker-news',
  'reddit',
  'upvotes-per-hour',
  'random',
] as const;
export type RankerName = (typeof rankerNames)[number];

const hourMs = 3_600_000;

const upvotesOf = (candidate: Candidate): number => candidate.growing.attention.upvotes?.total ?? 0;
const ageHours = ({ growing, now }: Candidate): number => (now - (growing.startedAt ?? 0)) / hourMs;

/** Every ranker; ours over the rates given. */
export const makeRankers = (model: GrowthModel): { readonly [name in RankerName]: Ranker } => ({
  paperboy: (candidate) =>
    expectGrowth(model, candidate.growing, candidate.now).reduce(
      (sum, term) => sum + term.points,
      0,
    ),
  upvotes: upvotesOf,
  recency: (candidate) => candidate.growing.startedAt ?? 0,
  // Hacker News as its authors published it: (p − 1)^0.8 / (t + 2)^1.8, t in hours.
  'hacker-news': (candidate) =>
    Math.max(0, upvotesOf(candidate) - 1) ** 0.8 / (ageHours(candidate) + 2) ** 1.8,
  // Reddit's hot, from its source: log10 of the votes, and a point for each 45,000 seconds.
  reddit: (candidate) =>
    Math.log10(Math.max(1, upvotesOf(candidate))) +
    (candidate.growing.startedAt ?? 0) / 1000 / 45_000,
  'upvotes-per-hour': (candidate) => upvotesOf(candidate) / Math.max(1, ageHours(candidate)),
  random: (candidate) => hash32(`${candidate.id} ${candidate.now}`),
});
