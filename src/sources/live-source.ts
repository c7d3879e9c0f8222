/** What a live source is: one file that fetches and parses, and one line in `live.ts`. */
import type { SourceRecord } from './source-record.ts';

export type LiveConfig = {
  /** The API's base, as `https://huggingface.co/api`. */
  readonly hfApiUrl: string;
  /** The feeds' base, as `https://rss.arxiv.org/atom`. */
  readonly arxivRssUrl: string;
  readonly arxivApiUrl: string;
  /** arXiv categories or archives to follow, as `cs.CL` or `math`. */
  readonly categories: readonly string[];
};

export type LiveContext = {
  readonly now: Date;
  /** Throws on anything but a whole 2xx answer; see `lib/http.ts`. */
  readonly fetchText: (url: string, options: { readonly signal: AbortSignal }) => Promise<string>;
  readonly config: LiveConfig;
  readonly signal: AbortSignal;
};

export type LiveSource = {
  readonly name: 'huggingface' | 'arxiv';
  /**
   * Yields what the source has now. A part of it that cannot be had is a rejected record; a source
   * that cannot be reached at all throws, after what it had already given.
   */
  readonly fetch: (context: LiveContext) => AsyncGenerator<SourceRecord>;
};

export const joinUrl = (base: string, path: string): string =>
  `${base.replace(/\/+$/, '')}/${path}`;
