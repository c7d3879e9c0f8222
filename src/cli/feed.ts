import { composeFeed } from '../app/feeds.ts';
import { rankCorpus } from '../app/ranking.ts';
import { type FeedFormat, type FeedSubject, feedFormats } from '../domain/feed-subject.ts';
import {
  type Command,
  noPositionals,
  parseAsOf,
  parseCommand,
  queryFailure,
  textOption,
  UsageError,
} from './command.ts';

export const feedCommand: Command = {
  name: 'feed',
  usage: 'feed [--topic SLUG | --query TEXT] [--format rss|atom|json] [--as-of T]',
  summary: 'a feed document',
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, {
      topic: { type: 'string' },
      query: { type: 'string' },
      format: { type: 'string' },
      'as-of': { type: 'string' },
    });
    noPositionals(positionals);
    const [topic, query] = [textOption(values, 'topic'), textOption(values, 'query')];
    if (topic !== undefined && query !== undefined)
      throw new UsageError('give --topic or --query, not both');
    const asked = textOption(values, 'format') ?? 'rss';
    const format: FeedFormat | undefined = feedFormats.find((known) => known === asked);
    if (!format) throw new UsageError(`--format ${asked} is none of ${feedFormats.join(', ')}`);
    const asOf = parseAsOf(values, context.clock);
    const db = context.openDb();
    const feed = composeFeed(
      { db, ranking: () => rankCorpus(db, asOf), baseUrl: context.config.baseUrl },
      subjectOf(topic, query),
      format,
    );
    if (feed.kind === 'not-found')
      throw new UsageError(`there is no topic "${topic}" ("paperboy topics" lists them)`);
    if (feed.kind === 'bad-query') throw queryFailure(feed.text, feed.fault);
    context.print(feed.body);
  },
};

const subjectOf = (topic: string | undefined, query: string | undefined): FeedSubject => {
  if (query !== undefined) return { kind: 'query', query };
  return topic === undefined ? { kind: 'everything' } : { kind: 'topic', slug: topic };
};
