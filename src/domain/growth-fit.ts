/** Learning the rates of growth from what was known then and what was gained after. */
import {
  between,
  type Growing,
  type GrowthModel,
  growingAge,
  knots,
  sizesOf,
  type TermName,
  termNames,
} from './growth.ts';

/** Something known at `now` (milliseconds), and the upvotes gained after it. */
export type GrowthSample = {
  readonly growing: Growing;
  readonly now: number;
  readonly gained: number;
  /** How many moments it stands for. */
  readonly weight: number;
};

const rounds = 200;

/* How strongly the rate one starts from is held to: as if this much of a term's size (500 upvotes,
 * 500 papers' words …) had been seen to grow at it. Chosen on August to December 2025: 200 and 1,000
 * differ by less than 0.005 nDCG. */
const heldBy = 500;

// Sizes of one sample at the knots: positions in the flat list of rates, and what stands there.
type Row = {
  readonly at: Int32Array;
  readonly size: Float64Array;
  readonly gained: number;
  readonly weight: number;
};

const offsets = (() => {
  let next = 0;
  return Object.fromEntries(
    termNames.map((name) => {
      const start = next;
      next += knots[name].length;
      return [name, start];
    }),
  ) as { readonly [name in TermName]: number };
})();
const length = termNames.reduce((sum, name) => sum + knots[name].length, 0);

const toRow = ({ growing, now, gained, weight }: GrowthSample): Row | undefined => {
  const age = growingAge(growing, now);
  if (!Number.isFinite(age)) return undefined;
  const sizes = sizesOf(growing, age);
  const entries = termNames.flatMap((name): [number, number][] => {
    if (!(sizes[name] > 0)) return [];
    const [lower, share] = between(knots[name], age);
    const at = offsets[name] + lower;
    return share > 0
      ? [
          [at, sizes[name] * (1 - share)],
          [at + 1, sizes[name] * share],
        ]
      : [[at, sizes[name]]];
  });
  return {
    at: Int32Array.from(entries, ([at]) => at),
    size: Float64Array.from(entries, ([, size]) => size),
    gained: Math.max(0, gained),
    weight,
  };
};

/** The rates that explain the samples best, held to those of `from` where samples are few. */
export const fitGrowth = (samples: readonly GrowthSample[], from: GrowthModel): GrowthModel => {
  const rows = samples.flatMap((sample) => toRow(sample) ?? []);
  const start = Float64Array.from(termNames.flatMap((name) => [...from.rates[name]]));
  const seen = new Float64Array(length);
  for (const { at, size, weight } of rows)
    for (let k = 0; k < at.length; k += 1) {
      const knot = at[k] ?? 0;
      seen[knot] = (seen[knot] ?? 0) + weight * (size[k] ?? 0);
    }
  // A rate of nothing could never grow again under multiplication.
  const rates = start.map((rate) => Math.max(rate, 1e-4));
  for (let round = 0; round < rounds; round += 1) {
    const credit = creditOf(rows, rates);
    for (let k = 0; k < length; k += 1)
      rates[k] =
        ((rates[k] ?? 0) * (credit[k] ?? 0) + heldBy * (start[k] ?? 0)) / ((seen[k] ?? 0) + heldBy);
  }
  return toModel(rates);
};

// What was gained, shared out among the terms in proportion to what each had promised.
const creditOf = (rows: readonly Row[], rates: Float64Array): Float64Array => {
  const credit = new Float64Array(length);
  for (const { at, size, gained, weight } of rows) {
    if (gained === 0) continue;
    let expected = 1e-6;
    for (let k = 0; k < at.length; k += 1) expected += (rates[at[k] ?? 0] ?? 0) * (size[k] ?? 0);
    const share = (weight * gained) / expected;
    for (let k = 0; k < at.length; k += 1) {
      const knot = at[k] ?? 0;
      credit[knot] = (credit[knot] ?? 0) + share * (size[k] ?? 0);
    }
  }
  return credit;
};

const toModel = (rates: Float64Array): GrowthModel => {
  const of = (name: TermName): readonly number[] =>
    Array.from(rates.subarray(offsets[name], offsets[name] + knots[name].length), rounded);
  const byName = termNames.map((name) => [name, of(name)] as const);
  return { rates: Object.fromEntries(byName) as unknown as GrowthModel['rates'] };
};

// Four figures: the same on every machine, whatever its last bit.
const rounded = (rate: number): number => Number(rate.toPrecision(4));
