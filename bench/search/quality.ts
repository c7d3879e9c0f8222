/** Ours against BM25, topic by topic, and on the page this product is modelled on. */
import { membershipOf } from '../../src/app/membership.ts';
import { findRelevant } from '../../src/app/relevance.ts';
import type { Db } from '../../src/db/open.ts';
import { listMembers } from '../../src/db/search.ts';
import { print } from '../lib.ts';
import { type Labelled, queryOf } from './corpus.ts';
import { type Figures, figuresOf, mean, ratioOf } from './figures.ts';
import { bm25Of, depth, type Ratios } from './held-out.ts';

export type Row = { readonly text: string; readonly bm25: Figures; readonly ours: Figures };

export const measure = (db: Db, topics: readonly Labelled[]): readonly Row[] =>
  topics.map((topic) => ({
    text: topic.text,
    bm25: bm25Of(db, topic),
    ours: figuresOf(
      findRelevant(db, queryOf(topic.text), depth).map((hit) => hit.number),
      topic.wanted,
    ),
  }));

export const printRows = (rows: readonly Row[]): void => {
  print('topic                          BM25 recall@100  AP      ours recall@100  AP');
  for (const { text, bm25, ours } of rows)
    print(
      `${text.padEnd(32)}${bm25.recall.toFixed(3).padStart(8)}${bm25.precision.toFixed(3).padStart(12)}` +
        `${ours.recall.toFixed(3).padStart(14)}${ours.precision.toFixed(3).padStart(10)}`,
    );
};

/** Prints means over the rows; returns how many times BM25's they are. */
export const printRatios = (rows: readonly Row[]): Ratios => {
  const [ours, bm25] = [rows.map((row) => row.ours), rows.map((row) => row.bm25)];
  const ratios = {
    recall: ratioOf(ours, bm25, 'recall'),
    precision: ratioOf(ours, bm25, 'precision'),
  };
  for (const figure of ['recall', 'precision'] as const) {
    const name = figure === 'recall' ? 'recall in the first 100' : 'average precision';
    const of = (side: readonly Figures[]): string =>
      mean(side.map((row) => row[figure])).toFixed(4);
    print(`${name}: BM25 ${of(bm25)}, ours ${of(ours)}, ratio ${ratios[figure].toFixed(2)}`);
  }
  return ratios;
};

/** How much of what people filed there a topic of plain words holds, and how large it is. */
export const printTopics = (db: Db, topics: readonly Labelled[]): void => {
  const rows = topics.map(({ text, wanted }) => {
    const query = queryOf(text);
    const membership = membershipOf(db, query);
    const byWords = new Set(listMembers(db, query));
    const shareOf = (has: (number: number) => boolean): number =>
      [...wanted].filter(has).length / wanted.size;
    return {
      words: { size: byWords.size, share: shareOf((number) => byWords.has(number)) },
      ours: { size: membership.count(), share: shareOf(membership.has) },
    };
  });
  for (const side of ['words', 'ours'] as const) {
    const size = Math.exp(mean(rows.map((row) => Math.log(1 + row[side].size))));
    const share = mean(rows.map((row) => row[side].share)) * 100;
    const name = side === 'words' ? 'papers that hold all of the words' : 'by meaning';
    print(
      `as topics, ${name}: ${share.toFixed(0)} % of the labelled, ${size.toFixed(0)} papers (geometric mean)`,
    );
  }
};
