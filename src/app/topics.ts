/** Topics as forms and files name them, checked. */
import type { Db } from '../db/open.ts';
import { ensureOwnTopic, findTopic } from '../db/topics.ts';
import { parseQuery } from '../domain/query.ts';
import { mostTopics } from '../domain/subscription.ts';
import { ownQuery } from '../domain/topic.ts';

export type TopicsOutcome =
  | { readonly kind: 'ok'; readonly slugs: readonly string[] }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** Checks topics (slugs, or `query:…`) and gives them their canonical spelling, without repeats. */
export const checkTopics = (db: Db, given: readonly string[]): TopicsOutcome => {
  const problems: string[] = [];
  const slugs = new Set<string>();
  for (const topic of given) {
    const checked = checkTopic(db, topic);
    if (checked.kind === 'ok') slugs.add(checked.slug);
    else problems.push(checked.problem);
  }
  if (given.length === 0) problems.push('no topic is given');
  if (slugs.size > mostTopics) problems.push(`more than ${mostTopics} topics are given`);
  return problems.length > 0 ? { kind: 'invalid', problems } : { kind: 'ok', slugs: [...slugs] };
};

type Checked =
  | { readonly kind: 'ok'; readonly slug: string }
  | { readonly kind: 'invalid'; readonly problem: string };

const checkTopic = (db: Db, topic: string): Checked => {
  const query = ownQuery(topic);
  if (query === undefined) {
    const found = findTopic(db, topic);
    return found
      ? { kind: 'ok', slug: found.slug }
      : { kind: 'invalid', problem: `there is no topic "${topic}" ("paperboy topics" lists them)` };
  }
  const parsed = parseQuery(query);
  if (parsed.kind === 'ok') return { kind: 'ok', slug: `query:${query}` };
  const { message, position } = parsed.fault;
  return {
    kind: 'invalid',
    problem: `the query "${query}" cannot be read at character ${position + 1}: ${message}`,
  };
};

/** The numbers of topics that `checkTopics` has passed; readers' own queries are added if new. */
export const topicNumbers = (db: Db, slugs: readonly string[]): readonly number[] =>
  slugs.flatMap((slug) => {
    const query = ownQuery(slug);
    const topic = query === undefined ? findTopic(db, slug) : ensureOwnTopic(db, query);
    return topic ? [topic.id] : [];
  });
