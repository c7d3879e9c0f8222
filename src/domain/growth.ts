/**
 * How much more attention a paper will get: the growth still to come.
 *
 *   expected further upvotes = Σ over terms t:  rate_t(age) × size_t
 *
 * The terms are the upvotes so far, the upvotes a day lately, what the words lead one to expect,
 * comments, stars, points and citations. Each has a rate for each age, given at a few ages (knots)
 * and interpolated between them along the logarithm of the age. All rates are 0 or more and are
 * learned together from pairs of observations: what was known then, what was gained after.
 *
 * They are fitted as a Poisson rate by multiplicative updates (Richardson, J. Opt. Soc. Am. 62,
 * 1972; Lucy, Astron. J. 79, 1974), which keep them non-negative, under a gamma prior whose mean is
 * the shipped rate: where the ledger says little the shipped rate stays, and no step can jump.
 */
import { type Attention, dailyPace } from './attention.ts';

/** What growth is expected of. Instants are milliseconds since 1970. */
export type Growing = {
  /** When attention could begin. */
  readonly startedAt: number | undefined;
  readonly attention: Attention;
  /** Upvotes the words lead one to expect, as a multiple of the usual; 1 is usual. */
  readonly outlook: number;
};

export const termNames = [
  'upvotes',
  'pace',
  'words',
  'comments',
  'github-stars',
  'points',
  'citations',
] as const;
export type TermName = (typeof termNames)[number];

type Sizes = { readonly [name in TermName]: number };

/** Rates at each term's knots, in the order of `termNames`. */
export type GrowthModel = { readonly rates: { readonly [name in TermName]: readonly number[] } };

const hourMs = 3_600_000;

/* Knots in hours of age. Where the ledger is thick (what is gained from the pace of the last day)
 * they are closer; half a day, a day, two, three … are when sources are usually read. Papers older
 * than two weeks are looked at again mostly when they are popular, which would teach too much. */
const coarse = [8, 26, 74, 168, 336] as const;
const few = [8, 24, 72, 336] as const;
export const knots: { readonly [name in TermName]: readonly number[] } = {
  upvotes: coarse,
  pace: [0, 8, 16, 26, 50, 74, 122, 168, 336],
  words: coarse,
  comments: few,
  'github-stars': few,
  points: few,
  citations: few,
};

// Ages differ less the older they are: log(hours + 4).
const stretch = (ageHours: number): number => Math.log(ageHours + 4);

/** Between which knots an age lies, and how far along: `[lower index, share of the upper]`. */
export const between = (ages: readonly number[], ageHours: number): readonly [number, number] => {
  const upper = ages.findIndex((at) => at >= ageHours);
  if (upper === 0) return [0, 0];
  if (upper < 0) return [ages.length - 1, 0];
  const [a, b] = [stretch(ages[upper - 1] ?? 0), stretch(ages[upper] ?? 0)];
  return [upper - 1, (stretch(ageHours) - a) / (b - a)];
};

/** The rate of a term at an age; beyond the last knot it falls off as one over the age. */
export const rateAt = (model: GrowthModel, term: TermName, ageHours: number): number => {
  const ages = knots[term];
  const rates = model.rates[term];
  const last = ages.at(-1) ?? 0;
  if (!(ageHours <= last)) return ((rates.at(-1) ?? 0) * last) / ageHours;
  const [lower, share] = between(ages, Math.max(0, ageHours));
  return (rates[lower] ?? 0) * (1 - share) + (rates[lower + 1] ?? 0) * share;
};

const hoursAtLook = ({ startedAt, attention }: Growing): number =>
  startedAt === undefined || !attention.upvotes
    ? Number.POSITIVE_INFINITY
    : Math.max(0, attention.upvotes.at - startedAt) / hourMs;

/* A pace seen long ago is not today's. For four days what may have come since makes up for what a
 * pace loses; after that it falls with the square of the age. */
const fading = (growing: Growing, age: number): number =>
  Math.min(1, ((hoursAtLook(growing) + 96) / Math.max(1, age)) ** 2);

/**
 * The age that growth is counted from, in hours. What a paper gained since it was last looked at is
 * still to come for us, so its age is that of the last look; but a look older than two days tells
 * no more of today, and what came after it has had its day.
 */
export const growingAge = ({ startedAt, attention }: Growing, now: number): number => {
  if (startedAt === undefined) return Number.POSITIVE_INFINITY;
  const looks = Object.values(attention).map((standing) => standing.at);
  const lookedAt = attention.upvotes?.at ?? (looks.length > 0 ? Math.max(...looks) : now);
  return Math.max(0, lookedAt - startedAt, now - startedAt - freshLookMs) / hourMs;
};

const freshLookMs = 48 * hourMs;

/**
 * The size of each term at an age in hours. Upvotes count one by one; a comment too (ten was the most ever seen);
 * stars, points and citations by their logarithm, since a repository may be far older than its
 * paper.
 */
export const sizesOf = (growing: Growing, age: number): Sizes => {
  const { startedAt, attention, outlook } = growing;
  const { upvotes } = attention;
  return {
    upvotes: upvotes?.total ?? 0,
    pace: upvotes ? dailyPace(upvotes, startedAt) * fading(growing, age) : 0,
    words: outlook,
    comments: Math.min(attention.comments?.total ?? 0, 50),
    'github-stars': Math.log1p(attention['github-stars']?.total ?? 0),
    points: Math.log1p(attention.points?.total ?? 0),
    citations: Math.log1p(attention.citations?.total ?? 0),
  };
};

export type TermPoints = {
  readonly name: TermName;
  readonly size: number;
  readonly points: number;
};

/** Expected further upvotes, term by term. */
export const expectGrowth = (
  model: GrowthModel,
  growing: Growing,
  now: number,
): readonly TermPoints[] => {
  const age = growingAge(growing, now);
  const sizes = sizesOf(growing, age);
  return termNames.map((name) => ({
    name,
    size: sizes[name],
    points: Number.isFinite(age) ? rateAt(model, name, age) * sizes[name] : 0,
  }));
};
