/**
 * The rules of a list: who is in a topic's best, and why others are not. A paper stays only while
 * it is still rising, and of near-identical papers only the best is shown.
 */
import { isNearIdentical } from './sketch.ts';

export type ListRuled = {
  readonly id: string;
  /** Observed again, and nothing had been gained. */
  readonly stalled: boolean;
  readonly sketch: () => Uint16Array | undefined;
};

export type LeftOut<T> = { readonly paper: T } & (
  | { readonly kind: 'stalled' }
  | { readonly kind: 'near-identical'; readonly to: T }
);

/** The rule's words, the same wherever someone asks. */
export const reasonOf = (leftOut: LeftOut<ListRuled>): string =>
  leftOut.kind === 'stalled'
    ? 'it is no longer rising: it was observed again and nothing had been gained'
    : `it is nearly the same paper as ${leftOut.to.id}, which ranks above it`;

export type PickedList<T> = {
  readonly chosen: readonly T[];
  /** What would have been chosen but for a rule. */
  readonly leftOut: readonly LeftOut<T>[];
};

/* Further down nobody reads on because of variety, and comparing each with all would take long. */
const comparedDepth = 100;

/** The best `limit` members of papers ranked best first. */
export const pickList = <T extends ListRuled>(
  ranked: readonly T[],
  isMember: (paper: T) => boolean,
  limit: number,
): PickedList<T> => {
  const chosen: T[] = [];
  const leftOut: LeftOut<T>[] = [];
  for (const paper of ranked) {
    if (chosen.length >= limit) break;
    if (!isMember(paper)) continue;
    if (paper.stalled) {
      leftOut.push({ kind: 'stalled', paper });
      continue;
    }
    const twin = chosen.length < comparedDepth ? findTwin(chosen, paper) : undefined;
    if (twin) leftOut.push({ kind: 'near-identical', paper, to: twin });
    else chosen.push(paper);
  }
  return { chosen, leftOut };
};

const findTwin = <T extends ListRuled>(chosen: readonly T[], paper: T): T | undefined => {
  const sketch = paper.sketch();
  if (!sketch) return undefined;
  return chosen.find((other) => {
    const known = other.sketch();
    return known !== undefined && isNearIdentical(known, sketch);
  });
};
