/**
 * Asking a source's service: in turn, with what is known of the last answer, and with patience for
 * troubles that pass. What does not pass is for the caller's back-off, hours instead of seconds.
 */
import { findAnswer, forgetAnswer, keepAnswer } from '../db/http-answers.ts';
import type { Db } from '../db/open.ts';
import { claimRequest } from '../db/source-requests.ts';
import {
  type Answer,
  BodyError,
  FetchTimeoutError,
  HttpStatusError,
  RedirectError,
  UnreachableError,
} from '../lib/http.ts';
import { AllowanceError, type PoliteFetch } from '../lib/polite-fetch.ts';
import {
  type Ask,
  type AskOptions,
  type Manners,
  type Reply,
  WaitError,
} from '../sources/live-source.ts';

export type AskDeps = {
  readonly db: Db;
  readonly clock: () => Date;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly politeFetch: PoliteFetch;
};

/** Before the second try and before the third. */
const pausesMs = [2_000, 10_000];

/** The longest a service may make us wait within a run; beyond, the source comes back later. */
const mostWaitMs = 60_000;

const dayMs = 86_400_000;

/**
 * An `Ask` for one run of one source. Once a request has used up its tries in vain, the others of
 * the run get one try each: the service is down, and not only busy.
 */
export const createAsk = (
  deps: AskDeps,
  manners: Manners,
  run: { readonly backfill: boolean; readonly signal: AbortSignal },
): Ask => {
  const intervalMs = run.backfill
    ? (manners.backfillIntervalMs ?? manners.intervalMs)
    : manners.intervalMs;
  const rule = { intervalMs, mostADay: manners.mostADay };
  const claim = (now: Date) => claimRequest(deps.db, manners.service, rule, now);
  let isDown = false;
  return async (url, options = {}) => {
    const kept =
      options.body === undefined
        ? findAnswer(deps.db, withoutSecrets(url), deps.clock())
        : undefined;
    for (let tries = 0; ; tries += 1) {
      const outcome = await tryOnce(deps, { url, options, kept, signal: run.signal }, (overrides) =>
        deps.politeFetch(manners.service, claim, url, overrides),
      );
      if (outcome.kind === 'answer') return outcome.reply;
      // Silence has cost half a minute already: it gets one more.
      const most = isSilence(outcome) ? 1 : pausesMs.length;
      if (isDown || tries >= most) {
        isDown = true;
        return giveUp(outcome, deps.clock());
      }
      const pause = pauseAfter(outcome, tries, deps.clock());
      if (pause > mostWaitMs) return giveUp(outcome, deps.clock());
      await deps.sleep(pause, run.signal);
    }
  };
};

type Outcome =
  | { readonly kind: 'answer'; readonly reply: Reply }
  /** An answer whose check complains. */
  | { readonly kind: 'odd'; readonly reply: Reply }
  | { readonly kind: 'failed'; readonly error: unknown };

const isSilence = (outcome: Outcome): boolean =>
  outcome.kind === 'failed' && outcome.error instanceof FetchTimeoutError;

type Request = {
  readonly url: string;
  readonly options: AskOptions;
  readonly kept: ReturnType<typeof findAnswer>;
  readonly signal: AbortSignal;
};

type Overrides = NonNullable<Parameters<PoliteFetch>[3]>;

const tryOnce = async (
  { db, clock }: AskDeps,
  { url, options, kept, signal }: Request,
  fetchWith: (overrides: Overrides) => Promise<Answer>,
): Promise<Outcome> => {
  let answer: Answer;
  try {
    answer = await fetchWith({
      signal,
      headers: { ...validators(kept), ...options.headers },
      ...(options.body !== undefined && { body: options.body }),
    });
  } catch (error) {
    if (error instanceof AllowanceError)
      throw new WaitError(error.message, new Date(nextMidnight(clock())));
    if (isPassing(error)) return { kind: 'failed', error };
    throw error;
  }
  if (answer.status === 304) {
    if (kept) return { kind: 'answer', reply: { text: kept.body, headers: answer.headers } };
    return { kind: 'failed', error: new Error('the service answers 304 to what was not asked so') };
  }
  const complaint = options.check?.(answer.text);
  const reply: Reply = { text: answer.text, headers: answer.headers };
  if (complaint !== undefined) return { kind: 'odd', reply: { ...reply, complaint } };
  // Only what has been checked is kept: half an answer kept with its ETag would stay half for good.
  const { etag, 'last-modified': lastModified } = answer.headers;
  if (options.body === undefined && (etag || lastModified))
    keepAnswer(db, withoutSecrets(url), { etag, lastModified, body: answer.text }, clock());
  else if (kept) forgetAnswer(db, withoutSecrets(url));
  return { kind: 'answer', reply };
};

// Answers are kept under their address, which is in every backup; a key in it must not be.
const withoutSecrets = (url: string): string => url.replace(/([?&]api_key=)[^&]*/g, '$1');

const validators = (kept: Request['kept']): Record<string, string> => ({
  ...(kept?.etag && { 'if-none-match': kept.etag }),
  ...(kept?.lastModified && { 'if-modified-since': kept.lastModified }),
});

const passingStatuses = [408, 425, 429, 500, 502, 503, 504];

/** Whether asking again soon may help. */
const isPassing = (error: unknown): boolean => {
  if (error instanceof HttpStatusError)
    return passingStatuses.includes(error.status) || isRateLimit(error);
  if (error instanceof UnreachableError) {
    // Nobody there, or no such name: a matter of hours.
    const { cause } = error;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    return !['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(
      code,
    );
  }
  return (
    error instanceof FetchTimeoutError ||
    error instanceof BodyError ||
    error instanceof RedirectError
  );
};

// GitHub and OpenAlex say 403 for what is 429 elsewhere.
const isRateLimit = ({ status, headers }: HttpStatusError): boolean =>
  status === 403 &&
  (headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0');

const pauseAfter = (outcome: Outcome, tries: number, now: Date): number => {
  const pause = pausesMs[tries] ?? 0;
  const until = outcome.kind === 'failed' ? askedToWait(outcome.error, now) : undefined;
  return until === undefined ? pause : Math.max(pause, until.getTime() - now.getTime());
};

/** What a service asks us to wait: `Retry-After`, as seconds or a date, or a rate limit's reset. */
const askedToWait = (error: unknown, now: Date): Date | undefined => {
  if (!(error instanceof HttpStatusError)) return undefined;
  const { retryAfter, headers } = error;
  const seconds = /^\s*\d{1,9}\s*$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
  if (seconds !== undefined) return new Date(now.getTime() + Math.min(seconds * 1000, dayMs));
  const date = Date.parse(retryAfter ?? '');
  if (!Number.isNaN(date)) return new Date(Math.min(date, now.getTime() + dayMs));
  if (headers['x-ratelimit-remaining'] !== '0') return undefined;
  const reset = Number(headers['x-ratelimit-reset']) * 1000;
  return Number.isFinite(reset) && reset > 0
    ? new Date(Math.min(reset, now.getTime() + dayMs))
    : undefined;
};

const giveUp = (outcome: Exclude<Outcome, { kind: 'answer' }>, now: Date): Reply => {
  if (outcome.kind === 'odd') return outcome.reply;
  const { error } = outcome;
  const until = askedToWait(error, now);
  if (until !== undefined && error instanceof Error)
    throw new WaitError(`${error.message} and asks us to wait until ${until.toISOString()}`, until);
  throw error;
};

const nextMidnight = (now: Date): number => new Date(now).setUTCHours(24, 0, 0, 0);
