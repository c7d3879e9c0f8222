/**
 * Do topics and search find what people mean? Recall in the first hundred and average precision on
 * labelled topics against BM25 on the same index in the same run, also on topics the constants were
 * not chosen on; papers like this one; latency; learning, folding and growth.
 *
 *   node --import tsx bench/search.ts            quality, held out and not; latency; folding
 *   node --import tsx bench/search.ts --check    quality alone; fails below the targets
 *   … --similar    also papers like this one      … --learn    also learns anew
 *   … --stalls     also how long others wait meanwhile
 *   … --stability  also whether topics hold the same papers tomorrow
 *   … --grow       also at four times the corpus  DATABASE=FILE …    keeps the corpus
 */
import { foldNewPapers, isLearningDue } from '../src/app/meaning-learn.ts';
import type { Db } from '../src/db/open.ts';
import { print } from './lib.ts';
import { isDataHere, readPage, readTopicLabels, withSearchCorpus } from './search/corpus.ts';
import { measureHeldOut, type Ratios, targets } from './search/held-out.ts';
import { measure, printRatios, printRows, printTopics } from './search/quality.ts';
import { measureSimilar } from './search/similar.ts';
import { growFourfold, measureFolding, measureLatency, measureLearning } from './search/speed.ts';
import { measureStability } from './search/stability.ts';
import { measureStalls } from './search/stalls.ts';

const asksFor = (flag: string): boolean => process.argv.includes(`--${flag}`);

const reaches = ({ recall, precision }: Ratios): boolean =>
  recall >= targets.recall && precision >= targets.precision;

const run = async (db: Db): Promise<void> => {
  if (isLearningDue(db) || asksFor('learn')) measureLearning(db);
  while (foldNewPapers(db, 1_000) > 0);
  const topics = readTopicLabels(db);
  const page = await readPage(db);
  const rows = measure(db, topics);
  printRows([...rows, ...measure(db, [page])]);
  printTopics(db, topics);
  const ratios = [printRatios(rows), measureHeldOut(db, topics)];
  if (!ratios.every(reaches)) {
    print(`below the targets: recall ${targets.recall} ×, precision ${targets.precision} × BM25`);
    process.exitCode = 1;
  }
  if (asksFor('check')) return;
  if (asksFor('similar')) measureSimilar(db, topics, page);
  measureLatency(db, '56,000 papers');
  measureFolding(db);
  if (asksFor('stability')) measureStability(db);
  if (asksFor('stalls')) await measureStalls(db);
  if (!asksFor('grow')) return;
  growFourfold(db);
  measureLatency(db, '226,000 papers');
};

if (isDataHere()) await withSearchCorpus(run);
else {
  print('the development data is absent: nothing was measured (DATA=DIR says where it is)');
  if (asksFor('check')) process.exitCode = 1;
}
