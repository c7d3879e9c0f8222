/** The catalogue of topics with how much of the corpus each holds. */
import { type Db, statement } from '../db/open.ts';
import { listCatalogue, type StoredTopic } from '../db/topics.ts';
import { parseQuery } from '../domain/query.ts';
import { membershipOf } from './membership.ts';
import { corpusVersion } from './ranking.ts';

export type TopicRow = StoredTopic & { readonly papers: number };

export const withCount = (db: Db, topic: StoredTopic): TopicRow => {
  if (topic.query === '')
    return {
      ...topic,
      papers: statement(db, 'select count(*) from papers where hidden = 0').pluck().get() as number,
    };
  const parsed = parseQuery(topic.query);
  return { ...topic, papers: parsed.kind === 'ok' ? membershipOf(db, parsed.query).count() : 0 };
};

/** Every topic of the catalogue, counted. Takes some milliseconds a topic on a full corpus. */
export const listTopicRows = (db: Db): readonly TopicRow[] =>
  listCatalogue(db).map((topic) => withCount(db, topic));

/** What is made of the corpus, made anew only when that has changed: for pages, which ask often. */
export const oncePerCorpus = <T>(db: Db, make: () => T): (() => T) => {
  let known: { readonly version: string; readonly value: T } | undefined;
  return () => {
    const version = corpusVersion(db);
    if (known?.version !== version) known = { version, value: make() };
    return known.value;
  };
};
