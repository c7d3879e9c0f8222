/** Gradient-boosted regression trees (Friedman, Ann. Stat. 29, 2001), small and plain. */

type Node =
  | { readonly value: number }
  | { readonly feature: number; readonly at: number; readonly low: Node; readonly high: Node };

const settings = { trees: 200, depth: 4, rate: 0.05, leastLeaf: 40, bins: 48 } as const;

/** Fits least squares; the answer predicts for one row. */
export const boost = (
  rows: readonly (readonly number[])[],
  targets: readonly number[],
): ((row: readonly number[]) => number) => {
  const mean = targets.reduce((sum, y) => sum + y, 0) / targets.length;
  const columns = (rows[0] ?? []).map((_, feature) =>
    Float64Array.from(rows, (row) => row[feature] ?? 0),
  );
  const cuts = columns.map(quantiles);
  const residual = Float64Array.from(targets, (y) => y - mean);
  const trees: Node[] = [];
  const everyone = Uint32Array.from(rows, (_, i) => i);
  for (let t = 0; t < settings.trees; t += 1) {
    const tree = grow(columns, cuts, residual, everyone, settings.depth);
    trees.push(tree);
    rows.forEach((row, i) => {
      residual[i] = (residual[i] ?? 0) - settings.rate * answerOf(tree, row);
    });
  }
  return (row) => trees.reduce((sum, tree) => sum + settings.rate * answerOf(tree, row), mean);
};

const quantiles = (column: Float64Array): readonly number[] => {
  const sorted = Float64Array.from(column).sort();
  const picked = Array.from(
    { length: settings.bins },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / (settings.bins + 1))] ?? 0,
  );
  return [...new Set(picked)];
};

const answerOf = (node: Node, row: readonly number[]): number => {
  let at = node;
  while (!('value' in at)) at = (row[at.feature] ?? 0) <= at.at ? at.low : at.high;
  return at.value;
};

const grow = (
  columns: readonly Float64Array[],
  cuts: readonly (readonly number[])[],
  residual: Float64Array,
  members: Uint32Array,
  depth: number,
): Node => {
  let total = 0;
  for (const i of members) total += residual[i] ?? 0;
  const leaf = { value: total / Math.max(1, members.length) };
  if (depth === 0 || members.length < 2 * settings.leastLeaf) return leaf;
  let best = { gain: (total * total) / members.length + 1e-9, feature: -1, at: 0 };
  columns.forEach((column, feature) => {
    const split = bestSplit(column, cuts[feature] ?? [], residual, members, total);
    if (split.gain > best.gain) best = { ...split, feature };
  });
  const column = columns[best.feature];
  if (!column) return leaf;
  const low = members.filter((i) => (column[i] ?? 0) <= best.at);
  const high = members.filter((i) => (column[i] ?? 0) > best.at);
  return {
    feature: best.feature,
    at: best.at,
    low: grow(columns, cuts, residual, low, depth - 1),
    high: grow(columns, cuts, residual, high, depth - 1),
  };
};

const bestSplit = (
  column: Float64Array,
  cuts: readonly number[],
  residual: Float64Array,
  members: Uint32Array,
  total: number,
): { gain: number; at: number } => {
  const sums = new Float64Array(cuts.length + 1);
  const counts = new Uint32Array(cuts.length + 1);
  for (const i of members) {
    const bin = binOf(cuts, column[i] ?? 0);
    sums[bin] = (sums[bin] ?? 0) + (residual[i] ?? 0);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  let best = { gain: 0, at: 0 };
  let [sum, count] = [0, 0];
  cuts.forEach((at, bin) => {
    sum += sums[bin] ?? 0;
    count += counts[bin] ?? 0;
    const others = members.length - count;
    if (count < settings.leastLeaf || others < settings.leastLeaf) return;
    const gain = (sum * sum) / count + (total - sum) ** 2 / others;
    if (gain > best.gain) best = { gain, at };
  });
  return best;
};

const binOf = (cuts: readonly number[], value: number): number => {
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
};
