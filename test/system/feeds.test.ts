/** What other people's parsers say of our feeds. Needs xmllint and Python's feedparser. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Feed, FeedItem } from '../../src/feed/feed.ts';
import { renderFeed } from '../../src/feed/render.ts';
import { escapeHtml } from '../../src/lib/html.ts';

/** Titles as the door lets them in: what XML cannot hold at all is taken out before it gets here. */
const titles = [
  'A Plain Title',
  'Ampersands & <Angles> "Quoted" \'Twice\'',
  ']]> ends no section <![CDATA[ and begins none',
  '<script>alert(1)</script><!-- <?xml version="9"?>',
  '&amp; already escaped, &#0; and &nope; not an entity',
  '𝒜 CO₂ 🦜 ﷽ نماذج صغيرة 日本語 e\u0301',
  'x'.repeat(5_000),
];

const item = (title: string, index: number): FeedItem => ({
  id: `urn:paperboy:paper:2603.1${1000 + index}`,
  url: `https://arxiv.org/abs/2603.1${1000 + index}`,
  title,
  summary: title,
  html: `<p>${escapeHtml(title)}</p><p><a href="https://papers.example/?a=1&amp;b=2">More</a></p>`,
  authors: [title.slice(0, 60), 'Bo Sample'],
  categories: ['cs.CL', title.slice(0, 60)],
  date: new Date(Date.UTC(2026, 2, 20 - index)),
});

const feed = (items: readonly FeedItem[]): Feed => ({
  title: 'Paperboy: "birds" OR cat:cs.CL <&>',
  description: 'Papers trending now: "birds" OR cat:cs.CL <&>',
  pageUrl: 'https://papers.example/papers?q=%22birds%22+OR+cat%3Acs.CL&b=1',
  selfUrl: 'https://papers.example/papers/feed.xml?q=%22birds%22+OR+cat%3Acs.CL&b=1',
  updatedAt: new Date('2026-03-20T06:00:00Z'),
  items,
});

const run = (command: string, args: readonly string[], input: string) => {
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
    "entries": [{k: e.get(k) for k in ("id", "link", "title", "published")} for e in feed.entries],
}))`;

// The system's own Python first: the package Debian brings is installed for that one.
const python = ['/usr/bin/python3', 'python3'].find(
  (command) => spawnSync(command, ['-c', 'import feedparser']).status === 0,
);

describe.each(['rss', 'atom'] as const)('our %s feeds', (format) => {
  const { body } = renderFeed(feed(titles.map(item)), format);

  it.each([
    ['with hostile titles', body],
    ['without a single item', renderFeed(feed([]), format).body],
  ])('are well-formed to xmllint %s', (_, document) => {
    const { status, stderr } = run('xmllint', ['--noout', '--nonet', '-'], document);
    expect([status, stderr]).toEqual([0, '']);
  });

  it('are read by feedparser without complaint, every title as it was', () => {
    if (python === undefined) throw new Error('no Python with feedparser is installed');
    const { status, stdout, stderr } = run(python, ['-c', readFeed], body);
    expect([status, stderr]).toEqual([0, '']);
    const read = JSON.parse(stdout);
    expect(read).toMatchObject({
      bozo: 0,
      fault: '',
      version: { rss: 'rss20', atom: 'atom10' }[format],
    });
    expect(read.title).toBe('Paperboy: "birds" OR cat:cs.CL <&>');
    expect(read.entries.map((entry: { id: string }) => entry.id)).toEqual(
      titles.map((title, index) => item(title, index).id),
    );
    expect(read.entries.map((entry: { link: string }) => entry.link)).toEqual(
      titles.map((title, index) => item(title, index).url),
    );
    for (const { published } of read.entries) expect(published).toMatch(/20\d\d/);
    expect(read.entries.map((entry: { title: string }) => entry.title)).toEqual(titles);
  });
});
