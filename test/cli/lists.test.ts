import { join } from 'node:path';
import Database from 'better-sqlite3';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toJsonl, tuesday, wednesday } from '../invented-days.ts';
import { documentOf, makePlace, type Place, reasonOf } from './paperboy.ts';

type Listed = { readonly rank: number; readonly arxivId: string; readonly title: string };
type List = { readonly papers: readonly (Listed & { readonly score: number })[] };
type Part = { readonly name: string; readonly value: string; readonly points: number };

describe('the commands that read', { timeout: 90_000 }, () => {
  let place: Place;
  beforeAll(async () => {
    place = makePlace();
    const input = toJsonl([...tuesday, ...wednesday]);
    documentOf(await place.run(['import', '--json', '-'], { input }));
  });
  afterAll(() => place.remove());

  const asOf = ['--as-of', '2026-03-18T18:00:00Z'];
  const json = async (...args: string[]): Promise<unknown> =>
    documentOf(await place.run([...args, '--json']));

  it('trending ranks a topic, and a score is the sum of its parts', async () => {
    const list = (await json('trending', '--topic', 'cs.RO', ...asOf)) as List & {
      readonly asOf: string;
      readonly papers: readonly { readonly parts: readonly Part[] }[];
    };
    expect(list.asOf).toBe('2026-03-18T18:00:00.000Z');
    expect(list.papers.map(({ rank }) => rank)).toEqual([1, 2, 3]);
    expect(list.papers.map(({ title }) => title)).toContain('Walking Upstairs in the Dark');
    for (const { score, parts } of list.papers) {
      expect(parts.reduce((sum, part) => sum + part.points, 0)).toBeCloseTo(score, 5);
      for (const part of parts) expect(part.value).not.toBe('');
    }
  });

  it('--as-of knows nothing of the days after', async () => {
    const args = ['trending', '--query', 'cat:cs', '--as-of', '2026-03-17T04:00:00Z'];
    const list = (await json(...args)) as List;
    expect(list.papers.map(({ arxivId }) => arxivId).sort()).toEqual(tuesday.map(({ id }) => id));
    // Only the first observation had been made by then.
    expect(JSON.stringify(list)).toContain('30 upvotes');
    expect(JSON.stringify(list)).not.toContain('90 upvotes');
  });

  it('--explain says why, in words, with the address of every paper', async () => {
    const { code, stdout, stderr } = await place.run([
      'trending',
      '--explain',
      '--limit',
      '2',
      ...asOf,
    ]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.match(/https:\/\/arxiv\.org\/abs\//g)).toHaveLength(2);
    expect(stdout).toMatch(/\d+ upvotes so far/);
  });

  it('search finds by words, phrases and fields, and a leading minus excludes', async () => {
    const found = (await json('search', 'mechanical', 'hands', '--limit', '5000')) as List;
    expect(found.papers.map(({ rank, arxivId }) => [rank, arxivId])).toEqual([[1, '2603.10007']]);
    expect(found.papers[0]).toEqual(
      expect.objectContaining({
        title: 'Gloves for Mechanical Hands',
        score: expect.any(Number),
      }),
    );
    const without = (await json('search', 'cat:cs.RO', '-gloves')) as List;
    expect(without.papers.map(({ arxivId }) => arxivId).sort()).toEqual([
      '2603.10006',
      '2603.10103',
    ]);
  });

  it('similar gives papers like one, without it', async () => {
    const like = (await json('similar', 'arXiv:2603.10007v2', '--limit', '3')) as List;
    expect(like.papers.map(({ rank }) => rank)).toEqual(like.papers.map((_, index) => index + 1));
    expect(like.papers.map(({ arxivId }) => arxivId)).not.toContain('2603.10007');
  });

  it('topics lists the catalogue with how many papers each holds', async () => {
    const { topics } = (await json('topics', 'list')) as {
      readonly topics: readonly { readonly slug: string; readonly papers: number }[];
    };
    expect(topics.find(({ slug }) => slug === 'cs.RO')).toEqual({
      slug: 'cs.RO',
      name: expect.stringContaining('Robotics'),
      query: 'cat:cs.RO',
      papers: 3,
    });
    expect(topics.find(({ slug }) => slug === 'all')).toMatchObject({ papers: 10 });
    expect(topics.length).toBeGreaterThan(190);
  });

  it('feed prints the same papers in every format', async () => {
    const print = async (format: string) => {
      const args = ['feed', '--topic', 'cs.RO', '--format', format, ...asOf];
      const { code, stdout, stderr } = await place.run(args);
      expect([code, stderr]).toEqual([0, '']);
      return stdout;
    };
    const rss = parseRssFeed(await print('rss')).items?.map(({ title }) => title);
    const atom = parseAtomFeed(await print('atom')).entries?.map(({ title }) => title?.value);
    const text = parseJsonFeed(await print('json')).items?.map(({ title }) => title);
    expect([...(rss ?? [])].sort()).toEqual([
      'A Robot That Waters Ferns',
      'Gloves for Mechanical Hands',
      'Walking Upstairs in the Dark',
    ]);
    expect([atom, text]).toEqual([rss, rss]);
  });

  it('wrong usage and failure are told apart, and neither prints anything but its reason', async () => {
    const topic = await place.run(['trending', '--topic', 'no-such-topic', '--json']);
    expect([topic.code, topic.stdout]).toEqual([2, '']);
    expect(reasonOf(topic)).toContain('paperboy trending: there is no topic "no-such-topic"');
    const paper = await place.run(['similar', '2603.99999', '--json']);
    expect([paper.code, paper.stdout]).toEqual([1, '']);
    expect(paper.stderr).toBe('paperboy similar: no paper 2603.99999 is known\n');
  });

  it('similar learns nothing for a paper nobody knows', async () => {
    const fresh = makePlace();
    try {
      await fresh.run(['import', 'src/sample/recent-papers.jsonl']);
      const models = (): unknown => {
        const db = new Database(join(fresh.folder, 'data', 'paperboy.db'), { readonly: true });
        const count = db.prepare('select count(*) from meaning_models').pluck().get();
        db.close();
        return count;
      };
      const before = models();
      expect((await fresh.run(['similar', 'foo'])).code).toBe(1);
      expect(models()).toBe(before);
      expect((await fresh.run(['similar', '2603.25716'])).code).toBe(0);
      expect([before, models()]).toEqual([0, 1]);
    } finally {
      fresh.remove();
    }
  });
});
