import { describe, expect, it } from 'vitest';
import { createWeb } from '../../src/web/routes.ts';
import { fake } from './fakes.ts';

const web = createWeb(fake().deps);
const get = async (path: string) => {
  const response = await web.request(path);
  // biome-ignore lint/suspicious/noExplicitAny: the test looks wherever it likes into the answer
  return { status: response.status, json: (await response.json()) as any };
};

describe('the API', () => {
  it('gives the trending list with the parts of each score', async () => {
    const { json } = await get('/api/trending?topic=tides&limit=2');
    expect(json.asOf).toBe('2026-03-20T09:30:00.000Z');
    expect(json.papers).toHaveLength(2);
    expect(json.papers[0]).toMatchObject({
      rank: 1,
      arxivId: '2603.10001',
      url: 'https://arxiv.org/abs/2603.10001',
      score: 40,
      parts: [{ name: 'upvotes', points: 30 }, { name: 'just listed' }],
    });
  });

  it('previews what a topic brought this week', async () => {
    const { status, json } = await get('/api/topics/tides/preview');
    expect(status).toBe(200);
    expect(json.best[0]).toMatchObject({ rank: 1, arxivId: '2603.10001' });
    expect((await get('/api/topics/nosuch/preview')).status).toBe(404);
  });

  it('gives search results, topics, editions and a paper with its signals', async () => {
    expect((await get('/api/search?q=tides')).json.papers[0]).toMatchObject({ rank: 1, score: 1 });
    expect((await get('/api/topics')).json.topics).toHaveLength(3);
    expect((await get('/api/editions')).json.editions[0].date).toBe('2026-03-19');
    const { json } = await get('/api/editions/2026-03-19');
    expect(json.lists.map((list: { topic: string }) => list.topic)).not.toContain('own-7');
    const paper = await get('/api/papers/cs/0112017');
    expect(paper.json).toMatchObject({ arxivId: 'cs/0112017', editions: ['2026-03-19'] });
    expect((await get('/api/papers/2603.10001')).json.signals).toHaveLength(4);
    const titled = await get('/api/papers/title:a-paper-known-by-its-title');
    expect(titled.json).toMatchObject({ arxivId: null, url: null });
  });

  it.each([
    ['/api/nothing', 404, 'nothing at this address'],
    ['/api/trending?topic=nowhere', 404, 'no topic'],
    ['/api/trending?topic=own-7', 404, 'no topic'],
    ['/api/trending?limit=0', 400, 'limit is a whole number'],
    ['/api/trending?limit=ten', 400, 'limit is a whole number'],
    ['/api/trending?topic=tides&q=moss', 400, 'exclude each other'],
    ['/api/search', 400, 'q is missing'],
    ['/api/search?q=%20', 400, 'q is empty'],
    ['/api/papers/2603.99999', 404, 'no such paper'],
    ['/api/editions/tomorrow', 404, 'no such edition'],
  ])('answers %s by %d in JSON', async (path, status, words) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.json.error.message).toContain(words);
  });

  it('points at the place where a query goes wrong', async () => {
    for (const path of ['/api/search?q=moss+(fern', '/api/trending?q=moss+(fern']) {
      const { status, json } = await get(path);
      expect(status).toBe(400);
      expect(json.error).toEqual({ message: 'This parenthesis is never closed.', position: 5 });
    }
  });
});
