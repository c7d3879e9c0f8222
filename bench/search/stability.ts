/**
 * Does a topic hold the same papers tomorrow? First after a third of the corpus was folded into a
 * model made from the other two; then after learning anew from all of it, which is what happens once
 * the corpus has grown by half.
 */

import { iterateTexts } from '../../src/db/meanings.ts';
import type { Db } from '../../src/db/open.ts';
import { themes } from '../../src/domain/catalogue.ts';
import { collectMeaning, createFolder, type Learned } from '../../src/domain/meaning.ts';
import { appendPapers, emptyIndex, type MeaningIndex } from '../../src/domain/meaning-index.ts';
import { createScorer, profileOfWords } from '../../src/domain/relevance.ts';
import { stem } from '../../src/domain/stem.ts';
import { wordsOf } from '../../src/domain/terms.ts';
import { print } from '../lib.ts';
import { mean } from './figures.ts';

type Text = { readonly title: string; readonly abstract: string };

const learn = (texts: readonly Text[]): Learned => {
  const collector = collectMeaning();
  for (const text of texts) collector.add(text);
  const learned = collector.finish();
  if (!learned) throw new Error('too few papers to learn from');
  return learned;
};

const indexOf = ({ model, folded }: Learned): MeaningIndex => {
  const papers = [...folded()].map((paper, number) => ({ ...paper, number: number + 1 }));
  return appendPapers(emptyIndex(model), papers, papers.length);
};

/** Slots below `within` that belong to a topic of plain words. */
const members = (index: MeaningIndex, text: string, within: number): ReadonlySet<number> => {
  const places = new Map(index.model.terms.map((term, place) => [term, place]));
  const terms = wordsOf(text).flatMap((word) => places.get(stem(word)) ?? []);
  const profile = profileOfWords(index, { terms, rare: [] });
  if (!profile) return new Set();
  const scoreOf = createScorer(index, profile);
  const slots = Array.from({ length: within }, (_, slot) => slot);
  return new Set(slots.filter((slot) => scoreOf(slot) >= profile.threshold));
};

const overlap = (a: ReadonlySet<number>, b: ReadonlySet<number>): number =>
  [...a].filter((slot) => b.has(slot)).length / Math.max(1, new Set([...a, ...b]).size);

const printDrift = (
  what: string,
  topics: readonly string[],
  before: MeaningIndex,
  after: MeaningIndex,
): void => {
  const within = before.frozen;
  const shares = topics
    .map((text) => [members(before, text, within), members(after, text, within)] as const)
    .filter(([old]) => old.size > 0)
    .map(([old, now]) => ({
      same: overlap(old, now),
      kept: [...old].filter((slot) => now.has(slot)).length / old.size,
      changed: without(old, now) + without(now, old),
    }));
  const sorted = shares.map(({ same }) => same).sort((a, b) => a - b);
  const changed = shares.reduce((sum, share) => sum + share.changed, 0);
  const percent = (share = 0): string => `${(share * 100).toFixed(1)} %`;
  print(
    `${what}, ${shares.length} topics: ${changed} papers changed sides; ` +
      `kept ${percent(mean(shares.map(({ kept }) => kept)))}; in common (of either) ` +
      `median ${percent(sorted[Math.floor(sorted.length / 2)])}, least ${percent(sorted[0])}`,
  );
};

const without = (some: ReadonlySet<number>, others: ReadonlySet<number>): number =>
  [...some].filter((slot) => !others.has(slot)).length;

export const measureStability = (db: Db): void => {
  const texts = [...iterateTexts(db)].map(({ title, abstract }) => ({ title, abstract }));
  const first = Math.floor((texts.length * 2) / 3);
  const topics = themes.map(({ slug }) => slug.replaceAll('-', ' '));
  const before = indexOf(learn(texts.slice(0, first)));
  const fold = createFolder(before.model);
  const later = texts.slice(first).map((text, i) => ({ ...fold(text), number: first + i + 1 }));
  printDrift('a third folded in', topics, before, appendPapers(before, later, first));
  printDrift('learned anew from all', topics, before, indexOf(learn(texts)));
};
