/** What a list is about: everything, a topic of the catalogue, or a query. */
import type { Db } from '../db/open.ts';
import { findTopic } from '../db/topics.ts';
import { parseQuery, type Query, type QueryFault } from '../domain/query.ts';
import { everything, ownQuery } from '../domain/topic.ts';

export type Scope = { readonly topic?: string | undefined; readonly query?: string | undefined };

export type ScopeOutcome =
  | { readonly kind: 'ok'; readonly query: Query | undefined; readonly name: string }
  | { readonly kind: 'unknown-topic'; readonly slug: string }
  | { readonly kind: 'bad-query'; readonly text: string; readonly fault: QueryFault };

/** Resolves a scope to the query behind it; `query` is undefined for everything. */
export const resolveScope = (db: Db, scope: Scope): ScopeOutcome => {
  const own = scope.query ?? (scope.topic === undefined ? undefined : ownQuery(scope.topic));
  if (own !== undefined) return parsed(own, own);
  const slug = scope.topic ?? everything.slug;
  if (slug === everything.slug) return { kind: 'ok', query: undefined, name: everything.name };
  const topic = findTopic(db, slug);
  return topic ? parsed(topic.query, topic.name) : { kind: 'unknown-topic', slug };
};

const parsed = (text: string, name: string): ScopeOutcome => {
  const outcome = parseQuery(text);
  return outcome.kind === 'ok'
    ? { kind: 'ok', query: outcome.query, name }
    : { kind: 'bad-query', text, fault: outcome.fault };
};
