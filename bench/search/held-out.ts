/**
 * Do the constants hold on topics nobody looked at? They are chosen from a grid by the figures on
 * some topics, and what was chosen is measured on the others: each topic left out in turn, and
 * every way to choose on eight of the seventeen and to measure on nine.
 */

import { openMeaning } from '../../src/app/meaning.ts';
import { askedOf } from '../../src/app/meaning-ask.ts';
import type { Db } from '../../src/db/open.ts';
import { searchIndex } from '../../src/db/search.ts';
import { wantedTexts } from '../../src/domain/query.ts';
import { answerWords } from '../../src/domain/relevance.ts';
import { type Tuning, tuning } from '../../src/domain/tuning.ts';
import { print } from '../lib.ts';
import { type Labelled, queryOf } from './corpus.ts';
import { type Figures, figuresOf, ratioOf } from './figures.ts';

/** As deep as a search looks closely; both sides are measured so far. */
export const depth = 1_000;

/** What the issue asks for, as multiples of BM25. */
export const targets = { recall: 1.2, precision: 1.4 } as const;

const grid: readonly Tuning[] = [0.2, 0.3, 0.4, 0.5].flatMap((words) =>
  [0.2, 0.4, 0.6].flatMap((ofRest) =>
    [15, 30].flatMap((firstHits) =>
      [10, 15, 20, 30].map((secondHits): Tuning => {
        const terms = (1 - words) * ofRest;
        const share = { words, terms, direction: 1 - words - terms };
        return { ...tuning, words: share, firstHits, secondHits };
      }),
    ),
  ),
);

export const bm25Of = (db: Db, { text, wanted }: Labelled): Figures =>
  figuresOf(
    searchIndex(db, queryOf(text), depth).map((hit) => hit.number),
    wanted,
  );

const oursOf = (db: Db, topics: readonly Labelled[], tuned: Tuning): readonly Figures[] => {
  const meaning = openMeaning(db);
  if (!meaning) throw new Error('the corpus is not learned');
  return topics.map(({ text, wanted }) => {
    const asked = askedOf(db, meaning, wantedTexts(queryOf(text)));
    const answer = asked && answerWords(meaning.index, asked, depth, undefined, tuned);
    const ranked = answer?.ranked ?? [];
    return figuresOf(
      ranked.map(({ slot }) => meaning.index.numbers[slot] as number),
      wanted,
    );
  });
};

type Split = { readonly chosenOn: readonly number[]; readonly measuredOn: readonly number[] };

const splitsInto = (count: number, first: number): readonly Split[] => {
  const all = Array.from({ length: count }, (_, topic) => topic);
  const choose = (from: number, size: number): readonly (readonly number[])[] =>
    size === 0
      ? [[]]
      : all.slice(from).flatMap((topic) => choose(topic + 1, size - 1).map((r) => [topic, ...r]));
  return choose(0, first).map((chosenOn) => ({
    chosenOn,
    measuredOn: all.filter((topic) => !chosenOn.includes(topic)),
  }));
};

type Table = {
  readonly reference: readonly Figures[];
  /** Of each setting of the grid, the figures on each topic. */
  readonly ours: readonly (readonly Figures[])[];
};

const at = (figures: readonly Figures[], topics: readonly number[]): readonly Figures[] =>
  topics.map((topic) => figures[topic] as Figures);

/** The setting whose ratios on these topics are the highest, taken together. */
const chooseOn = ({ reference, ours }: Table, topics: readonly number[]): number => {
  const values = ours.map(
    (figures) =>
      ratioOf(at(figures, topics), at(reference, topics), 'recall') +
      ratioOf(at(figures, topics), at(reference, topics), 'precision'),
  );
  return values.indexOf(Math.max(...values));
};

export type Ratios = { readonly recall: number; readonly precision: number };

const ratiosOf = (ours: readonly Figures[], reference: readonly Figures[]): Ratios => ({
  recall: ratioOf(ours, reference, 'recall'),
  precision: ratioOf(ours, reference, 'precision'),
});

const leaveOneOut = (table: Table): Ratios => {
  const { reference, ours } = table;
  const topics = reference.map((_, topic) => topic);
  const unseen = topics.map((topic) => {
    const chosen = chooseOn(
      table,
      topics.filter((other) => other !== topic),
    );
    return ours[chosen]?.[topic] as Figures;
  });
  return ratiosOf(unseen, reference);
};

const overSplits = (table: Table): readonly Ratios[] =>
  splitsInto(table.reference.length, Math.floor(table.reference.length / 2)).map(
    ({ chosenOn, measuredOn }) => {
      const chosen = table.ours[chooseOn(table, chosenOn)] ?? [];
      return ratiosOf(at(chosen, measuredOn), at(table.reference, measuredOn));
    },
  );

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? 0;

/** Prints held-out figures; returns those with each topic left out in turn. */
export const measureHeldOut = (db: Db, topics: readonly Labelled[]): Ratios => {
  const table: Table = {
    reference: topics.map((topic) => bm25Of(db, topic)),
    ours: grid.map((tuned) => oursOf(db, topics, tuned)),
  };
  const left = leaveOneOut(table);
  print(
    `each topic left out in turn (${grid.length} settings): recall@100 ${left.recall.toFixed(2)} × BM25, ` +
      `average precision ${left.precision.toFixed(2)} ×`,
  );
  const splits = overSplits(table);
  for (const figure of ['recall', 'precision'] as const) {
    const values = splits.map((ratios) => ratios[figure]);
    const held = values.filter((value) => value >= targets[figure]).length / values.length;
    print(
      `chosen on ${Math.floor(topics.length / 2)}, measured on the rest, ${splits.length} splits: ${figure} ` +
        `median ${quantile(values, 0.5).toFixed(2)} ×, worst in twenty ${quantile(values, 0.05).toFixed(2)} ×, ` +
        `worst ${quantile(values, 0).toFixed(2)} ×; ${targets[figure]} × or more in ${(held * 100).toFixed(1)} %`,
    );
  }
  return left;
};
