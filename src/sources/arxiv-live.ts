/** arXiv's announcement feed: what was announced last, all followed categories in one request. */
import type { LiveContext, LiveSource } from './live-source.ts';
import { joinUrl } from './live-source.ts';
import type { SourceRecord } from './source-record.ts';
import { parseXmlDocument } from './xml-document.ts';

/** No feed on some days (`skipDays`) is an answer without entries, not a failure. */
export const arxiv: LiveSource = {
  name: 'arxiv',
  fetch: async function* (context: LiveContext): AsyncGenerator<SourceRecord> {
    const { fetchText, config, signal } = context;
    if (config.categories.length === 0) return;
    const path = config.categories.map((category) => encodeURIComponent(category)).join('+');
    yield* parseXmlDocument(await fetchText(joinUrl(config.arxivRssUrl, path), { signal }));
  },
};
