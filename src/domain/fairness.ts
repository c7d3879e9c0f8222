/**
 * Fairness between fields. In combinatorics one paper in a hundred is noticed at all, in language
 * models every fourth: among the papers of one topic, attention is measured by how unusual it is in
 * the paper's own field, so that a small field's list is not the big fields' leftovers.
 */
import { type Part, type Scored, sumOf } from './trend.ts';

/** A field is a paper's primary category; `chance` is foreseen from its words. */
export type FieldPaper = {
  readonly field: string | undefined;
  readonly upvotes: number;
  readonly chance: number;
};

export type Lift = {
  /** For what attention there is. */
  readonly attention: number;
  /** For what is only promised. */
  readonly promise: number;
};

export const noLift: Lift = { attention: 1, promise: 1 };

/* How many papers' worth of the general habit a field starts with. Attention is rare, so that a few
 * papers say little of it; a chance is known of every paper. */
const shrinkPapers = { attention: 50, chance: 5 } as const;
const highestLift = 3;
/** A promise is compared within its field alone, so it may be lifted further. */
const highestPromise = 100;

type Sums = { papers: number; attention: number; chance: number };

/**
 * By what scores are multiplied in each field. Attention: the square root of how much rarer it is
 * there (mean log of upvotes, shrunk towards all papers'), 1 to 3; the root, because half of what
 * sets a field apart is that its papers are really less read. Promise: how much lower the chances
 * are that are foreseen there.
 */
export const liftsOf = (papers: readonly FieldPaper[]): ((field: string | undefined) => Lift) => {
  const all: Sums = { papers: 0, attention: 0, chance: 0 };
  const fields = new Map<string, Sums>();
  for (const { field, upvotes, chance } of papers) {
    add(all, Math.log1p(upvotes), chance);
    if (field === undefined) continue;
    const sums = fields.get(field) ?? { papers: 0, attention: 0, chance: 0 };
    fields.set(field, sums);
    add(sums, Math.log1p(upvotes), chance);
  }
  return (field) => {
    const own = field === undefined ? undefined : fields.get(field);
    if (!own) return noLift;
    const rarer = (of: 'attention' | 'chance'): number => {
      const usual = all[of] / all.papers;
      if (usual === 0) return 1;
      const held = shrinkPapers[of];
      return usual / ((own[of] + held * usual) / (own.papers + held));
    };
    return {
      attention: bounded(Math.sqrt(rarer('attention')), highestLift),
      promise: bounded(rarer('chance'), highestPromise),
    };
  };
};

const add = (sums: Sums, attention: number, chance: number): void => {
  sums.papers += 1;
  sums.attention += attention;
  sums.chance += chance;
};

const bounded = (lift: number, most: number): number =>
  Math.round(Math.min(most, Math.max(1, lift)) * 100) / 100;

/**
 * A score with its field's lift as a part of its own. A promise is lifted to certainty at most, so
 * that it stays below any real evidence. Without parts, only the score of the answer means anything.
 */
export const liftScore = (
  scored: Scored,
  paper: { readonly field: string | undefined; readonly noticed: boolean; readonly chance: number },
  lift: Lift,
): Scored => {
  const times = paper.noticed
    ? lift.attention
    : Math.min(lift.promise, 1 / Math.max(paper.chance, 1e-6));
  if (times <= 1 || paper.field === undefined) return scored;
  const part: Part = {
    name: 'field',
    field: paper.field,
    noticed: paper.noticed,
    times: Math.round(times * 10) / 10,
    points: scored.score * (times - 1),
  };
  const own = scored.parts.length > 0 ? scored.parts : [{ ...part, points: scored.score }];
  return sumOf([...own, part]);
};
