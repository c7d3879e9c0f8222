/** A source's context over a local server that stands for every service. */
import { fetchAnswer } from '../../src/lib/http.ts';
import type { LiveConfig, LiveContext } from '../../src/sources/live-source.ts';
import { now } from './read.ts';

export const serviceUrlsAt = (base: string): LiveConfig['urls'] => ({
  hfApi: `${base}/api`,
  arxivApi: `${base}/api/query`,
  arxivRss: `${base}/atom`,
  arxivOai: `${base}/oai`,
  githubApi: base,
  hnApi: `${base}/api/v1`,
  openAlexApi: base,
});

/** Asks once, without patience and without memory, and takes what comes. */
export const liveContext = (
  base: string,
  config: Partial<LiveConfig> = {},
  more: Partial<LiveContext> = {},
): LiveContext => ({
  now,
  config: { urls: serviceUrlsAt(base), categories: ['cs.CL'], ...config },
  signal: new AbortController().signal,
  notes: { find: () => undefined },
  work: { missingPapers: () => [], starsDue: () => [], citationsDue: () => [] },
  ask: async (url, { check, ...options } = {}) => {
    const limits = { timeoutMs: 10_000, maxBytes: 1_000_000, userAgent: 'paperboy test' };
    const { text, headers } = await fetchAnswer(url, { ...limits, ...options });
    const complaint = check?.(text);
    return { text, headers, ...(complaint !== undefined && { complaint }) };
  },
  ...more,
});
