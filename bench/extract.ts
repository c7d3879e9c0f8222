/**
 * Does the extract say what the paper is about? The measure: the words it shares (unigram F1, and
 * the share of the reference's words it holds) with the summary Hugging Face gives of the same
 * paper, in the recorded answers. The references: as many first sentences, and the best that any
 * two or three sentences could do.
 *
 *   node --import tsx bench/extract.ts [--show N]
 */
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { extractOf } from '../src/domain/extract.ts';
import type { Paper } from '../src/domain/paper.ts';
import { sentences } from '../src/domain/sentences.ts';
import { renderTex } from '../src/domain/tex.ts';
import { readRecords } from '../src/sources/records.ts';
import { print } from './lib.ts';

const folder = '../shared/data/recorded/hf-daily-papers';
const most = 540;

const papersIn = async (): Promise<readonly Paper[]> => {
  const papers: Paper[] = [];
  for (const name of readdirSync(folder)) {
    const input = createReadStream(join(folder, name));
    const options = { now: new Date('2026-04-01'), onBytes: () => undefined };
    for await (const record of readRecords(input, options))
      if (record.kind === 'paper' && record.paper.abstract !== '') papers.push(record.paper);
  }
  return papers;
};

const bag = (text: string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
    if (word.length > 2) counts.set(word.slice(0, 6), (counts.get(word.slice(0, 6)) ?? 0) + 1);
  return counts;
};

const sizeOf = (words: ReadonlyMap<string, number>): number =>
  [...words.values()].reduce((sum, count) => sum + count, 0);

/** Unigram recall and F1 of a text against a reference. */
const overlap = (text: string, reference: string) => {
  const [a, b] = [bag(text), bag(reference)];
  const shared = [...a].reduce((sum, [word, count]) => sum + Math.min(count, b.get(word) ?? 0), 0);
  return { recall: shared / sizeOf(b), f1: (2 * shared) / (sizeOf(a) + sizeOf(b)) };
};

const lead = (text: string, count: number): string => sentences(text).slice(0, count).join(' ');

const leadThatFits = (text: string): string => {
  let lead = '';
  for (const sentence of sentences(text)) {
    if (lead.length + sentence.length + 1 > most) break;
    lead = `${lead} ${sentence}`.trim();
  }
  return lead;
};

/** The best any two or three sentences that fit could do. */
const bestPossible = (text: string, reference: string): string => {
  const all = sentences(text);
  let best = { text: '', f1: -1 };
  for (let a = 0; a < all.length; a += 1)
    for (let b = a + 1; b < all.length; b += 1)
      for (let c = b; c < all.length; c += 1) {
        const tried = [...new Set([a, b, c])].map((index) => all[index]).join(' ');
        if (tried.length > most) continue;
        const { f1 } = overlap(tried, reference);
        if (f1 > best.f1) best = { text: tried, f1 };
      }
  return best.text;
};

if (!existsSync(folder)) print('../shared/data is absent: nothing to measure on');
else {
  const papers = await papersIn();
  const withSummary = papers.filter((paper) => paper.summary);
  const ways: readonly (readonly [string, (paper: Paper) => string])[] = [
    ['first two sentences', (paper) => lead(renderTex(paper.abstract), 2)],
    ['first three sentences', (paper) => lead(renderTex(paper.abstract), 3)],
    [
      `first sentences within ${most} characters`,
      (paper) => leadThatFits(renderTex(paper.abstract)),
    ],
    ['the extract', (paper) => extractOf(renderTex(paper.abstract), renderTex(paper.title), most)],
    ['the best there is', (p) => bestPossible(renderTex(p.abstract), p.summary?.text ?? '')],
  ];
  print(`${withSummary.length} papers with a summary of their source`);
  const means = ways.map(([name, way]) => {
    const scores = withSummary.map((paper) => {
      const text = way(paper);
      return { ...overlap(text, renderTex(paper.summary?.text ?? '')), length: text.length };
    });
    const mean = (key: 'recall' | 'f1' | 'length'): number =>
      scores.reduce((sum, score) => sum + score[key], 0) / scores.length;
    print(
      `${name.padEnd(40)} F1 ${mean('f1').toFixed(3)}   recall ${mean('recall').toFixed(3)}   ${mean('length').toFixed(0)} characters`,
    );
    return mean('f1');
  });
  print(`the extract ÷ first two sentences: ${((means[3] ?? 0) / (means[0] ?? 1)).toFixed(2)}`);
  print(`the extract ÷ the best there is: ${((means[3] ?? 0) / (means[4] ?? 1)).toFixed(2)}`);
  const shown = Number(process.argv[process.argv.indexOf('--show') + 1] || 0);
  for (const paper of papers.slice(0, process.argv.includes('--show') ? shown : 0))
    print(
      `\n## ${renderTex(paper.title)}\n${extractOf(renderTex(paper.abstract), renderTex(paper.title), most)}`,
    );
}
