/** What is asked when somebody looks for papers, and what is answered. */
import type { Day, Paper } from '../domain/paper.ts';
import type { QueryFault } from '../domain/query.ts';
import type { ToldPart } from '../domain/trend.ts';

export type Hints = {
  /** The query with its unknown words as they are usually spelt. */
  readonly didYouMean?: string;
  /** Shorter queries that do find papers, when this one finds none. */
  readonly wouldMatch: readonly { readonly query: string; readonly papers: number }[];
};

export type FoundPapers =
  | {
      readonly kind: 'ok';
      readonly papers: readonly { readonly paper: Paper; readonly score: number }[];
      readonly hints?: Hints;
    }
  | { readonly kind: 'bad-query'; readonly fault: QueryFault };

export const orders = ['relevance', 'trending', 'newest'] as const;
export type Order = (typeof orders)[number];

/** What is looked for: words, a category, a span of days; in which order, and which page of it. */
export type Browsed = {
  readonly text: string;
  readonly category?: string | undefined;
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
  readonly order: Order;
  readonly offset: number;
  readonly limit: number;
};

export type BrowsedPapers =
  | {
      readonly kind: 'ok';
      readonly papers: readonly { readonly paper: Paper; readonly parts?: readonly ToldPart[] }[];
      /** How many there are, up to a thousand. */
      readonly total: number;
      readonly hints?: Hints | undefined;
    }
  | { readonly kind: 'bad-query'; readonly fault: QueryFault };
