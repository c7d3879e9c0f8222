/** The commands that print lists of papers and topics. */

import { listTopicRows } from '../app/catalogue.ts';
import { type Explanation, explainPaper } from '../app/explain.ts';
import { rankCorpus } from '../app/ranking.ts';
import { searchPapers, similarPapers } from '../app/search.ts';
import { listTrending, longestList, type Trending } from '../app/trending.ts';
import { findPaper } from '../db/papers.ts';
import { absUrl, arxivIdOf, type Paper, parseArxivId } from '../domain/paper.ts';
import { renderTex } from '../domain/tex.ts';
import type { ToldPart } from '../domain/trend.ts';
import {
  type Command,
  type CommandContext,
  CommandFailure,
  noPositionals,
  parseAsOf,
  parseCommand,
  parseLimit,
  printJson,
  queryFailure,
  textOption,
  UsageError,
} from './command.ts';
import { learnCorpus } from './learn-corpus.ts';

const dayMs = 86_400_000;

const usualLimit = 10;

const identified = (paper: Paper) => ({
  arxivId: arxivIdOf(paper) ?? null,
  id: paper.id,
  title: renderTex(paper.title),
  url: arxivIdOf(paper) ? absUrl(paper.id) : null,
});

const printHits = (
  context: CommandContext,
  json: boolean,
  papers: readonly { readonly rank: number; readonly paper: Paper; readonly score: number }[],
): void => {
  if (json) {
    printJson(context, {
      papers: papers.map(({ rank, paper, score }) => ({ rank, ...identified(paper), score })),
    });
    return;
  }
  for (const { rank, paper, score } of papers) context.print(paperLine(rank, paper, score));
  if (papers.length === 0) context.note('nothing found');
};

const paperLine = (rank: number, paper: Paper, score: number): string =>
  `${String(rank).padStart(4)}  ${points(score).padStart(8)}  ${renderTex(paper.title)}\n` +
  `                ${arxivIdOf(paper) ? absUrl(paper.id) : paper.id}`;

// A quiet field's papers differ in the fourth place.
const points = (score: number): string => score.toFixed(score > 0 && score < 0.1 ? 4 : 2);

export const trendingCommand: Command = {
  name: 'trending',
  usage: 'trending [--topic SLUG | --query TEXT] [--as-of T] [--limit N] [--explain [ID]] [--json]',
  summary: 'what is trending, in everything, a topic or a query, and why a paper is or is not',
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, {
      topic: { type: 'string' },
      query: { type: 'string' },
      'as-of': { type: 'string' },
      limit: { type: 'string' },
      explain: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    // `--explain ID` is a switch and a word: parseArgs knows no option whose value may be missing.
    const explained = values.explain === true ? positionals[0] : undefined;
    noPositionals(explained === undefined ? positionals : positionals.slice(1));
    const [topic, query] = [textOption(values, 'topic'), textOption(values, 'query')];
    if (topic !== undefined && query !== undefined)
      throw new UsageError('give --topic or --query, not both');
    const asOf = parseAsOf(values, context.clock);
    const limit = parseLimit(values, usualLimit, longestList);
    const db = context.openDb();
    const ranking = rankCorpus(db, asOf);
    if (explained !== undefined) {
      const id = parseArxivId(explained) ?? explained;
      printExplanation(
        context,
        checked(explainPaper(db, ranking, { topic, query }, id, limit)),
        values.json === true,
      );
      return;
    }
    const listing = checked(listTrending(db, ranking, { topic, query }, limit));
    if (listing.asOf.getTime() - listing.rankedAt.getTime() >= dayMs)
      context.note(
        `nothing newer is known than ${listing.rankedAt.toISOString()}: ranked as of then`,
      );
    if (values.json === true)
      printJson(context, {
        asOf: listing.asOf,
        rankedAt: listing.rankedAt,
        papers: listing.papers.map(({ rank, paper, score, parts }) => ({
          rank,
          ...identified(paper),
          score,
          parts,
        })),
        leftOut: listing.leftOut.map(({ paper, reason }) => ({ ...identified(paper), reason })),
      });
    else printRanked(context, listing, values.explain === true);
  },
};

type ScopeFault = Extract<Trending, { kind: 'unknown-topic' | 'bad-query' }>;

const checked = <T extends { readonly kind: string }>(outcome: T): Exclude<T, ScopeFault> => {
  const fault = outcome as unknown as ScopeFault;
  if (fault.kind === 'unknown-topic')
    throw new UsageError(`there is no topic "${fault.slug}" ("paperboy topics" lists them)`);
  if (fault.kind === 'bad-query') throw queryFailure(fault.text, fault.fault);
  return outcome as Exclude<T, ScopeFault>;
};

const printExplanation = (
  context: CommandContext,
  explanation: Exclude<Explanation, ScopeFault>,
  json: boolean,
): void => {
  if (explanation.kind === 'unknown-paper')
    throw new CommandFailure(`no paper ${explanation.id} was known at that moment`);
  const { kind, name, ranked } = explanation;
  const paper = kind === 'listed' ? explanation.ranked.paper : explanation.paper;
  const rank = kind === 'listed' ? explanation.ranked.rank : null;
  const reason = kind === 'listed' ? `it is number ${rank} in ${name}` : explanation.reason;
  const { score = 0, parts = [] } = ranked ?? {};
  if (json) {
    printJson(context, { ...identified(paper), listed: rank !== null, rank, reason, score, parts });
    return;
  }
  context.print(renderTex(paper.title));
  context.print(rank === null ? `not in ${name}: ${reason}` : reason);
  printParts(context, parts);
};

const printParts = (context: CommandContext, parts: readonly ToldPart[]): void => {
  for (const part of parts)
    context.print(`      ${points(part.points).padStart(12)}  ${part.value}`);
};

const printRanked = (
  context: CommandContext,
  { papers, leftOut }: Extract<Trending, { kind: 'ok' }>,
  explain: boolean,
): void => {
  for (const { rank, paper, score, parts } of papers) {
    context.print(paperLine(rank, paper, score));
    if (explain) printParts(context, parts);
  }
  if (explain)
    for (const { paper, reason } of leftOut)
      context.print(`left out: ${renderTex(paper.title)} (${paper.id}): ${reason}`);
  if (papers.length === 0) context.note('nothing is trending: no paper is known for that moment');
};

export const searchCommand: Command = {
  name: 'search',
  usage: 'search TEXT [--limit N] [--json]',
  summary: 'papers by relevance alone',
  run: async (context, args) => {
    const { values, positionals } = parseCommand(negationsKept(args), {
      limit: { type: 'string' },
      json: { type: 'boolean' },
    });
    const text = positionals.join(' ');
    if (text.trim() === '') throw new UsageError('say what to search for');
    await learnCorpus(context);
    const outcome = searchPapers(
      context.openDb(),
      text,
      parseLimit(values, usualLimit, longestList),
    );
    if (outcome.kind === 'bad-query') throw queryFailure(text, outcome.fault);
    printHits(context, values.json === true, outcome.papers);
    const { didYouMean, wouldMatch } = outcome.hints;
    if (didYouMean !== undefined) context.note(`did you mean: ${didYouMean}`);
    for (const { query, papers } of wouldMatch) context.note(`${query}: ${papers} papers`);
  },
};

// `search dogs -cats` excludes cats; only words with two dashes, or after them, are options.
const negationsKept = (args: readonly string[]): readonly string[] => {
  const options: string[] = [];
  const words: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (arg === '--limit') options.push(arg, args[++i] ?? '');
    else if (arg.startsWith('--') && arg !== '--') options.push(arg);
    else if (arg !== '--') words.push(arg);
  }
  return [...options, '--', ...words];
};

export const similarCommand: Command = {
  name: 'similar',
  usage: 'similar ARXIV-ID [--limit N] [--json]',
  summary: 'papers like this one',
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, {
      limit: { type: 'string' },
      json: { type: 'boolean' },
    });
    const [given, ...more] = positionals;
    if (given === undefined || more.length > 0) throw new UsageError('name one arXiv id');
    const id = parseArxivId(given) ?? given;
    const limit = parseLimit(values, usualLimit, longestList);
    const db = context.openDb();
    // Before the corpus is learned, which takes its time.
    if (!findPaper(db, id)) throw new CommandFailure(`no paper ${id} is known`);
    await learnCorpus(context);
    printHits(context, values.json === true, similarPapers(db, id, limit) ?? []);
  },
};

export const topicsCommand: Command = {
  name: 'topics',
  usage: 'topics [list] [--json]',
  summary: 'the catalogue of topics',
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, { json: { type: 'boolean' } });
    noPositionals(positionals[0] === 'list' ? positionals.slice(1) : positionals);
    const topics = listTopicRows(context.openDb());
    if (values.json === true)
      printJson(context, {
        topics: topics.map(({ slug, name, query, papers }) => ({ slug, name, query, papers })),
      });
    else
      for (const { slug, name, papers } of topics)
        context.print(`${slug.padEnd(28)} ${String(papers).padStart(6)}  ${name}`);
  },
};
