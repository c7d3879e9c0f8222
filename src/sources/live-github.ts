/**
 * Stars of the repositories papers link to: a hundred at a time by GraphQL when there is a token,
 * else one by one by REST. https://docs.github.com/en/rest/repos/repos#get-a-repository
 */
import type { Signal } from '../domain/signal.ts';
import { HttpStatusError } from '../lib/http.ts';
import { countField, isJsonObject, type Json } from './fields.ts';
import type { LiveContext, LiveSource, Reply } from './live-source.ts';
import { checkJson, hourMs, SourceError, WaitError } from './live-source.ts';
import type { LiveRecord } from './source-record.ts';
import { readRow, rejected } from './source-record.ts';

export const github: LiveSource = {
  // 60 requests an hour without a token, 5,000 points with one; one at a time, as the page on best
  // practices asks. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
  manners: { service: 'github', intervalMs: 0, mostADay: 2_000 },
  everyMs: hourMs,
  backfills: false,
  fetch: async function* (context) {
    if (context.config.githubToken === undefined) yield* fetchOneByOne(context);
    else yield* fetchBatches(context, context.config.githubToken);
  },
};

// Below the sixty an hour, some of which someone else behind the same address may need.
const mostAnonymous = 50;
const mostWithToken = 1_000;
// GraphQL counts nodes, not fields: a hundred aliases cost one point of five thousand.
const repositoriesAQuery = 100;

type Repository = { readonly name: string; readonly paperIds: readonly string[] };

const repositoryName = (codeUrl: string): string | undefined =>
  /^https?:\/\/(?:www\.)?github\.com\/([\w.-]+\/[\w.-]+?)(?:\.git)?(?:[/?#].*)?$/i.exec(
    codeUrl,
  )?.[1];

/** Repositories whose stars are due, each with all papers that link to it. */
const repositoriesDue = (
  { work, notes, now }: LiveContext,
  most: number,
): readonly Repository[] => {
  const byName = new Map<string, { name: string; paperIds: string[] }>();
  for (const { paperId, codeUrl } of work.starsDue(most * 2)) {
    const name = repositoryName(codeUrl);
    if (name === undefined) continue;
    if ((notes.find(`gone:${name.toLowerCase()}`) ?? '') > now.toISOString()) continue;
    const known = byName.get(name.toLowerCase());
    if (known) known.paperIds.push(paperId);
    else if (byName.size < most) byName.set(name.toLowerCase(), { name, paperIds: [paperId] });
  }
  return [...byName.values()];
};

// A repository that is not there, or not for us to see, is left alone for a month.
const goneMs = 30 * 24 * hourMs;
const gone = ({ now }: LiveContext, { name }: Repository): LiveRecord => ({
  kind: 'note',
  key: `gone:${name.toLowerCase()}`,
  value: new Date(now.getTime() + goneMs).toISOString(),
});

const starsOf = (
  { now }: LiveContext,
  { name, paperIds }: Repository,
  value: unknown,
  field: string,
): readonly LiveRecord[] =>
  readRow(1, () => {
    const stars = countField(value, `${field} of ${name}`);
    return paperIds.map((paperId) => {
      const seen: Signal = {
        ...{ paperId, source: 'github', kind: 'github-stars', observedAt: now, value: stars },
      };
      return { kind: 'signal', line: 1, signal: seen };
    });
  });

async function* fetchOneByOne(context: LiveContext): AsyncGenerator<LiveRecord> {
  const base = context.config.urls.githubApi;
  for (const repository of repositoriesDue(context, mostAnonymous)) {
    try {
      const reply = await context.ask(`${base}/repos/${repository.name}`, {
        headers: { accept: 'application/vnd.github+json' },
        check: checkJson('object'),
      });
      if (reply.complaint !== undefined) throw new SourceError(reply.complaint);
      const answer = JSON.parse(reply.text) as Json;
      yield* starsOf(context, repository, answer.stargazers_count, 'stargazers_count');
      stopAtLimit(reply.headers, context.now);
    } catch (error) {
      if (!(error instanceof HttpStatusError)) throw error;
      if ([404, 410, 451].includes(error.status)) yield gone(context, repository);
      else {
        stopAtLimit(error.headers, context.now);
        yield rejected(1, `${repository.name}: ${error.message}`);
        if (error.status === 401 || error.status === 403) throw error;
      }
    }
  }
}

/** GitHub says with each answer how many requests are left, and when there will be new ones. */
const stopAtLimit = (headers: Reply['headers'], now: Date): void => {
  if (headers['x-ratelimit-remaining'] !== '0') return;
  const reset = Number(headers['x-ratelimit-reset']) * 1000;
  const until = Number.isFinite(reset) && reset > now.getTime() ? reset : now.getTime() + hourMs;
  throw new WaitError('GitHub allows no more requests for now', new Date(until));
};

async function* fetchBatches(context: LiveContext, token: string): AsyncGenerator<LiveRecord> {
  const all = repositoriesDue(context, mostWithToken);
  for (let at = 0; at < all.length; at += repositoriesAQuery)
    yield* fetchBatch(context, token, all.slice(at, at + repositoriesAQuery));
}

async function* fetchBatch(
  context: LiveContext,
  token: string,
  batch: readonly Repository[],
): AsyncGenerator<LiveRecord> {
  const fields = batch.map(({ name }, index) => {
    const [owner, repository] = name.split('/');
    return `r${index}: repository(owner: ${JSON.stringify(owner)}, name: ${JSON.stringify(repository)}) { stargazerCount }`;
  });
  const { text, headers, complaint } = await context.ask(graphqlUrl(context), {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: `query { ${fields.join(' ')} }` }),
    check: checkJson('object'),
  });
  if (complaint !== undefined) throw new SourceError(complaint);
  const data = (JSON.parse(text) as Json).data;
  // A repository that is not there is an error beside the data of all the others.
  if (!isJsonObject(data)) throw new SourceError('GitHub answers the query without the field data');
  for (const [index, repository] of batch.entries()) {
    const answer = data[`r${index}`];
    if (isJsonObject(answer))
      yield* starsOf(context, repository, answer.stargazerCount, 'stargazerCount');
    else yield gone(context, repository);
  }
  stopAtLimit(headers, context.now);
}

// GitHub Enterprise has REST under /api/v3 and GraphQL beside it.
const graphqlUrl = ({ config }: LiveContext): string =>
  `${config.urls.githubApi.replace(/\/v3$/, '')}/graphql`;
