/**
 * OpenAlex: how often a paper is cited, a slow signal asked for once a month a paper, by the DOI
 * arXiv gives every paper. https://developers.openalex.org
 */
import { parseArxivId } from '../domain/paper.ts';
import { countField, isJsonObject, type Json, textField } from './fields.ts';
import type { LiveContext, LiveSource } from './live-source.ts';
import { askService, checkJson, dayMs, SourceError, serviceUrls } from './live-source.ts';
import type { LiveRecord } from './source-record.ts';
import { readRow, rejected } from './source-record.ts';

export const openAlex: LiveSource = {
  // A list request costs a ten-thousandth of the free daily allowance with a key, a thousandth
  // without: https://developers.openalex.org/api-reference/authentication
  manners: { service: 'openalex', intervalMs: 200, mostADay: 100 },
  everyMs: dayMs,
  backfills: false,
  fetch: async function* (context) {
    const ids = context.work.citationsDue(papersARun);
    for (let at = 0; at < ids.length; at += papersARequest)
      yield* fetchCitations(context, ids.slice(at, at + papersARequest));
  },
};

// As many values as one filter takes.
const papersARequest = 50;
const papersARun = 20 * papersARequest;

const arxivDoi = '10.48550/arxiv.';

async function* fetchCitations(
  context: LiveContext,
  ids: readonly string[],
): AsyncGenerator<LiveRecord> {
  const { urls, openAlexKey } = context.config;
  const dois = ids.map((id) => encodeURIComponent(arxivDoi + id)).join('|');
  const key = openAlexKey === undefined ? '' : `&api_key=${encodeURIComponent(openAlexKey)}`;
  const { text, complaint } = await askService(
    context,
    serviceUrls(urls.openAlexApi, '', '/works'),
    `?filter=doi:${dois}&select=doi,cited_by_count&per-page=${papersARequest}${key}`,
    { check: checkJson('object') },
  );
  if (complaint !== undefined) throw new SourceError(complaint);
  const { results } = JSON.parse(text) as Json;
  if (!Array.isArray(results)) throw new SourceError('the answer is without the field results');
  const seen = new Set<string>();
  for (const work of results) {
    yield* readWork(work, context.now);
    const id = idOfWork(work);
    if (id !== undefined) seen.add(id);
  }
  // Not known there (yet): asked for again when the others are.
  for (const id of ids)
    if (!seen.has(id.toLowerCase()))
      yield { kind: 'note', key: `asked:${id}`, value: context.now.toISOString().slice(0, 10) };
}

const idOfWork = (work: unknown): string | undefined => {
  const doi = isJsonObject(work) && typeof work.doi === 'string' ? work.doi : '';
  return doi.toLowerCase().split(arxivDoi)[1];
};

const readWork = (work: unknown, now: Date): readonly LiveRecord[] => {
  if (!isJsonObject(work)) return [rejected(1, 'a result is no object')];
  return readRow(1, () => {
    const doi = textField(work.doi, 'doi') ?? '';
    const paperId = parseArxivId(doi.toLowerCase().split(arxivDoi)[1] ?? '');
    if (paperId === undefined) return [];
    const value = countField(work.cited_by_count, 'cited_by_count');
    return [
      {
        kind: 'signal',
        line: 1,
        signal: { paperId, source: 'openalex', kind: 'citations', observedAt: now, value },
      },
    ];
  });
};
