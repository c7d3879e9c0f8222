import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { beforeEach, describe, expect, test } from 'vitest';
import { composeFeed, type FeedDeps } from '../../src/app/feeds.ts';
import { renderOpml } from '../../src/app/opml.ts';
import { planDigests } from '../../src/app/plan.ts';
import { publishDaily } from '../../src/app/publish.ts';
import { rankCorpus } from '../../src/app/ranking.ts';
import { findByToken, unsubscribe } from '../../src/app/reader.ts';
import type { Db } from '../../src/db/open.ts';
import { findById, type Subscriber } from '../../src/db/subscribers.ts';
import type { FeedFormat, FeedGrouping, FeedSubject } from '../../src/domain/feed-subject.ts';
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
    codeUrl: 'javascript:alert(1)',
  });
  await takeIn(db, [...papers, hostile], [inventSignal(hostile.id, 50)]);
});

const base = 'https://paperboy.example';
const everything: FeedSubject = { kind: 'everything' };
const deps = (over: Partial<FeedDeps> = {}): FeedDeps => {
  const ranking = rankCorpus(db, noon);
  return { db, ranking: () => ranking, baseUrl: base, ...over };
};
const feed = (
  subject: FeedSubject = everything,
  format: FeedFormat = 'rss',
  by: FeedGrouping = 'paper',
): string => {
  const document = composeFeed(deps(), subject, format, by);
  if (document.kind !== 'ok') throw new Error(document.kind);
  return document.body;
};

type JsonFeed = {
  readonly feed_url: string;
  readonly items: readonly {
    readonly id: string;
    readonly url: string;
    readonly title: string;
    readonly content_html: string;
  }[];
};
const jsonFeed = (subject: FeedSubject = everything, by: FeedGrouping = 'paper'): JsonFeed =>
  JSON.parse(feed(subject, 'json', by));

describe('a feed of what is trending', () => {
  test.each(['rss', 'atom'] as const)('as %s is well-formed, its titles escaped', (format) => {
    const body = feed(everything, format);
    expect(XMLValidator.validate(body)).toBe(true);
    const parsed = JSON.stringify(new XMLParser({ htmlEntities: true }).parse(body));
    expect(parsed).not.toContain('"script":');
    expect(parsed).toContain('"<script>alert(1)</script> & α"');
    expect(body).toContain('https://arxiv.org/abs/2603.10041');
  });

  test('holds the first thirty, the best on top', () => {
    const { items } = jsonFeed();
    expect(items).toHaveLength(30);
    expect(items[0]).toMatchObject({
      id: 'tag:paperboy.example,2026:paper:2603.10041',
      url: 'https://arxiv.org/abs/2603.10041',
    });
  });

  test('holds all that is known of a paper: authors, reason, abstract and links, no other than http', () => {
    const html = jsonFeed().items[0]?.content_html ?? '';
    expect(html).toContain('Mira Okonkwo, Jonas Feldt');
    expect(html).toMatch(/<em>[^<]*upvotes/);
    expect(html).toContain('made-up study number 41');
    expect(html).toContain('href="https://arxiv.org/pdf/2603.10041"');
    expect(html).toContain(`href="${base}/papers/2603.10041"`);
    expect(html).not.toContain('javascript:');
  });

  test('keeps the id of a paper whose title changes', async () => {
    const before = jsonFeed().items[0];
    await takeIn(db, [inventPaper(41, { title: 'Another Name', textBy: 'arxiv' })]);
    const after = jsonFeed().items.find(({ id }) => id === before?.id);
    expect(after?.title).toBe('Another Name');
  });

  test('names its own address, whatever it is about', () => {
    expect(jsonFeed().feed_url).toBe(`${base}/feed.json`);
    const topic: FeedSubject = { kind: 'topic', slug: 'cs.CL' };
    expect(jsonFeed(topic).feed_url).toBe(`${base}/topics/cs.CL/feed.json`);
    const query: FeedSubject = { kind: 'query', query: 'a & b' };
    expect(jsonFeed(query).feed_url).toBe(`${base}/papers/feed.json?q=a%20%26%20b`);
    expect(jsonFeed(query, 'day').feed_url).toBe(`${base}/papers/feed.json?q=a%20%26%20b&by=day`);
  });

  test('by day puts all papers of a day into one item', async () => {
    await takeIn(db, [inventPaper(50, { listedOn: '2026-03-19' })]);
    const { items } = jsonFeed(everything, 'day');
    expect(items.map(({ id }) => id)).toEqual([
      'tag:paperboy.example,2026:day:2026-03-20:/feed.xml',
      'tag:paperboy.example,2026:day:2026-03-19:/feed.xml',
    ]);
    expect(items[1]?.content_html.match(/<li>/g)).toHaveLength(1);
    expect(XMLValidator.validate(items[0]?.content_html ?? '')).toBe(true);
  });

  test('is the same while nothing changes, and another when something does', async () => {
    const before = feed();
    expect(feed()).toEqual(before);
    await takeIn(db, [], [inventSignal('2603.10001', 300)]);
    expect(feed()).not.toBe(before);
  });

  test('of an unknown topic is not found, and of a bad query says where', () => {
    expect(composeFeed(deps(), { kind: 'topic', slug: 'no-such' }, 'rss')).toEqual({
      kind: 'not-found',
    });
    expect(composeFeed(deps(), { kind: 'query', query: '"' }, 'rss')).toMatchObject({
      kind: 'bad-query',
      fault: { position: 0 },
    });
  });

  test('may be empty', () => {
    expect(XMLValidator.validate(feed({ kind: 'query', query: 'unheard-of' }))).toBe(true);
  });

  test('names its hub in each format, where there is one', () => {
    const hubFor = () => 'https://hub.example/?a=1&b=2';
    for (const format of ['rss', 'atom', 'json'] as const) {
      const document = composeFeed(deps({ hubFor }), everything, format);
      const body = document.kind === 'ok' ? document.body : '';
      if (format === 'json') {
        expect(JSON.parse(body).hubs).toEqual([{ type: 'WebSub', url: hubFor() }]);
      } else {
        expect(body).toMatch(
          /<(?:atom:)?link href="https:\/\/hub\.example\/\?a=1&amp;b=2" rel="hub"/,
        );
      }
    }
  });
});

describe('a feed of an author', () => {
  test('holds their papers, the newest first, trending or not', async () => {
    const [old, young] = ['2020-01-02', '2026-03-19'].map((listedOn, n) =>
      inventPaper(60 + n, { listedOn, authors: ['Ida Quist'] }),
    );
    await takeIn(
      db,
      [old, young].flatMap((paper) => paper ?? []),
    );
    const { items, feed_url } = jsonFeed({ kind: 'author', name: 'Ida Quist' });
    expect(items.map(({ url }) => url)).toEqual([
      'https://arxiv.org/abs/2603.10061',
      'https://arxiv.org/abs/2603.10060',
    ]);
    expect(feed_url).toBe(`${base}/authors/Ida%20Quist/feed.json`);
  });

  test.each(['Nobody Known', '!!!', '"', "O'Neil"])('is empty for %j', (name) => {
    expect(jsonFeed({ kind: 'author', name }).items).toEqual([]);
  });
});

describe('the feed of editions', () => {
  test('has one item a day, with what led then', () => {
    publishDaily(db, noon);
    const { items } = jsonFeed({ kind: 'editions' });
    expect(items).toMatchObject([
      {
        id: 'tag:paperboy.example,2026:edition:2026-03-20',
        url: `${base}/editions/2026-03-20`,
        title: 'Trending on 20 March 2026',
      },
    ]);
    expect(items[0]?.content_html.match(/<li>/g)).toHaveLength(10);
    expect(XMLValidator.validate(`<div>${items[0]?.content_html}</div>`)).toBe(true);
  });
});

describe('a reader’s own feed', () => {
  test('holds the papers of the digests, and ends with the subscription', () => {
    const id = addReader(db, 'mira@example.org', inventSettings({ topics: ['cs.CL'] }));
    planDigests(db, { asOf: noon, now: noon, reuseMs: 0 });
    const { key } = findById(db, id) as Subscriber;
    const tokens = { db, secret: 'a secret' };
    const findReader = (token: string) => findByToken(tokens, 'feed', token);
    const read = (token: string, by: FeedGrouping = 'paper') =>
      composeFeed(deps({ findReader }), { kind: 'reader', token }, 'json', by);
    const token = makeToken('a secret', 'feed', key);
    const document = read(token);
    expect(document.kind === 'ok' && JSON.parse(document.body)).toMatchObject({
      items: [
        {
          id: 'tag:paperboy.example,2026:paper:2603.10041',
          content_html: expect.stringMatching(/<em>[^<]*upvotes/),
        },
      ],
    });
    const daily = read(token, 'day');
    const [item] = daily.kind === 'ok' ? JSON.parse(daily.body).items : [];
    expect(JSON.stringify(item)).not.toContain(token);
    expect(read(makeToken('a secret', 'manage', key))).toEqual({ kind: 'not-found' });
    unsubscribe(tokens, makeToken('a secret', 'unsubscribe', key), noon);
    expect(read(token)).toEqual({ kind: 'not-found' });
  });
});

describe('the list of feeds', () => {
  test('is OPML with an address for every topic of the catalogue, in groups', () => {
    const opml = renderOpml(db, base);
    expect(XMLValidator.validate(opml)).toBe(true);
    const { outline: groups } = new XMLParser({
      ignoreAttributes: false,
      isArray: (name) => name === 'outline',
    }).parse(opml).opml.body;
    const addresses = groups.flatMap((group: { outline: Record<string, string>[] }) =>
      group.outline.map((outline) => outline['@_xmlUrl']),
    );
    expect(addresses).toContain(`${base}/feed.xml`);
    expect(addresses).toContain(`${base}/editions/feed.xml`);
    expect(addresses).toContain(`${base}/topics/cs.CL/feed.xml`);
  });
});
