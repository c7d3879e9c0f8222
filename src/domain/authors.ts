/** The authors' record: how often, and how much, their earlier papers were noticed. */
import { hash32 } from './text-features.ts';

/** What one author's earlier papers got: how many were noticed, and the sum of log(1 + upvotes). */
type Past = { readonly noticed: number; readonly sum: number };

/** By the hash of the author's name. Names are not people; a shared name is a shared record. */
export type AuthorRecord = Map<number, Past>;

// Spelled the same whoever tells it: no full stops, no case.
const keyOf = (name: string): number =>
  hash32(
    name
      .toLowerCase()
      .replace(/[.\s]+/g, ' ')
      .trim(),
  );

/** Adds a noticed paper; `amount` is log(1 + upvotes). */
export const addToRecord = (
  record: AuthorRecord,
  authors: readonly string[],
  amount: number,
): void => {
  for (const name of authors) {
    const key = keyOf(name);
    const past = record.get(key);
    record.set(key, { noticed: (past?.noticed ?? 0) + 1, sum: (past?.sum ?? 0) + amount });
  }
};

/**
 * Six numbers, each small: the most noticed author's and all authors' noticed papers, the best mean
 * attention (shrunk as by one unnoticed paper), the first and the last author's noticed papers,
 * and the share of authors with any. Counts as log(1 + count).
 */
export const recordOf = (record: AuthorRecord, authors: readonly string[]): readonly number[] => {
  const pasts = authors.map((name) => record.get(keyOf(name)));
  const counts = pasts.map((past) => past?.noticed ?? 0);
  const best = pasts.map((past) => (past ? past.sum / (past.noticed + 1) : 0));
  const known = counts.filter((count) => count > 0).length;
  return [
    Math.log1p(Math.max(0, ...counts)),
    Math.log1p(counts.reduce((sum, count) => sum + count, 0)),
    Math.max(0, ...best),
    Math.log1p(counts[0] ?? 0),
    Math.log1p(counts.at(-1) ?? 0),
    known / Math.max(3, authors.length),
  ];
};
