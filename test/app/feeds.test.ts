import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { beforeEach, describe, expect, test } from 'vitest';
import { readerFeed, renderOpml, trendingFeed } from '../../src/app/feeds.ts';
import { planDigests } from '../../src/app/plan.ts';
import { rankCorpus } from '../../src/app/ranking.ts';
import { unsubscribe } from '../../src/app/reader.ts';
import type { Scope } from '../../src/app/scope.ts';
import type { Db } from '../../src/db/open.ts';
import { findById, type Subscriber } from '../../src/db/subscribers.ts';
import type { FeedFormat } from '../../src/feed/feed.ts';
import { makeToken } from '../../src/lib/token.ts';
import { tempDb } from '../db/temp-db.ts';
import { addReader, inventPaper, inventSettings, inventSignal, noon, takeIn } from '../invent.ts';

let db: Db;
beforeEach(async () => {
  db = tempDb();
  const papers = Array.from({ length: 40 }, (_, n) => inventPaper(n));
  const hostile = inventPaper(41, {
    title: '<script>alert(1)</script> & $\\alpha$',
    categories: ['cs.CL'],
  });
  await takeIn(db, [...papers, hostile], [inventSignal(hostile.id, 50)]);
});

const base = 'https://paperboy.example';
const feed = (scope: Scope = {}, format: FeedFormat = 'rss') => {
  const document = trendingFeed(db, rankCorpus(db, noon), scope, format, base);
  if (document.kind !== 'ok') throw new Error(document.kind);
  return document;
};

describe('a feed of what is trending', () => {
  test.each(['rss', 'atom'] as const)('as %s is well-formed, its titles escaped', (format) => {
    const { body } = feed({}, format);
    expect(XMLValidator.validate(body)).toBe(true);
    const parsed = JSON.stringify(new XMLParser({ htmlEntities: true }).parse(body));
    expect(parsed).not.toContain('"script":');
    expect(parsed).toContain('"<script>alert(1)</script> & α"');
    expect(body).toContain('https://arxiv.org/abs/2603.10041');
  });

  test('holds the first thirty, the best on top', () => {
    const { items } = JSON.parse(feed({}, 'json').body) as { items: { id: string; url: string }[] };
    expect(items).toHaveLength(30);
    expect(items[0]).toMatchObject({
      id: 'urn:paperboy:paper:2603.10041',
      url: 'https://arxiv.org/abs/2603.10041',
    });
  });

  test('names its own address, whatever it is about', () => {
    const selfOf = (scope: Scope): unknown =>
      (JSON.parse(feed(scope, 'json').body) as { feed_url: string }).feed_url;
    expect(selfOf({})).toBe(`${base}/feed.json`);
    expect(selfOf({ topic: 'cs.CL' })).toBe(`${base}/topics/cs.CL/feed.json`);
    expect(selfOf({ query: 'a & b' })).toBe(`${base}/papers/feed.json?q=a%20%26%20b`);
  });

  test('keeps its ETag while nothing changes, and has another when something does', async () => {
    const before = feed();
    expect(feed()).toEqual(before);
    await takeIn(db, [], [inventSignal('2603.10001', 300)]);
    expect(feed().etag).not.toBe(before.etag);
  });

  test('of an unknown topic is not found, and of a bad query says where', () => {
    const ranking = rankCorpus(db, noon);
    expect(trendingFeed(db, ranking, { topic: 'no-such' }, 'rss', base)).toEqual({
      kind: 'not-found',
    });
    expect(trendingFeed(db, ranking, { query: '"' }, 'rss', base)).toMatchObject({
      kind: 'bad-query',
      fault: { position: 0 },
    });
  });

  test('may be empty', () => {
    expect(XMLValidator.validate(feed({ query: 'unheard-of' }).body)).toBe(true);
  });
});

describe('a reader’s own feed', () => {
  test('holds the papers of the digests, and ends with the subscription', () => {
    const id = addReader(db, 'mira@example.org', inventSettings({ topics: ['cs.CL'] }));
    planDigests(db, { asOf: noon, now: noon, reuseMs: 0 });
    const { key } = findById(db, id) as Subscriber;
    const tokens = { db, secret: 'a secret' };
    const read = (token: string) => readerFeed(tokens, token, 'json', base);
    const token = makeToken('a secret', 'feed', key);
    const document = read(token);
    expect(document.kind === 'ok' && JSON.parse(document.body)).toMatchObject({
      items: [{ id: 'urn:paperboy:paper:2603.10041' }],
    });
    expect(read(makeToken('a secret', 'manage', key))).toEqual({ kind: 'not-found' });
    unsubscribe(tokens, makeToken('a secret', 'unsubscribe', key), noon);
    expect(read(token)).toEqual({ kind: 'not-found' });
  });
});

describe('the list of feeds', () => {
  test('is OPML with an address for every topic of the catalogue', () => {
    const opml = renderOpml(db, base);
    expect(XMLValidator.validate(opml)).toBe(true);
    const parsed = new XMLParser({ ignoreAttributes: false }).parse(opml);
    const addresses = parsed.opml.body.outline.map(
      (outline: Record<string, string>) => outline['@_xmlUrl'],
    );
    expect(addresses).toContain(`${base}/feed.xml`);
    expect(addresses).toContain(`${base}/topics/cs.CL/feed.xml`);
  });
});
