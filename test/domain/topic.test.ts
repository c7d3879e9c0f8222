import { describe, expect, test } from 'vitest';
import { parseQuery } from '../../src/domain/query.ts';
import { builtInTopics, everything, ownQuery, ownTopic } from '../../src/domain/topic.ts';

describe('the built-in topics', () => {
  const topics = builtInTopics();

  test('each have a slug of their own, fit for an address and for a CSV', () => {
    const slugs = topics.map((topic) => topic.slug);
    expect(new Set(slugs.map((slug) => slug.toLowerCase())).size).toBe(slugs.length);
    for (const slug of slugs) expect(slug).toMatch(/^[A-Za-z0-9.-]+$/);
  });

  test('all have queries that can be read', () => {
    for (const { slug, query } of topics.filter((topic) => topic !== everything))
      expect(parseQuery(query).kind, slug).toBe('ok');
  });

  test('hold forty themes or more and all categories of arXiv', () => {
    expect(topics.filter((topic) => topic.kind === 'theme').length).toBeGreaterThan(40);
    expect(topics.filter((topic) => topic.kind === 'category').length).toBeGreaterThan(140);
    expect(topics[0]).toBe(everything);
  });
});

describe('a query of a reader’s own', () => {
  test('is a topic known by the query', () => {
    expect(ownTopic(' sleepy robots ')).toMatchObject({
      slug: 'query:sleepy robots',
      name: 'sleepy robots',
      kind: 'own',
      query: 'sleepy robots',
    });
    expect(ownQuery('query: sleepy robots')).toBe('sleepy robots');
    expect(ownQuery('cs.CL')).toBeUndefined();
  });
});
