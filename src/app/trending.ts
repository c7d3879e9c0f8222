import type { Db } from '../db/open.ts';
import { listPapers } from '../db/papers.ts';
import { reasonOf } from '../domain/list.ts';
import type { Paper } from '../domain/paper.ts';
import type { QueryFault } from '../domain/query.ts';
import { tellPart } from '../domain/reason.ts';
import type { RankedPaper, Scored } from '../domain/trend.ts';
import { english } from './english.ts';
import { pickTopic, type RankedNumber, type Ranking } from './ranking.ts';
import { resolveScope, type Scope } from './scope.ts';

/** As many as anyone would read through. */
const mostLeftOut = 100;

/** No list is longer. */
export const longestList = 5_000;

export type Trending =
  | {
      readonly kind: 'ok';
      readonly name: string;
      readonly asOf: Date;
      readonly rankedAt: Date;
      readonly papers: readonly RankedPaper[];
      /** Papers that a rule of the list kept out of it, and which. */
      readonly leftOut: readonly { readonly paper: Paper; readonly reason: string }[];
    }
  | { readonly kind: 'unknown-topic'; readonly slug: string }
  | { readonly kind: 'bad-query'; readonly text: string; readonly fault: QueryFault };

/** What is trending in a topic or query, best first, each with the parts of its score. */
export const listTrending = (db: Db, ranking: Ranking, scope: Scope, limit: number): Trending => {
  const resolved = resolveScope(db, scope);
  if (resolved.kind !== 'ok') return resolved;
  const picked = pickTopic(db, ranking, resolved.query, Math.min(limit, longestList));
  const byField = resolved.query !== undefined;
  const chosen = picked.chosen.map((paper) => ({ ...paper, ...ranking.explain(paper, byField) }));
  const leftOut = picked.leftOut.slice(0, mostLeftOut);
  const papersLeftOut = listPapers(
    db,
    leftOut.map(({ paper }) => paper.number),
  );
  return {
    kind: 'ok',
    name: resolved.name,
    asOf: ranking.asOf,
    rankedAt: ranking.rankedAt,
    papers: withPapers(db, chosen),
    leftOut: leftOut.flatMap((left, i) => {
      const paper = papersLeftOut[i];
      return paper ? [{ paper, reason: reasonOf(left) }] : [];
    }),
  };
};

/** Ranked numbers as ranked papers. */
export const withPapers = (
  db: Db,
  ranked: readonly Pick<RankedNumber, 'number' | 'score' | 'parts'>[],
): readonly RankedPaper[] => {
  const papers = listPapers(
    db,
    ranked.map((entry) => entry.number),
  );
  return papers.map((paper, index) => ({
    rank: index + 1,
    ...rankedOf(paper, ranked[index] ?? { score: 0, parts: [] }),
  }));
};

/** A paper with its score, told in English. */
export const rankedOf = (paper: Paper, { score, parts }: Scored): Omit<RankedPaper, 'rank'> => ({
  paper,
  score,
  parts: parts.map((part) => tellPart(english, part)),
});
