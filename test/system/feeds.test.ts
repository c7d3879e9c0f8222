/**
 * What other people's parsers say of our feeds. Needs xmllint, Python's feedparser, newsboat and
 * jing.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { composeFeed, type FeedDeps } from '../../src/app/feeds.ts';
import { renderOpml } from '../../src/app/opml.ts';
import { planDigests } from '../../src/app/plan.ts';
import { publishDaily } from '../../src/app/publish.ts';
import { rankCorpus } from '../../src/app/ranking.ts';
import { findByToken } from '../../src/app/reader.ts';
import type { Db } from '../../src/db/open.ts';
import { findById, type Subscriber } from '../../src/db/subscribers.ts';
import {
  type FeedFormat,
  type FeedGrouping,
  type FeedSubject,
  feedFormats,
} from '../../src/domain/feed-subject.ts';
import { makeToken } from '../../src/lib/token.ts';
import { createWeb } from '../../src/web/routes.ts';
import { type RunningServer, startServer } from '../../src/web/server.ts';
import { tempDb } from '../db/temp-db.ts';
import { addReader, inventPaper, inventSettings, inventSignal, noon, takeIn } from '../invent.ts';
import { fake } from '../web/fakes.ts';

const titles = [
  'A Plain Title',
  'Ampersands & <Angles> "Quoted" \'Twice\'',
  ']]> ends no section <![CDATA[ and begins none',
  '<script>alert(1)</script><!-- <?xml version="9"?>',
  '&amp; already escaped, &#0; and &nope; not an entity',
  '𝒜 CO₂ 🦜 ﷽ نماذج صغيرة 日本語 e\u0301',
  `${'long '.repeat(999)}end`,
];

const base = 'https://papers.example';
const hub = 'https://hub.example/?a=1&b=2';
const secret = 'a secret of this test alone';

let db: Db;
let token: string;
let folder: string;
let deps: FeedDeps;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paperboy-feeds-'));
  db = tempDb();
  const papers = titles.map((title, n) =>
    inventPaper(n, {
      title,
      authors: [title.slice(0, 60), 'Bo Sample'],
      codeUrl: 'https://code.example/?a=1&b=2',
      listedOn: n < 4 ? '2026-03-20' : '2026-03-19',
    }),
  );
  await takeIn(
    db,
    papers,
    papers.map(({ id }, n) => inventSignal(id, 50 - n)),
  );
  publishDaily(db, noon);
  const reader = addReader(db, 'mira@example.org', inventSettings({ topics: ['all'] }));
  planDigests(db, { asOf: noon, now: noon, reuseMs: 0 });
  token = makeToken(secret, 'feed', (findById(db, reader) as Subscriber).key);
  const ranking = rankCorpus(db, noon);
  deps = {
    ...{ db, baseUrl: base, ranking: () => ranking, hubFor: () => hub },
    findReader: (given) => findByToken({ db, secret }, 'feed', given),
  };
});
afterEach(() => rmSync(folder, { recursive: true }));

const feed = (subject: FeedSubject, format: FeedFormat, by: FeedGrouping = 'paper'): string => {
  const document = composeFeed(deps, subject, format, by);
  if (document.kind !== 'ok') throw new Error(document.kind);
  return document.body;
};

const groupings = ['paper', 'day'] as const;
const subjects: readonly (readonly [name: string, subject: () => FeedSubject])[] = [
  ['everything', () => ({ kind: 'everything' })],
  ['a topic', () => ({ kind: 'topic', slug: 'cs.RO' })],
  ['a query', () => ({ kind: 'query', query: '"robots learn" OR <&> cat:cs.RO' })],
  ['a query nothing answers', () => ({ kind: 'query', query: 'unheard-of' })],
  ['an author', () => ({ kind: 'author', name: 'Bo Sample' })],
  ['the editions', () => ({ kind: 'editions' })],
  ['a reader', () => ({ kind: 'reader', token })],
];

/** Every feed there is, with a name for it. */
const every = (format: FeedFormat): readonly (readonly [name: string, body: string])[] =>
  subjects.flatMap(([name, subject]) =>
    groupings.map((by) => [`${name} by ${by}`, feed(subject(), format, by)] as const),
  );

const run = (command: string, args: readonly string[], input = '') => {
  const ended = spawnSync(command, args, { input, encoding: 'utf8' });
  if (ended.error) throw new Error(`${command} is needed here: ${ended.error.message}`);
  return ended;
};

const readFeed = `
import json, sys, feedparser
feed = feedparser.parse(sys.stdin.buffer.read(), sanitize_html=False)
print(json.dumps({
    "bozo": int(feed.bozo),
    "fault": str(feed.get("bozo_exception", "")),
    "version": feed.version,
    "title": feed.feed.get("title"),
    "links": [[l.get("rel"), l.get("href")] for l in feed.feed.get("links", [])],
    "entries": [{
        **{k: e.get(k) for k in ("id", "link", "title", "published", "summary")},
        "html": e.content[0].value if e.get("content") else None,
        "authors": [a.get("name") for a in e.get("authors", [])],
        "tags": [t.term for t in e.get("tags", [])],
    } for e in feed.entries],
}))`;

// The system's own Python first: the package Debian brings is installed for that one.
const python = ['/usr/bin/python3', 'python3'].find(
  (command) => spawnSync(command, ['-c', 'import feedparser']).status === 0,
);

/** What every program should make of a feed: our own JSON of it, which has no markup to get wrong. */
const expected = (subject: FeedSubject, by: FeedGrouping) => JSON.parse(feed(subject, 'json', by));

type Item = {
  readonly id: string;
  readonly url: string;
  readonly title: string;
  readonly content_html: string;
  readonly authors?: readonly { readonly name: string }[];
};

// feedparser writes this reference as the character it stands for.
const asIs = (html: string): string => html.replaceAll('&#39;', "'");

describe.each(['rss', 'atom'] as const)('our %s feeds', (format) => {
  it('are well-formed to xmllint', () => {
    for (const [name, body] of every(format)) {
      const { status, stderr } = run('xmllint', ['--noout', '--nonet', '-'], body);
      expect([name, status, stderr]).toEqual([name, 0, '']);
    }
  });

  it('are read by feedparser without complaint: every id, link, title, author and text', () => {
    if (python === undefined) throw new Error('no Python with feedparser is installed');
    for (const [name, subject] of subjects)
      for (const by of groupings) {
        const body = feed(subject(), format, by);
        const { status, stdout, stderr } = run(python, ['-c', readFeed], body);
        expect([name, status, stderr]).toEqual([name, 0, '']);
        const read = JSON.parse(stdout);
        const version = { rss: 'rss20', atom: 'atom10' }[format];
        expect(read, name).toMatchObject({ bozo: 0, fault: '', version });
        const meant = expected(subject(), by);
        expect(read.title).toBe(meant.title);
        expect(read.links).toContainEqual(['hub', hub]);
        const own = meant.feed_url.replace(/\.json/, format === 'rss' ? '.xml' : '.atom');
        expect(read.links).toContainEqual(['self', own]);
        expect(
          read.entries.map(({ id, link, title, html = '' }: Record<string, string>) => ({
            ...{ id, link, title, html: asIs(html) },
          })),
        ).toEqual(
          meant.items.map(({ id, url, title, content_html }: Item) => ({
            ...{ id, link: url, title, html: asIs(content_html) },
          })),
        );
        for (const { published } of read.entries) expect(published).toMatch(/20\d\d/);
        for (const { summary } of read.entries) expect(summary).not.toBe('');
      }
  });

  it('are parsed back by feedsmith, field for field', () => {
    for (const [name, subject] of subjects)
      for (const by of groupings) {
        const body = feed(subject(), format, by);
        const meant = expected(subject(), by);
        const names = ({ authors }: Item) => (authors ?? []).map((author) => author.name);
        const read =
          format === 'rss'
            ? (parseRssFeed(body).items ?? []).map((item) => ({
                ...{ id: item.guid?.value, url: item.link, title: item.title },
                ...{ html: item.content?.encoded, authors: item.dc?.creators ?? [] },
              }))
            : (parseAtomFeed(body).entries ?? []).map((entry) => ({
                ...{ id: entry.id, url: entry.links?.[0]?.href, title: entry.title?.value },
                html: entry.content?.value,
                authors: (entry.authors ?? []).map((author) => author.name),
              }));
        expect(read, name).toEqual(
          meant.items.map((item: Item) => ({
            ...{ id: item.id, url: item.url, title: item.title, html: item.content_html },
            authors: names(item),
          })),
        );
      }
  });
});

describe('our JSON feeds', () => {
  it('are parsed back by feedsmith, and name their version', () => {
    for (const [name, body] of every('json')) {
      const [read, raw] = [parseJsonFeed(body), JSON.parse(body)];
      expect(raw.version, name).toBe('https://jsonfeed.org/version/1.1');
      expect(read.items?.map(({ id }) => id) ?? []).toEqual(raw.items.map(({ id }: Item) => id));
    }
  });
});

describe('our Atom feeds', () => {
  it('are valid by the grammar of RFC 4287', () => {
    const files = every('atom').map(([, body], n) => {
      const file = join(folder, `${n}.atom`);
      writeFileSync(file, body);
      return file;
    });
    const { status, stdout } = run('jing', ['-c', 'test/system/atom.rnc', ...files]);
    expect([status, stdout]).toEqual([0, '']);
    const broken = join(folder, 'broken.atom');
    writeFileSync(
      broken,
      feed({ kind: 'everything' }, 'atom').replace(/<updated>[^<]*/, '<updated>soon'),
    );
    expect(run('jing', ['-c', 'test/system/atom.rnc', broken]).status).toBe(1);
  });

  it('hold text that is well-formed as XHTML too', () => {
    for (const [name, body] of every('json'))
      for (const { content_html } of JSON.parse(body).items as Item[]) {
        const { status, stderr } = run('xmllint', ['--noout', '-'], `<div>${content_html}</div>`);
        expect([name, status, stderr]).toEqual([name, 0, '']);
      }
  });
});

describe('whatever a query, an author or a title holds', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 });

  it('the feed stays well-formed', () => {
    const documents: string[] = [];
    fc.assert(
      fc.property(text, fc.constantFrom(...feedFormats), (given, format) => {
        for (const subject of [
          { kind: 'query', query: given },
          { kind: 'author', name: given },
        ] as const) {
          const document = composeFeed(deps, subject, format);
          if (document.kind !== 'ok') continue;
          if (format === 'json') JSON.parse(document.body);
          else documents.push(document.body);
        }
      }),
      { numRuns: 300 },
    );
    const files = documents.map((body, n) => {
      const file = join(folder, `any${n}.xml`);
      writeFileSync(file, body);
      return file;
    });
    expect(files.length).toBeGreaterThan(100);
    const { status, stderr } = run('xmllint', ['--noout', '--nonet', ...files]);
    expect([status, stderr]).toEqual([0, '']);
  }, 60_000);

  it('the list of feeds is well-formed', () => {
    const { status, stderr } = run('xmllint', ['--noout', '-'], renderOpml(db, base));
    expect([status, stderr]).toEqual([0, '']);
  });
});

const readByNewsboat = async (name: string, url: string): Promise<string[]> => {
  const file = (ending: string): string => join(folder, `newsboat-${name}.${ending}`);
  writeFileSync(file('urls'), `${url}\n`);
  writeFileSync(file('config'), '');
  const child = spawn(
    'newsboat',
    ['-u', file('urls'), '-c', file('db'), '-C', file('config'), '-x', 'reload'],
    { env: { ...process.env, HOME: folder }, stdio: 'ignore' },
  );
  expect(await once(child, 'exit')).toEqual([0, null]);
  const store = new Database(file('db'), { readonly: true });
  const titles = store.prepare('select title from rss_item').pluck().all() as string[];
  store.close();
  return titles;
};

describe('newsboat', () => {
  let server: RunningServer;
  beforeAll(async () => {
    const { deps: web } = fake({
      feed: (subject, format, by) => composeFeed(deps, subject, format, by),
    });
    server = await startServer(createWeb(web), { host: '127.0.0.1', port: 0 });
  });
  afterAll(() => server.close());

  it('reads every flavour fully from the running server', async () => {
    const site = `http://127.0.0.1:${server.port}`;
    const paths = ['xml', 'atom'].flatMap((ending) => [
      ...[`/feed.${ending}`, `/feed.${ending}?by=day`, `/topics/cs.CL/feed.${ending}`],
      ...[`/papers/feed.${ending}?q=robots`, `/authors/Bo%20Sample/feed.${ending}`],
      ...[`/editions/feed.${ending}`, `/feeds/${token}.${ending}`],
    ]);
    if (!existsSync('/usr/bin/newsboat')) throw new Error('newsboat is needed here');
    for (const [n, path] of paths.entries()) {
      // A cache each: it keeps an id once, whatever feeds it comes in.
      const titles = await readByNewsboat(`${n}`, site + path);
      const json = await fetch(site + path.replace(/\.(xml|atom)/, '.json'));
      const { items } = (await json.json()) as { items: Item[] };
      expect([path, titles.sort()]).toEqual([path, items.map(({ title }) => title).sort()]);
    }
  });
});
