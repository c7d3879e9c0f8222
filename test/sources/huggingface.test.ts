import { describe, expect, test } from 'vitest';
import { now, papersOf, read, rejectsOf, signalsOf } from './read.ts';

const entry = (paper: object = {}, outer: object = {}): object => ({
  paper: {
    id: '2603.00001',
    authors: [{ _id: 'x', name: 'Ann One', hidden: false }, { name: 'Bo Two' }],
    publishedAt: '2026-03-08T14:49:20.000Z',
    submittedOnDailyAt: '2026-03-10T00:00:00.000Z',
    title: 'Herding Sheep\n  at Scale',
    summary: 'Dogs herd.',
    upvotes: 50,
    githubRepo: 'https://github.com/example/herd',
    githubStars: 14,
    ai_summary: 'Dogs do it.',
    ai_keywords: ['dogs'],
    ...paper,
  },
  publishedAt: '2026-03-08T10:49:20.000Z',
  title: 'Herding Sheep at Scale',
  numComments: 4,
  ...outer,
});

describe('a Hugging Face daily_papers answer', () => {
  test('gives the paper and its counts, observed now and listed on the day featured', async () => {
    const records = await read(JSON.stringify([entry()]));
    expect(papersOf(records)).toEqual([
      {
        id: '2603.00001',
        title: 'Herding Sheep at Scale',
        abstract: 'Dogs herd.',
        authors: ['Ann One', 'Bo Two'],
        categories: [],
        publishedAt: new Date('2026-03-08T14:49:20Z'),
        featuredOn: '2026-03-10',
        codeUrl: 'https://github.com/example/herd',
        summary: { text: 'Dogs do it.', by: 'huggingface' },
        keywords: ['dogs'],
      },
    ]);
    const seen = { paperId: '2603.00001', observedAt: now, listedOn: '2026-03-10' };
    expect(signalsOf(records)).toEqual([
      { ...seen, source: 'huggingface', kind: 'upvotes', value: 50 },
      { ...seen, source: 'huggingface', kind: 'comments', value: 4 },
      { ...seen, source: 'github', kind: 'github-stars', value: 14 },
    ]);
  });

  test('of 2024, where the outer date said when the paper was featured, is read alike', async () => {
    const old = entry(
      { submittedOnDailyAt: undefined, publishedAt: '2024-05-24T17:34:15.000Z' },
      { publishedAt: '2024-05-27T03:50:58.348Z' },
    );
    expect(papersOf(await read(JSON.stringify([old])))[0]?.featuredOn).toBe('2024-05-27');
  });

  test('does not take the submission, a few hours off, for the day featured', async () => {
    const records = await read(JSON.stringify([entry({ submittedOnDailyAt: undefined })]));
    expect(papersOf(records)[0]).not.toHaveProperty('featuredOn');
  });

  test('may hold its fields at the other level', async () => {
    const drifted = entry(
      { upvotes: undefined, summary: undefined, submittedOnDailyAt: null, numComments: 9 },
      { upvotes: 3, summary: 'Outside.', submittedOnDailyAt: '2026-03-11', numComments: undefined },
    );
    const records = await read(JSON.stringify([drifted]));
    expect(papersOf(records)[0]).toMatchObject({ abstract: 'Outside.', featuredOn: '2026-03-11' });
    expect(signalsOf(records).map(({ value }) => value)).toEqual([3, 9, 14]);
  });

  test('loses a bad entry or a bad count, and nothing else', async () => {
    const list = [entry(), entry({ id: 'x' }), 7, entry({ id: '2603.00002', upvotes: -3 })];
    const records = await read(JSON.stringify(list, null, 1));
    expect(papersOf(records).map(({ id }) => id)).toEqual(['2603.00001', '2603.00002']);
    expect(rejectsOf(records)).toEqual([
      expect.stringMatching(/^line \d\d: entry 2: paper.id "x" is not an arXiv id$/),
      expect.stringMatching(/^line \d\d: entry 3: not an object with a paper$/),
      expect.stringMatching(/^line \d\d: entry 4: upvotes is negative/),
    ]);
  });

  test('cut short still gives the entries before the cut', async () => {
    const text = JSON.stringify([entry(), entry({ id: '2603.00002' }), entry()]);
    const records = await read(text.slice(0, -20));
    expect(papersOf(records)).toHaveLength(2);
    expect(rejectsOf(records)).toEqual(['line 1: the JSON list is cut short, after entry 2']);
  });

  test('nested without end is refused', async () => {
    expect(rejectsOf(await read(`[${'['.repeat(100_000)}`))[0]).toContain('nested too deeply');
  });

  test('with nothing on that day is no error', async () => {
    expect(await read('[]')).toEqual([]);
  });

  test('keeps commas, brackets and quotes inside texts where they are', async () => {
    const title = 'Sheep, "dogs" ] and \\ {wolves}, all';
    const records = await read(JSON.stringify([entry({ title }), entry()]));
    expect(papersOf(records)[0]?.title).toBe(title);
    expect(papersOf(records)).toHaveLength(2);
  });
});
