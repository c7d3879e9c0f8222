/**
 * A topic is a named query over the corpus. Built in are arXiv's categories and a catalogue of
 * research themes; a reader's own query is a topic too, known by the query itself.
 */
import { themes } from './catalogue.ts';
import { categories } from './taxonomy.ts';

export type TopicKind = 'category' | 'theme' | 'own';

export type Topic = {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly group: string;
  readonly kind: TopicKind;
  readonly query: string;
};

const ownPrefix = 'query:';

/** The query inside `query:…`, or `undefined` when the text names a catalogue topic. */
export const ownQuery = (topic: string): string | undefined =>
  topic.startsWith(ownPrefix)
    ? // A semicolon is a space to the query language, and parts topics in a CSV.
      topic
        .slice(ownPrefix.length)
        .replace(/[;\s]+/g, ' ')
        .trim()
    : undefined;

export const ownTopicSlug = (query: string): string => `${ownPrefix}${query.trim()}`;

/** A reader's own query as a topic; its slug is `query:` and the query, so equal queries are one. */
export const ownTopic = (query: string): Topic => ({
  slug: ownTopicSlug(query),
  name: query.trim(),
  description: 'A query of a reader’s own',
  group: 'Own queries',
  kind: 'own',
  query: query.trim(),
});

/** The topic of those who want to miss nothing. Its query is empty: every paper is in it. */
export const everything: Topic = {
  slug: 'all',
  name: 'All papers',
  description: 'The most noticed papers of all fields',
  group: 'Everything',
  kind: 'theme',
  query: '',
};

/** Every built-in topic: everything first, then the themes, then arXiv's categories. */
export const builtInTopics = (): readonly Topic[] => [
  everything,
  ...themes.map((theme): Topic => ({ ...theme, kind: 'theme' })),
  ...categories.map(
    ({ code, name, group }): Topic => ({
      slug: code,
      name: `${name} (${code})`,
      description: `Everything arXiv lists under ${code}`,
      group,
      kind: 'category',
      query: `cat:${code}`,
    }),
  ),
];
