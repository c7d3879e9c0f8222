/** A query as the model of meaning can be asked. */
import type { Db } from '../db/open.ts';
import { type Hit, listHolders } from '../db/search.ts';
import { type MeaningIndex, slotOf } from '../domain/meaning-index.ts';
import { partsOf, type Query } from '../domain/query.ts';
import type { Answer } from '../domain/relevance.ts';
import type { Asked } from '../domain/scores.ts';
import { wordsOf } from '../domain/terms.ts';
import type { Meaning } from './meaning.ts';

/** What ranks, and what only selects. */
export type Plan = {
  readonly words: readonly string[];
  readonly like: string | undefined;
  readonly filters: readonly Query[];
};

// Words side by side are taken by meaning. Who writes OR or parentheses lists the very words they
// want: there, words select as phrases do, and so do those beside the parentheses.
export const planOf = (query: Query): Plan => {
  const parts = partsOf(query);
  const listed = parts.some((part) => part.kind === 'any' || part.kind === 'all');
  const words = parts.flatMap((part) => (part.kind === 'word' && !listed ? [part.text] : []));
  const likes = parts.flatMap((part) => (part.kind === 'like' ? [part] : []));
  const like = words.length === 0 ? likes[0] : undefined;
  const filters = parts.filter((part) => (listed || part.kind !== 'word') && part !== like);
  return { words, like: like?.id, filters };
};

export const passesFor =
  ({ alive, numbers }: MeaningIndex, allowed: ReadonlySet<number> | undefined) =>
  (slot: number): boolean =>
    alive[slot] === 1 && (allowed === undefined || allowed.has(numbers[slot] as number));

export const toHits = ({ numbers }: MeaningIndex, { ranked }: Answer): readonly Hit[] =>
  ranked.map(({ slot, score }) => ({ number: numbers[slot] as number, score: rounded(score) }));

export const rounded = (score: number): number => Math.round(score * 1e4) / 1e4;

/** Words as the model knows them; a word it does not know is looked up in the full-text index. */
export const askedOf = (db: Db, meaning: Meaning, texts: readonly string[]): Asked | undefined => {
  const words = [...new Set(texts.flatMap(wordsOf))];
  const known = words.map((word) => ({ word, term: meaning.termOf(word) }));
  const terms = known.flatMap(({ term }) => (term === undefined ? [] : [term]));
  const rare = known.flatMap(({ word, term }) => {
    if (term !== undefined) return [];
    const slots = listHolders(db, word).flatMap((number) => slotOf(meaning.index, number) ?? []);
    return slots.length > 0 ? [{ slots }] : [];
  });
  return terms.length + rare.length === 0 ? undefined : { terms: [...new Set(terms)], rare };
};
