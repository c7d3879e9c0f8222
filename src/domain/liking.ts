/**
 * More like this, less like this. A reaction moves papers alike up or down within what their topics
 * bring anyway: it finds nothing that is not there and hides nothing but near copies of what the
 * reader did not want. Alike is by meaning, measured from paper to paper, so that a reader may like
 * and dislike many different things.
 */
import type { ListEntry } from './digest.ts';

export const reactionKinds = ['more', 'less'] as const;
export type ReactionKind = (typeof reactionKinds)[number];

export const isReactionKind = (text: string): text is ReactionKind =>
  (reactionKinds as readonly string[]).includes(text);

export type Reaction = { readonly paper: number; readonly kind: ReactionKind };

/** Reactions that count, the newest; what somebody wanted years ago does not. */
export const mostReactions = 100;

/** What a reader's reactions mean for one paper. */
export type Nudge =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'moved';
      /** From a half to one and a half. */
      readonly factor: number;
      /** The paper wanted more of that moved it up most. */
      readonly like?: number;
    }
  /** Too much like one the reader wanted less of. */
  | { readonly kind: 'barred' };

/*
 * Cosines of meaning, as they were among 1,500 featured papers of early 2026: of two papers at random
 * one pair in fifty passes the first; a paper's nearest neighbour stands at 0.7, its tenth at 0.65;
 * only versions of one work and direct successors pass the second.
 */
const alikeFrom = 0.5;
const nearCopyFrom = 0.85;

/** How far the score of a paper quite like a reacted one moves, either way. */
const furthest = 0.5;

/** The length-1 vector of a paper's meaning, where there is one. */
export type VectorOf = (paper: number) => Float32Array | undefined;

/** What some reactions, newest first, mean for any paper. */
export const createLiking = (
  reactions: readonly Reaction[],
  vectorOf: VectorOf,
): ((paper: number) => Nudge) => {
  const known = reactions.slice(0, mostReactions).flatMap((reaction) => {
    const vector = vectorOf(reaction.paper);
    return vector ? [{ ...reaction, vector }] : [];
  });
  return (paper) => {
    const vector = vectorOf(paper);
    if (!vector || known.length === 0) return { kind: 'none' };
    const nearest = { more: { alike: 0, paper: 0 }, less: { alike: 0, paper: 0 } };
    for (const one of known) {
      const alike = cosine(vector, one.vector);
      if (alike > nearest[one.kind].alike) nearest[one.kind] = { alike, paper: one.paper };
    }
    if (nearest.less.alike >= nearCopyFrom && nearest.less.alike > nearest.more.alike)
      return { kind: 'barred' };
    const [up, down] = [pull(nearest.more.alike), pull(nearest.less.alike)];
    if (up === 0 && down === 0) return { kind: 'none' };
    const factor = 1 + furthest * (up - down);
    return { kind: 'moved', factor, ...(up > down && { like: nearest.more.paper }) };
  };
};

/** 0 for papers that are not alike, 1 for near copies. */
const pull = (alike: number): number =>
  Math.min(1, Math.max(0, (alike - alikeFrom) / (nearCopyFrom - alikeFrom)));

const cosine = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1)
    sum += (a[index] as number) * (b[index] as number);
  return sum;
};

/** A list in the order the reactions give it. */
export const reorder = (
  entries: readonly ListEntry[],
  liking: (paper: number) => Nudge,
): readonly ListEntry[] =>
  entries
    .flatMap((entry): ListEntry[] => {
      const nudge = liking(entry.paper);
      switch (nudge.kind) {
        case 'none':
          return [entry];
        case 'moved': {
          const score = entry.score * nudge.factor;
          return [{ ...entry, score, ...(nudge.like !== undefined && { like: nudge.like }) }];
        }
        case 'barred':
          return [];
        default:
          return nudge satisfies never;
      }
    })
    .sort((a, b) => b.score - a.score);
