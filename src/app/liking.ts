/** Readers' reactions as they weigh in choosing. */
import { currentModelId, findVector } from '../db/meanings.ts';
import type { Db } from '../db/open.ts';
import { createLiking, type Nudge, type Reaction } from '../domain/liking.ts';

export type Likings = (reactions: readonly Reaction[]) => (paper: number) => Nudge;

const nothing: Nudge = { kind: 'none' };

/** Vectors kept at most: those of an edition's lists and of what readers reacted to. */
const mostVectors = 20_000;

/**
 * Weighs papers by reactions. Each paper's meaning is looked up once for all readers. Until the
 * corpus has learned any meaning, reactions are kept and weigh nothing.
 */
export const openLikings = (db: Db): Likings => {
  const modelId = currentModelId(db);
  if (typeof modelId !== 'number') return () => () => nothing;
  const known = new Map<number, Float32Array | undefined>();
  const vectorOf = (paper: number): Float32Array | undefined => {
    if (known.has(paper)) return known.get(paper);
    if (known.size >= mostVectors) known.clear();
    const vector = findVector(db, modelId, paper);
    known.set(paper, vector);
    return vector;
  };
  return (reactions) => createLiking(reactions, vectorOf);
};
