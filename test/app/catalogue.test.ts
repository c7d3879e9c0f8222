import { afterEach, beforeEach, expect, it } from 'vitest';
import { listTopicRows, oncePerCorpus } from '../../src/app/catalogue.ts';
import { hideSample } from '../../src/db/papers.ts';
import { addAll, type Corpus, openCorpus, paper, upvotes } from './corpus.ts';

let corpus: Corpus;
beforeEach(async () => {
  corpus = await openCorpus();
  addAll(corpus.db, [paper('2603.00001')], []);
});
afterEach(() => corpus.close());

it('counts how many papers each topic of the catalogue holds', () => {
  const rows = new Map(listTopicRows(corpus.db).map(({ slug, papers }) => [slug, papers]));
  expect([rows.get('all'), rows.get('cs.CL'), rows.get('cs.CV')]).toEqual([1, 1, 0]);
});

it('works out once what is asked often, and again when papers or signals come or go', () => {
  let made = 0;
  const count = oncePerCorpus(corpus.db, () => {
    made += 1;
    return made;
  });
  expect([count(), count()]).toEqual([1, 1]);
  addAll(corpus.db, [paper('2603.00002')], []);
  expect([count(), count()]).toEqual([2, 2]);
  addAll(corpus.db, [], upvotes('2603.00001', [['2026-03-20T08:00:00Z', 3]]));
  expect([count(), count()]).toEqual([3, 3]);
  hideSample(corpus.db);
  expect(count()).toBe(3);
});
