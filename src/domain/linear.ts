/** Linear models over sparse vectors, trained by AdaGrad (Duchi et al., JMLR 12, 2011). */
import { type Features, featureSize } from './text-features.ts';

export type Linear = { readonly bias: number; readonly weights: Float32Array };

/** `chance`: the target is 0 or 1, the answer log-odds. `amount`: any number, least squares. */
export type Target = 'chance' | 'amount';

/* Chosen on papers listed before 2026: more rounds or other steps changed the outcome by less than
 * its noise. */
const settings = {
  chance: { rounds: 3, step: 0.1 },
  amount: { rounds: 3, step: 0.05 },
} as const;
const shrink = 1e-5;

export const predict = ({ bias, weights }: Linear, { index, value }: Features): number => {
  let sum = bias;
  for (let k = 0; k < index.length; k += 1) sum += (weights[index[k] ?? 0] ?? 0) * (value[k] ?? 0);
  return sum;
};

export const toChance = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/** Trains on rows and their targets; the same rows in the same order give the same model. */
export const trainLinear = (
  rows: readonly Features[],
  targets: ArrayLike<number>,
  target: Target,
): Linear => {
  const { rounds, step } = settings[target];
  const weights = new Float32Array(featureSize);
  const squares = new Float32Array(featureSize).fill(0.1);
  const mean = Array.from(targets).reduce((sum, y) => sum + y, 0) / Math.max(1, rows.length);
  const model = { bias: target === 'amount' ? mean : 0, weights };
  let biasSquares = 1;
  for (const i of shuffled(rows.length, rounds)) {
    const row = rows[i];
    if (!row) continue;
    const answer = predict(model, row);
    const error = (target === 'chance' ? toChance(answer) : answer) - (targets[i] ?? 0);
    for (let k = 0; k < row.index.length; k += 1) {
      const at = row.index[k] ?? 0;
      const weight = weights[at] ?? 0;
      const slope = error * (row.value[k] ?? 0) + shrink * weight;
      const square = (squares[at] ?? 0) + slope * slope;
      squares[at] = square;
      weights[at] = weight - (step * slope) / Math.sqrt(square);
    }
    biasSquares += error * error;
    model.bias -= (step * error) / Math.sqrt(biasSquares);
  }
  return model;
};

/** `rounds` shuffles of 0 … `length` − 1, one after the other, the same every time. */
const shuffled = function* (length: number, rounds: number): Generator<number> {
  // The linear congruential generator of Numerical Recipes: repeatable, and random enough here.
  let seed = 12345;
  const order = Uint32Array.from({ length }, (_, i) => i);
  for (let round = 0; round < rounds; round += 1) {
    for (let i = length - 1; i > 0; i -= 1) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      const j = Math.floor((seed / 4294967296) * (i + 1));
      const kept = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = kept;
    }
    yield* order;
  }
};
