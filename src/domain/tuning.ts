/**
 * The constants of relevance. `bench/search.ts` chooses them anew on some labelled topics and
 * measures what was chosen on the others; see docs/decisions/043.
 */

/** How much each part says: the words themselves, telling terms, the latent direction. */
export type Share = {
  readonly words: number;
  readonly terms: number;
  readonly direction: number;
};

export type Tuning = {
  /** Of a question of words. */
  readonly words: Share;
  /** Of a paper as the question. */
  readonly like: Share;
  /** First hits whose mean is asked next, in the first round and in the second. */
  readonly firstHits: number;
  readonly secondHits: number;
  /** Terms taken over from them. */
  readonly tellingTerms: number;
  /** A paper with this score or more belongs to a topic of plain words. */
  readonly wordThreshold: number;
  /** The same, to a topic of likeness. */
  readonly likeThreshold: number;
};

export const tuning: Tuning = {
  words: { words: 0.35, terms: 0.25, direction: 0.4 },
  like: { words: 0, terms: 0.5, direction: 0.5 },
  firstHits: 30,
  secondHits: 15,
  tellingTerms: 100,
  wordThreshold: 0.48,
  likeThreshold: 0.3,
};
