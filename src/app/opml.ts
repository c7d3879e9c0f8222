import type { Db } from '../db/open.ts';
import { listCatalogue, type StoredTopic } from '../db/topics.ts';
import { type FeedSubject, feedPage, feedPath } from '../domain/feed-subject.ts';
import { everything } from '../domain/topic.ts';
import { groupBy } from '../lib/group.ts';
import { escapeHtml } from '../lib/html.ts';

/** Every feed of the catalogue as OPML 2.0, in its groups, for a feed reader to take in at once. */
export const renderOpml = (db: Db, baseUrl: string): string => {
  const groups = [...groupBy(listCatalogue(db), ({ group }) => group)];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<opml version="2.0">',
    '  <head><title>Paperboy</title></head>',
    '  <body>',
    ...groups.flatMap(([group, topics]) => [
      `    <outline text="${escapeHtml(group)}">`,
      ...topics.map((topic) => outline(topic.name, subjectOf(topic), baseUrl)),
      ...(topics.some(isEverything) ? [outline('Editions', { kind: 'editions' }, baseUrl)] : []),
      '    </outline>',
    ]),
    '  </body>',
    '</opml>',
    '',
  ].join('\n');
};

const isEverything = ({ slug }: StoredTopic): boolean => slug === everything.slug;

const subjectOf = (topic: StoredTopic): FeedSubject =>
  isEverything(topic) ? { kind: 'everything' } : { kind: 'topic', slug: topic.slug };

const outline = (name: string, subject: FeedSubject, baseUrl: string): string => {
  const [xml, html] = [feedPath(subject, 'rss'), feedPage(subject)].map((path) =>
    escapeHtml(baseUrl + path),
  );
  const text = escapeHtml(name);
  return `      <outline type="rss" text="${text}" title="${text}" xmlUrl="${xml}" htmlUrl="${html}"/>`;
};
