/** What a live source is: one file that asks and parses, and one line in `live.ts`. */
import type { BatchCalendar } from '../domain/batch.ts';
import type { Day } from '../domain/paper.ts';
import { HttpStatusError } from '../lib/http.ts';
import type { LiveRecord } from './source-record.ts';

export type LiveConfig = {
  /** The services' addresses; see `askService` for what may be left out of them. */
  readonly urls: {
    readonly hfApi: string;
    readonly arxivApi: string;
    readonly arxivRss: string;
    readonly arxivOai: string;
    readonly githubApi: string;
    readonly hnApi: string;
    readonly openAlexApi: string;
  };
  readonly githubToken?: string;
  readonly openAlexKey?: string;
  /** arXiv categories or archives to follow, as `cs.CL` or `math`. */
  readonly categories: readonly string[];
};

export type Reply = {
  readonly text: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** What `check` still said against the last answer, when asking again did not help. */
  readonly complaint?: string;
};

export type AskOptions = {
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes the request a POST. */
  readonly body?: string;
  /** What is wrong with an answer: half of it, or a page instead of data. It is then asked again. */
  readonly check?: (text: string) => string | undefined;
};

/**
 * Asks the source's service, in turn with all its other requests. Passing troubles are sat out for
 * a while, unchanged answers come from what was kept of them. Throws a `FetchError`; a
 * `WaitError` when the service wants to be left alone for longer, which a source never catches.
 */
export type Ask = (url: string, options?: AskOptions) => Promise<Reply>;

/** What a source may read of the corpus: what there is for it to do. */
export type SourceWork = {
  /** arXiv ids that signals speak of and no paper is known for, not asked about lately. */
  readonly missingPapers: (limit: number) => readonly string[];
  /** Papers with a repository whose stars are due, the longest unobserved first. */
  readonly starsDue: (limit: number) => readonly { paperId: string; codeUrl: string }[];
  /** arXiv ids of papers whose citations are due, the longest unobserved first. */
  readonly citationsDue: (limit: number) => readonly string[];
};

export type SourceNotes = {
  readonly find: (key: string) => string | undefined;
};

export type DayRange = { readonly from: Day; readonly to: Day };

export type LiveContext = {
  /** One instant for the whole run: when everything in it was observed. */
  readonly now: Date;
  readonly ask: Ask;
  readonly config: LiveConfig;
  readonly work: SourceWork;
  readonly notes: SourceNotes;
  /** Aborted when the process is to stop. */
  readonly signal: AbortSignal;
  /** The days of the past to fetch, in place of what is new. */
  readonly range?: DayRange;
};

/** How a service wants to be asked, by its published terms. */
export type Manners = {
  /** Sources of one service take turns. */
  readonly service: string;
  readonly intervalMs: number;
  /** In place of `intervalMs` while the past is fetched. */
  readonly backfillIntervalMs?: number;
  /** Requests a UTC day; far below what the service allows, and a bound to our own mistakes. */
  readonly mostADay: number;
};

export type LiveSource = {
  readonly manners: Manners;
  /** How often the service asks of itself. */
  readonly everyMs: number;
  /** When its list of the day is due, for a source that has one; it yields `batch` records. */
  readonly calendar?: BatchCalendar;
  /** Whether it can fetch the past by days. */
  readonly backfills: boolean;
  /**
   * Yields what the source has. A part of it that cannot be had is a rejected record; a source that
   * cannot be reached at all throws, after what it had already given.
   */
  readonly fetch: (context: LiveContext) => AsyncGenerator<LiveRecord>;
};

/** The service wants to be left alone until then, or we allow ourselves no more today. */
export class WaitError extends Error {
  override readonly name = 'WaitError';
  readonly until: Date;
  constructor(message: string, until: Date) {
    super(message);
    this.until = until;
  }
}

/** An answer that is none, or one that says no. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/**
 * The addresses a path of a service may stand under, given its setting, the likeliest first. A
 * setting that already ends with the path is taken as it is; one with a path of its own is a base
 * as the default setting is one; of a bare host the real service's base is tried, then none.
 */
export const serviceUrls = (setting: string, base: string, path: string): readonly string[] => {
  const bare = setting.replace(/\/+$/, '');
  if (path !== '' && bare.endsWith(path)) return [bare];
  const isHost = URL.canParse(bare) && new URL(bare).pathname === '/';
  return isHost && base !== '' ? [`${bare}${base}${path}`, `${bare}${path}`] : [`${bare}${path}`];
};

/** Asks under the first of the addresses that is there (not 404). */
export const askService = async (
  { ask }: LiveContext,
  urls: readonly string[],
  rest: string,
  options: AskOptions = {},
): Promise<Reply> => {
  for (const [index, url] of urls.entries()) {
    try {
      return await ask(url + rest, options);
    } catch (error) {
      const isAbsent = error instanceof HttpStatusError && error.status === 404;
      if (!isAbsent || index === urls.length - 1) throw error;
    }
  }
  throw new SourceError('there is no address to ask');
};

/** The days of a range, oldest first. */
export const daysOf = ({ from, to }: DayRange): readonly Day[] => {
  const days: Day[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += dayMs)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
};

/** A check for `ask`: whether a JSON answer is whole, and of the kind expected. */
export const checkJson =
  (kind: 'list' | 'object') =>
  (text: string): string | undefined => {
    const opening = kind === 'list' ? '[' : '{';
    if (!text.trimStart().startsWith(opening)) return `the answer is not a JSON ${kind}`;
    try {
      JSON.parse(text);
      return undefined;
    } catch {
      return `the JSON ${kind} is cut short or damaged`;
    }
  };

/** A check for `ask`: whether an XML answer has one of these roots, and its end. */
export const checkXml =
  (...roots: readonly string[]) =>
  (text: string): string | undefined => {
    const root = /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]*?-->\s*)*<([\w-]+)/.exec(text)?.[1];
    if (root === undefined || !roots.includes(root))
      return `the answer is not ${roots.join(' or ')}`;
    return new RegExp(`(?:</${root}>|/>)\\s*$`).test(text) ? undefined : 'the XML is cut short';
  };
