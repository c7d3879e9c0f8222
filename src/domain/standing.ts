/** Where a pace stands among papers of about the same age: "more than 98 of 100". */

export type Pace = { readonly age: number; readonly pace: number };

/* Hours. Within a band papers have had about the same time to rise. */
const bands = [0, 12, 24, 48, 96, 168, 336, Number.POSITIVE_INFINITY];

/** Fewer than this are no crowd to stand out from. */
const fewestPeers = 20;

const bandOf = (age: number): number => bands.findLastIndex((from) => from <= age);

/** The share of papers of an age (hours) with a lower pace; `undefined` where too few are known. */
export const createStanding = (
  paces: readonly Pace[],
): ((ageHours: number, pace: number) => number | undefined) => {
  const byBand = bands.map((): number[] => []);
  for (const { age, pace } of paces) byBand[bandOf(age)]?.push(pace);
  for (const band of byBand) band.sort((a, b) => a - b);
  return (ageHours, pace) => {
    const peers = byBand[bandOf(ageHours)];
    if (!peers || peers.length < fewestPeers) return undefined;
    return countBelow(peers, pace) / peers.length;
  };
};

const countBelow = (sorted: readonly number[], value: number): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
};
