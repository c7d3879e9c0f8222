import { afterEach, beforeEach, expect, it } from 'vitest';
import { viewPeriod } from '../../src/app/period-view.ts';
import { type EditionEntry, insertEdition } from '../../src/db/editions.ts';
import { findPaper } from '../../src/db/papers.ts';
import { findTopic } from '../../src/db/topics.ts';
import { parsePeriod } from '../../src/domain/period.ts';
import { addAll, type Corpus, openCorpus, paper } from './corpus.ts';

let corpus: Corpus;
beforeEach(async () => {
  corpus = await openCorpus();
  addAll(
    corpus.db,
    ['2603.00001', '2603.00002', '2603.00003'].map((id) => paper(id)),
    [],
  );
});
afterEach(() => corpus.close());

const publish = (at: string, ids: readonly string[]): void => {
  const { db } = corpus;
  const entries = ids.map(
    (id): EditionEntry => ({ paper: findPaper(db, id)?.number ?? 0, score: 1, parts: [] }),
  );
  const when = new Date(at);
  const edition = { kind: 'day' as const, asOf: when, rankedAt: when, publishedAt: when };
  insertEdition(db, { ...edition, papersRead: 0 }, [
    { topicId: findTopic(db, 'all')?.id ?? 0, entries },
  ]);
};

const view = (name: string) => {
  const period = parsePeriod(name);
  const seen = period && viewPeriod(corpus.db, period);
  return (
    seen && { ...seen, papers: seen.papers.map((each) => [each.paper.id, each.days, each.best]) }
  );
};

it('adds up the front pages of a week and of a month, each day by its last edition', () => {
  publish('2026-03-16T06:00:00Z', ['2603.00003']);
  publish('2026-03-16T20:00:00Z', ['2603.00001', '2603.00002']);
  publish('2026-03-22T23:59:59Z', ['2603.00002', '2603.00001']);
  publish('2026-03-23T00:00:00Z', ['2603.00002']);
  expect(view('2026-W12')).toEqual({
    days: ['2026-03-16', '2026-03-22'],
    papers: [
      ['2603.00001', 2, 1],
      ['2603.00002', 2, 1],
    ],
  });
  expect(view('2026-03')?.papers).toEqual([
    ['2603.00002', 3, 1],
    ['2603.00001', 2, 1],
  ]);
});

it('is nothing where no edition was published', () => {
  expect(view('2026-W12')).toBeUndefined();
});
