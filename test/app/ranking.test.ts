import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { english } from '../../src/app/english.ts';
import { explainPaper } from '../../src/app/explain.ts';
import { rankCorpus, selectTopic } from '../../src/app/ranking.ts';
import { listTrending } from '../../src/app/trending.ts';
import { parseQuery } from '../../src/domain/query.ts';
import { sayPart } from '../../src/domain/reason.ts';
import type { Signal } from '../../src/domain/signal.ts';
import { addAll, type Corpus, openCorpus, paper, upvotes } from './corpus.ts';

const asOf = new Date('2026-03-20T09:00:00Z');
const order = (corpus: Corpus, at = asOf): readonly string[] =>
  rankCorpus(corpus.db, at).papers.map(({ id }) => id);

let corpus: Corpus;
beforeEach(async () => {
  corpus = await openCorpus();
});
afterEach(() => corpus.close());

const honest = (): void =>
  addAll(
    corpus.db,
    [paper('2603.00001'), paper('2603.00002'), paper('2603.00003')],
    [
      ...upvotes('2603.00001', [['2026-03-20T00:00:00Z', 40]]),
      ...upvotes('2603.00002', [['2026-03-20T00:00:00Z', 4]]),
    ],
  );

describe('ranking', () => {
  it('puts fast risers first and papers nobody has seen last', () => {
    honest();
    expect(order(corpus)).toEqual(['2603.00001', '2603.00002', '2603.00003']);
  });

  it('prefers a rising young paper to one with more upvotes that has had its day', () => {
    addAll(
      corpus.db,
      [paper('2603.00001', { listedOn: '2026-03-05' }), paper('2603.00002')],
      [
        ...upvotes('2603.00001', [
          ['2026-03-18T00:00:00Z', 300],
          ['2026-03-20T00:00:00Z', 301],
        ]),
        ...upvotes('2603.00002', [['2026-03-20T00:00:00Z', 30]]),
      ],
    );
    expect(order(corpus)).toEqual(['2603.00002', '2603.00001']);
  });

  it('gives every paper a score that is the sum of its parts', () => {
    honest();
    const ranking = rankCorpus(corpus.db, asOf);
    for (const byField of [false, true])
      for (const place of byField ? ranking.byField() : ranking.papers) {
        const { score, parts } = ranking.explain(place, byField);
        expect(score).toBe(place.score);
        expect(parts.reduce((sum, part) => sum + part.points, 0)).toBeCloseTo(score, 9);
        for (const part of parts) expect(sayPart(english, part)).not.toMatch(/^$|reason\.|\{/);
      }
  });

  it('recomputes a past moment byte for byte, whatever came to be known since', () => {
    honest();
    const print = (): string => {
      const ranking = rankCorpus(corpus.db, asOf);
      return JSON.stringify(
        ranking.papers.map((place) => [place.id, ranking.explain(place, false)]),
      );
    };
    const then = print();
    addAll(
      corpus.db,
      [paper('2603.09999', { listedOn: '2026-03-25' })],
      [
        ...upvotes('2603.00003', [['2026-03-22T00:00:00Z', 500]]),
        ...upvotes('2603.00002', [['2026-03-20T09:00:01Z', 900]]),
      ],
    );
    expect(print()).toBe(then);
  });
});

describe('hostile observations', () => {
  const hostile: readonly (readonly [string, readonly Signal[]])[] = [
    ['a total of a thousand million', upvotes('2603.00003', [['2026-03-20T01:00:00Z', 1e9]])],
    ['a negative total', upvotes('2603.00003', [['2026-03-20T01:00:00Z', -50]])],
    ['an observation from the future', upvotes('2603.00003', [['2026-09-01T00:00:00Z', 200]])],
    [
      'a burst of duplicates',
      upvotes(
        '2603.00002',
        Array.from({ length: 200 }, (_, i) => [
          new Date(Date.UTC(2026, 2, 20, 0, 0, i + 1)).toISOString(),
          4,
        ]),
      ),
    ],
    [
      'a burst that climbs within minutes and falls back',
      upvotes('2603.00002', [
        ['2026-03-20T00:01:00Z', 2_900],
        ['2026-03-20T00:02:00Z', 4],
      ]),
    ],
  ];

  for (const [what, signals] of hostile)
    it(`${what} does not capture the list`, () => {
      honest();
      addAll(corpus.db, [], signals);
      const ranking = rankCorpus(corpus.db, asOf);
      expect(ranking.papers.map(({ id }) => id)).toEqual([
        '2603.00001',
        '2603.00002',
        '2603.00003',
      ]);
      for (const { score } of ranking.papers) expect(Number.isFinite(score)).toBe(true);
    });

  it('a total that falls leaves the last word and no gain', () => {
    honest();
    addAll(corpus.db, [], upvotes('2603.00001', [['2026-03-20T08:00:00Z', 3]]));
    const ranking = rankCorpus(corpus.db, asOf);
    expect(ranking.papers[0]?.id).toBe('2603.00002');
    const fallen = ranking.papers.find(({ id }) => id === '2603.00001');
    expect(fallen?.upvotes).toBe(3);
    expect(fallen?.score).toBeGreaterThan(0);
  });

  it('an absurd value does not hide what was known before it', () => {
    honest();
    addAll(corpus.db, [], upvotes('2603.00001', [['2026-03-20T08:00:00Z', 1e300]]));
    expect(rankCorpus(corpus.db, asOf).papers[0]).toMatchObject({ id: '2603.00001', upvotes: 40 });
  });
});

describe('the list of a topic', () => {
  const listOf = (query: string, limit = 10) => {
    const parsed = parseQuery(query);
    if (parsed.kind !== 'ok') throw new Error('the query does not parse');
    return selectTopic(corpus.db, rankCorpus(corpus.db, asOf), parsed.query, limit);
  };

  it('measures attention by the field it falls in', () => {
    const crowd = Array.from({ length: 80 }, (_, i) => `2603.1${String(i).padStart(4, '0')}`);
    const quiet = Array.from({ length: 80 }, (_, i) => `2603.2${String(i).padStart(4, '0')}`);
    addAll(
      corpus.db,
      [
        ...crowd.map((id) => paper(id, { categories: ['cs.CL', 'math.CO'] })),
        ...quiet.map((id) => paper(id, { categories: ['math.CO'] })),
      ],
      [
        ...crowd.flatMap((id) => upvotes(id, [['2026-03-20T00:00:00Z', 12]])),
        ...upvotes('2603.20007', [['2026-03-20T00:00:00Z', 8]]),
      ],
    );
    expect(rankCorpus(corpus.db, asOf).papers[0]?.id).not.toBe('2603.20007');
    const [first] = listOf('cat:math.CO');
    expect(first?.id).toBe('2603.20007');
    expect(first?.parts.at(-1)).toMatchObject({ name: 'field' });
  });

  it('shows one of two near-identical papers and says why not the other', () => {
    const text = 'gardens of slow models tended by many patient hands under glass in winter light';
    const twin = { abstract: text, title: 'On Tending Gardens' };
    addAll(
      corpus.db,
      [paper('2603.00001', twin), paper('2603.00002', twin), paper('2603.00003')],
      [
        ...upvotes('2603.00001', [['2026-03-20T00:00:00Z', 20]]),
        ...upvotes('2603.00002', [['2026-03-20T00:00:00Z', 30]]),
      ],
    );
    const listing = listTrending(corpus.db, rankCorpus(corpus.db, asOf), {}, 10);
    if (listing.kind !== 'ok') throw new Error(listing.kind);
    expect(listing.papers.map(({ paper: { id } }) => id)).toEqual(['2603.00002', '2603.00003']);
    expect(listing.leftOut.map(({ paper: { id }, reason }) => [id, reason])).toEqual([
      ['2603.00001', 'it is nearly the same paper as 2603.00002, which ranks above it'],
    ]);
  });

  it('lets a paper go that is no longer rising', () => {
    addAll(
      corpus.db,
      [paper('2603.00001', { listedOn: '2026-03-10' }), paper('2603.00002')],
      upvotes('2603.00001', [
        ['2026-03-17T00:00:00Z', 90],
        ['2026-03-19T00:00:00Z', 90],
      ]),
    );
    expect(listOf('cat:cs.CL').map(({ id }) => id)).toEqual(['2603.00002']);
  });
});

describe('explaining a paper', () => {
  const explain = (id: string, scope = {}, limit = 1) =>
    explainPaper(corpus.db, rankCorpus(corpus.db, asOf), scope, id, limit);

  it('gives the parts of a paper that is in the list', () => {
    honest();
    expect(explain('2603.00001')).toMatchObject({ kind: 'listed', ranked: { rank: 1 } });
  });

  it('says how far below the list a paper is', () => {
    honest();
    expect(explain('2603.00002')).toMatchObject({
      kind: 'not-listed',
      reason: expect.stringMatching(/^it is number 2; number 1 has [\d.]+ points to its [\d.]+$/),
    });
  });

  it('says that a paper is too old, of another topic, or not known yet', () => {
    honest();
    addAll(
      corpus.db,
      [
        paper('2601.00001', { listedOn: '2026-01-05' }),
        paper('2603.00009', { listedOn: '2026-03-25' }),
      ],
      [],
    );
    expect(explain('2601.00001')).toMatchObject({
      reason: 'its attention began more than 30 days ago',
    });
    expect(explain('2603.00001', { topic: 'math.CO' })).toMatchObject({
      reason: expect.stringContaining('it is not in the topic'),
    });
    expect(explain('2603.00009')).toMatchObject({ kind: 'unknown-paper' });
    expect(explain('2603.77777')).toMatchObject({ kind: 'unknown-paper' });
  });
});
