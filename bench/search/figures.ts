/** Figures of a ranked list against what people gave as answers. */

export type Figures = {
  /** Share of the wanted papers among the first hundred. */
  readonly recall: number;
  /** Average precision, over as much of the list as was asked for. */
  readonly precision: number;
};

export const figuresOf = (ranked: readonly number[], wanted: ReadonlySet<number>): Figures => {
  let found = 0;
  let within = 0;
  let sum = 0;
  for (const [place, number] of ranked.entries()) {
    if (!wanted.has(number)) continue;
    found += 1;
    if (place < 100) within += 1;
    sum += found / (place + 1);
  }
  return { recall: within / wanted.size, precision: sum / wanted.size };
};

/** Normalized discounted cumulative gain of the first ten; every wanted paper gains the same. */
export const gainAtTen = (ranked: readonly number[], wanted: ReadonlySet<number>): number => {
  const gainAt = (place: number): number => 1 / Math.log2(place + 2);
  const best = Array.from({ length: Math.min(10, wanted.size) }, (_, place) => gainAt(place));
  const had = ranked.slice(0, 10).map((number, place) => (wanted.has(number) ? gainAt(place) : 0));
  return sum(had) / sum(best);
};

export const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

export const mean = (values: readonly number[]): number => sum(values) / values.length;

/** `recall@100 0.390, AP 0.171` and how many times the reference's. */
export const ratioOf = (
  ours: readonly Figures[],
  reference: readonly Figures[],
  figure: keyof Figures,
): number => mean(ours.map((row) => row[figure])) / mean(reference.map((row) => row[figure]));
