/**
 * Are papers like this one what people would put beside it? Query by example on three sets of real
 * papers: those filed under one topic label; those of the page this product is modelled on; and
 * those of the same three authors or more, who mostly stay with a subject. References: TF-IDF
 * cosine, the latent direction alone, and BM25 on the paper's own telling words.
 */
import { openMeaning } from '../../src/app/meaning.ts';
import type { Db } from '../../src/db/open.ts';
import { findPaper } from '../../src/db/papers.ts';
import { searchIndex } from '../../src/db/search.ts';
import { type MeaningIndex, slotOf } from '../../src/domain/meaning-index.ts';
import { answerLike } from '../../src/domain/relevance.ts';
import { likenessQuery } from '../../src/domain/similar.ts';
import { type Tuning, tuning } from '../../src/domain/tuning.ts';
import { print } from '../lib.ts';
import type { Labelled } from './corpus.ts';
import { gainAtTen, mean } from './figures.ts';

/** A paper as the question, and those that belong beside it. */
type Example = { readonly number: number; readonly wanted: ReadonlySet<number> };

type ExampleSet = { readonly name: string; readonly examples: readonly Example[] };

const mostExamples = 150;

// Every so manyth, so that the choice depends on nothing but the numbers.
const thinned = (examples: readonly Example[]): readonly Example[] => {
  const step = Math.max(1, examples.length / mostExamples);
  return Array.from(
    { length: Math.min(examples.length, mostExamples) },
    (_, i) => examples[Math.floor(i * step)] as Example,
  );
};

/** Each labelled paper asks for all others under any of its labels. */
const byLabels = (topics: readonly Labelled[]): readonly Example[] => {
  const wanted = new Map<number, Set<number>>();
  for (const topic of topics)
    for (const number of topic.wanted) {
      const others = wanted.get(number) ?? new Set<number>();
      wanted.set(number, others);
      for (const other of topic.wanted) if (other !== number) others.add(other);
    }
  return [...wanted].map(([number, others]) => ({ number, wanted: others }));
};

const fewestShared = 3;
const fewestWanted = 2;
/** A list of a hundred authors says nothing of a subject. */
const mostAuthors = 30;

const byAuthors = (db: Db): readonly Example[] => {
  const rows = db.$client.prepare('select paper_id, name from paper_authors').raw().all();
  const papersOf = new Map<string, number[]>();
  const authorsOf = new Map<number, string[]>();
  for (const [number, name] of rows as [number, string][]) {
    push(papersOf, name, number);
    push(authorsOf, number, name);
  }
  return [...authorsOf].flatMap(([number, names]) => {
    if (number % 20 !== 0 || names.length > mostAuthors) return [];
    const shared = new Map<number, number>();
    for (const other of names.flatMap((name) => papersOf.get(name) ?? []))
      if (other !== number) shared.set(other, (shared.get(other) ?? 0) + 1);
    const close = [...shared].filter(([, count]) => count >= fewestShared);
    const wanted = new Set(close.map(([other]) => other));
    return wanted.size < fewestWanted ? [] : [{ number, wanted }];
  });
};

const push = <K, V>(lists: Map<K, V[]>, key: K, value: V): void => {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
};

type Ranker = {
  readonly name: string;
  readonly rank: (db: Db, index: MeaningIndex, number: number) => readonly number[];
};

const shown = 10;

const byTuning =
  (tuned: Tuning): Ranker['rank'] =>
  (_, index, number) => {
    const slot = slotOf(index, number);
    if (slot === undefined) return [];
    const { ranked } = answerLike(index, slot, shown, () => true, tuned);
    return ranked.map((hit) => index.numbers[hit.slot] as number);
  };

const byBm25: Ranker['rank'] = (db, _, number) => {
  const key = db.$client.prepare('select key from papers where id = ?').pluck().get(number);
  const paper = findPaper(db, String(key));
  const query = paper && likenessQuery(paper);
  if (!query) return [];
  const hits = searchIndex(db, query, shown + 1).map((hit) => hit.number);
  return hits.filter((other) => other !== number).slice(0, shown);
};

const mixOf = (terms: number): Tuning => ({
  ...tuning,
  like: { words: 0, terms, direction: 1 - terms },
});

const grid = [0.3, 0.5, 0.7].map(mixOf);

const gainsOf = (
  db: Db,
  index: MeaningIndex,
  examples: readonly Example[],
  rank: Ranker['rank'],
): readonly number[] =>
  examples.map(({ number, wanted }) => gainAtTen(rank(db, index, number), wanted));

/** Prints the mean gain of each ranker on each set. */
export const measureSimilar = (db: Db, topics: readonly Labelled[], page: Labelled): void => {
  const index = openMeaning(db)?.index;
  if (!index) throw new Error('the corpus is not learned');
  const sets: readonly ExampleSet[] = [
    { name: 'topic labels', examples: thinned(byLabels(topics)) },
    { name: 'the page', examples: byLabels([page]) },
    { name: 'three shared authors', examples: thinned(byAuthors(db)) },
  ];
  const rankers: readonly Ranker[] = [
    { name: 'ours', rank: byTuning(tuning) },
    { name: 'TF-IDF cosine', rank: byTuning(mixOf(1)) },
    { name: 'latent direction', rank: byTuning(mixOf(0)) },
    { name: 'BM25 of its words', rank: byBm25 },
  ];
  print(
    `nDCG@10 of papers like this: ${sets.map((s) => `${s.name} (${s.examples.length})`).join(', ')}`,
  );
  const rows = rankers.map(({ name, rank }) => {
    const gains = sets.map(({ examples }) => mean(gainsOf(db, index, examples, rank)));
    print(`  ${name.padEnd(20)} ${gains.map((gain) => gain.toFixed(4)).join('  ')}`);
    return gains;
  });
  printHeldOut(db, index, sets, rows[1] ?? []);
};

/** The mix that is best on two of the sets, measured on the third. */
const printHeldOut = (
  db: Db,
  index: MeaningIndex,
  sets: readonly ExampleSet[],
  tfidf: readonly number[],
): void => {
  // As multiples of TF-IDF's, so that a set with high figures does not decide alone.
  const table = grid.map((tuned) =>
    sets.map(
      ({ examples }, set) =>
        mean(gainsOf(db, index, examples, byTuning(tuned))) / (tfidf[set] as number),
    ),
  );
  for (const [left, { name }] of sets.entries()) {
    const values = table.map((ratios) => mean(ratios.filter((_, set) => set !== left)));
    const chosen = values.indexOf(Math.max(...values));
    print(
      `  chosen on the other two, measured on ${name}: ` +
        `${(table[chosen]?.[left] ?? 0).toFixed(2)} × TF-IDF cosine (at ${grid[chosen]?.like.terms} TF-IDF)`,
    );
  }
};
