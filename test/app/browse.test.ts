import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Browsed, browsePapers } from '../../src/app/browse.ts';
import { rankCorpus } from '../../src/app/ranking.ts';
import { addAll, type Corpus, openCorpus, paper, upvotes } from './corpus.ts';

const at = new Date('2026-03-20T18:00:00Z');

describe('looking through the corpus', () => {
  let corpus: Corpus;
  beforeEach(async () => {
    corpus = await openCorpus();
    addAll(
      corpus.db,
      [
        paper('2603.00001', { title: 'Moss on the wall', listedOn: '2026-03-17' }),
        paper('2603.00002', { title: 'Moss in the pond', listedOn: '2026-03-19' }),
        paper('2603.00003', { title: 'Moss', listedOn: '2026-03-18', categories: ['q-bio.PE'] }),
        paper('2603.00004', { title: 'Ferns', listedOn: '2026-03-18', authors: ['Bo Sample'] }),
      ],
      upvotes('2603.00001', [
        ['2026-03-18T08:00:00Z', 10],
        ['2026-03-20T08:00:00Z', 40],
      ]),
    );
  });
  afterEach(() => corpus.close());

  const browse = (over: Partial<Browsed>) => {
    const asked = { text: '', order: 'newest' as const, offset: 0, limit: 20, ...over };
    const outcome = browsePapers(corpus.db, rankCorpus(corpus.db, at), asked);
    if (outcome.kind !== 'ok') throw new Error(outcome.fault.message);
    return { ...outcome, ids: outcome.papers.map((found) => found.paper.id) };
  };

  it('gives the newest first, of everything or of a query', () => {
    expect(browse({}).ids).toEqual(['2603.00002', '2603.00004', '2603.00003', '2603.00001']);
    expect(browse({ text: 'moss' }).ids).toEqual(['2603.00002', '2603.00003', '2603.00001']);
  });

  it('keeps to a category and to a span of days, both ends included', () => {
    expect(browse({ text: 'moss', category: 'q-bio.PE' }).ids).toEqual(['2603.00003']);
    const span = { from: '2026-03-17', to: '2026-03-18' };
    expect(browse({ text: 'moss', ...span }).ids).toEqual(['2603.00003', '2603.00001']);
    const relevant = browse({ text: 'moss', order: 'relevance', ...span }).ids;
    expect(relevant.toSorted()).toEqual(['2603.00001', '2603.00003']);
    expect(browse({ text: 'moss', order: 'trending', from: '2026-03-18' }).ids).not.toContain(
      '2603.00001',
    );
  });

  it('puts what trends first when asked to, with the reasons', () => {
    const { papers, ids } = browse({ text: 'moss', order: 'trending' });
    expect(ids[0]).toBe('2603.00001');
    expect(papers[0]?.parts?.some(({ value }) => value.startsWith('40 upvotes'))).toBe(true);
  });

  it('pages through, counting all', () => {
    const first = browse({ text: 'moss', limit: 2 });
    const second = browse({ text: 'moss', limit: 2, offset: 2 });
    expect([...first.ids, ...second.ids]).toEqual(browse({ text: 'moss' }).ids);
    expect([first.total, second.total]).toEqual([3, 3]);
  });

  it('finds an author by the whole name, OR and all', () => {
    expect(browse({ text: 'author:"Bo Sample"' }).ids).toEqual(['2603.00004']);
    expect(browse({ text: 'ferns OR pond', category: 'cs.CL' }).ids).toEqual([
      '2603.00002',
      '2603.00004',
    ]);
  });

  it('says where a query goes wrong', () => {
    const asked = { text: 'moss (', order: 'newest' as const, offset: 0, limit: 20 };
    const outcome = browsePapers(corpus.db, rankCorpus(corpus.db, at), asked);
    expect(outcome).toMatchObject({ kind: 'bad-query', fault: { position: 6 } });
  });
});
