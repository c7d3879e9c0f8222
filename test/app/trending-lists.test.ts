import { beforeEach, describe, expect, test } from 'vitest';
import { createRankings, rankCorpus, selectTopic } from '../../src/app/ranking.ts';
import { searchPapers, similarPapers } from '../../src/app/search.ts';
import { listTrending } from '../../src/app/trending.ts';
import type { Db } from '../../src/db/open.ts';
import { tempDb } from '../db/temp-db.ts';
import { dayMs, hourMs, inventPaper, inventSignal, later, noon, takeIn } from '../invent.ts';

let db: Db;
beforeEach(async () => {
  db = tempDb();
  const papers = Array.from({ length: 12 }, (_, n) =>
    inventPaper(n, {
      listedOn: n % 2 ? '2026-03-20' : '2026-03-19',
      categories: [n % 3 ? 'cs.LG' : 'cs.CL'],
    }),
  );
  const signals = papers.slice(2).map((paper, n) => inventSignal(paper.id, 3 * n));
  await takeIn(db, papers, signals);
});

const idOf = (n: number): string => inventPaper(n).id;
const listed = (asOf = noon, scope = {}) => listTrending(db, rankCorpus(db, asOf), scope, 100);
const idsOf = (outcome: ReturnType<typeof listed>): readonly string[] =>
  outcome.kind === 'ok' ? outcome.papers.map(({ paper }) => paper.id) : [];

describe('a list of what is trending', () => {
  test('is best first, and each score the sum of its parts', () => {
    const outcome = listed();
    if (outcome.kind !== 'ok') throw new Error(outcome.kind);
    const scores = outcome.papers.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    for (const { score, parts } of outcome.papers)
      expect(parts.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(score, 5);
    expect(outcome.papers.map(({ rank }) => rank)).toEqual(scores.map((_, n) => n + 1));
  });

  test('of a past moment stays the same, byte for byte, after more was learned', async () => {
    const before = JSON.stringify(listed());
    await takeIn(
      db,
      [inventPaper(50, { listedOn: '2026-03-21' }), inventPaper(51, { listedOn: '2026-03-25' })],
      [
        inventSignal(idOf(1), 400, { observedAt: later(noon, 1) }),
        inventSignal(idOf(50), 900, { observedAt: later(noon, dayMs) }),
        inventSignal('2603.19999', 900, { observedAt: later(noon, -hourMs) }),
      ],
      { now: later(noon, 6 * dayMs) },
    );
    expect(JSON.stringify(listed())).toBe(before);
    expect(JSON.stringify(listed(later(noon, dayMs)))).not.toBe(before);
  });

  test('cannot be captured by absurd, repeated or falling totals', async () => {
    const honest = idsOf(listed())[0];
    const victim = idOf(0);
    await takeIn(
      db,
      [],
      [
        inventSignal(victim, 1e9, { source: 'loud' }),
        inventSignal(victim, 1e9, { source: 'loud', kind: 'comments' }),
        inventSignal(victim, 1e9, { source: 'loud', kind: 'points' }),
        inventSignal(victim, 1e9, { source: 'loud', kind: 'github-stars' }),
        inventSignal(victim, 20, { source: 'falling', observedAt: later(noon, -5 * hourMs) }),
        inventSignal(victim, 1, { source: 'falling', observedAt: later(noon, -hourMs) }),
        ...Array.from({ length: 50 }, (_, n) => inventSignal(victim, 1, { source: `copy ${n}` })),
      ],
    );
    const list = idsOf(listed());
    expect(list[0]).toBe(honest);
    expect(list.indexOf(victim)).toBeGreaterThan(2);
  });

  test('breaks a tie by youth, then by id, never by the order of import', async () => {
    const tied = [inventPaper(72), inventPaper(71), inventPaper(70, { listedOn: '2026-03-19' })];
    db = tempDb();
    await takeIn(db, tied);
    expect(idsOf(listed(new Date('2026-03-20T00:00:00Z'))).slice(0, 2)).toEqual([
      idOf(71),
      idOf(72),
    ]);
  });

  test('of a topic or query holds its members only', () => {
    const inLanguage = idsOf(listed(noon, { topic: 'cs.CL' }));
    expect([...inLanguage].sort()).toEqual([0, 3, 6, 9].map(idOf));
    expect(idsOf(listed(noon, { query: 'cat:cs.CL' }))).toEqual(inLanguage);
    expect(idsOf(listed(noon, { topic: 'query:cat:cs.CL' }))).toEqual(inLanguage);
    expect(listed(noon, { topic: 'no-such' })).toEqual({ kind: 'unknown-topic', slug: 'no-such' });
    expect(listed(noon, { query: 'a )' })).toMatchObject({
      kind: 'bad-query',
      fault: { position: 2 },
    });
  });

  test('is of the last moment anything was known, when the sources fell silent', () => {
    const silent = rankCorpus(db, later(noon, 10 * dayMs));
    expect(silent.rankedAt).toEqual(new Date('2026-03-20T11:00:00Z'));
    expect(silent.papers.map(({ id }) => id)).toEqual(
      rankCorpus(db, silent.rankedAt).papers.map(({ id }) => id),
    );
  });

  test('is as long as asked for', () => {
    const ranking = rankCorpus(db, noon);
    expect(selectTopic(db, ranking, undefined, 3).map(({ id }) => id)).toEqual(
      ranking.papers.slice(0, 3).map(({ id }) => id),
    );
  });
});

describe('rankings for pages', () => {
  test('are kept until the minute or the corpus changes', async () => {
    const rankings = createRankings(db);
    const first = rankings(noon);
    expect(rankings(later(noon, 59_999))).toBe(first);
    expect(rankings(later(noon, 60_000))).not.toBe(first);
    const second = rankings(noon);
    await takeIn(db, [], [inventSignal(idOf(1), 4, { kind: 'comments' })]);
    expect(rankings(noon)).not.toBe(second);
  });
});

describe('search', () => {
  test('answers by relevance, or says where the query cannot be read', () => {
    const outcome = searchPapers(db, 'lanterns', 5);
    expect(outcome).toMatchObject({ kind: 'ok', papers: [{ rank: 1 }, { rank: 2 }] });
    expect(searchPapers(db, 'x "', 5)).toMatchObject({ kind: 'bad-query', fault: { position: 2 } });
  });

  test('finds papers like one, never that one itself', () => {
    const like = similarPapers(db, idOf(0), 4);
    expect(like).toHaveLength(4);
    expect(like?.map(({ paper }) => paper.id)).not.toContain(idOf(0));
    expect(like?.[0]?.paper.title).toMatch(/Lanterns|Counting/);
    expect(similarPapers(db, '2603.99999', 4)).toBeUndefined();
  });
});
