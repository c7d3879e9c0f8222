/**
 * Entries of Hugging Face's `GET /api/daily_papers`. The fields wander: over the years one and the
 * same stood beside `paper` or inside it, so each is looked for at both levels.
 */
import type { Day } from '../domain/paper.ts';
import type { SignalKind } from '../domain/signal.ts';
import { composePaper } from './compose-paper.ts';
import type { Json } from './fields.ts';
import {
  arxivIdField,
  countField,
  instantField,
  isJsonObject,
  parseLink,
  textField,
  textListField,
} from './fields.ts';
import type { SourceRecord } from './source-record.ts';
import { RowError, readRow } from './source-record.ts';

const counts = [
  { field: 'upvotes', source: 'huggingface', kind: 'upvotes' },
  { field: 'numComments', source: 'huggingface', kind: 'comments' },
  { field: 'githubStars', source: 'github', kind: 'github-stars' },
] as const satisfies readonly { field: string; source: string; kind: SignalKind }[];

/**
 * One entry: the paper, and a signal for each count it carries, observed at `now`. A bad count is
 * rejected alone; anything else wrong throws `RowError`.
 */
export const parseDailyPaper = (
  entry: unknown,
  line: number,
  now: Date,
): readonly SourceRecord[] => {
  if (!isJsonObject(entry)) throw new RowError('not an object with a paper');
  const inner = isJsonObject(entry.paper) ? entry.paper : entry;
  const field = (name: string): unknown => inner[name] ?? entry[name];
  const arxivId = arxivIdField(field('id'), 'paper.id');
  if (arxivId === undefined) throw new RowError('paper.id is missing');

  const featuredOn = readFeaturedOn(entry, inner);
  const summary = textField(field('ai_summary'), 'ai_summary');
  const paper = composePaper({
    arxivId,
    title: textField(field('title'), 'title'),
    abstract: textField(field('summary'), 'summary'),
    authors: readAuthors(field('authors')),
    publishedAt: instantField(field('publishedAt'), 'publishedAt'),
    featuredOn,
    codeUrl: parseLink(textField(field('githubRepo'), 'githubRepo')),
    summary: summary ? { text: summary, by: 'huggingface' } : undefined,
    keywords: textListField(field('ai_keywords'), 'ai_keywords'),
    organization: readOrganization(field('organization')),
  });
  const signals = counts.flatMap(({ field: name, source, kind }) => {
    const value = field(name);
    if (value === undefined || value === null) return [];
    return readRow(line, () => {
      const observation = { paperId: arxivId, source, kind, observedAt: now };
      const signal = { ...observation, value: countField(value, name) };
      return [
        { kind: 'signal', line, signal: featuredOn ? { ...signal, listedOn: featuredOn } : signal },
      ];
    });
  });
  return [{ kind: 'paper', line, paper }, ...signals];
};

// `submittedOnDailyAt` may be a midnight-UTC date: its UTC day is taken, never shifted by a zone.
// Before it existed the outer `publishedAt` said when the paper was featured; since then the outer
// one is the submission again, hours off, so it counts only when it is later than the inner one.
const readFeaturedOn = (entry: Json, inner: Json): Day | undefined => {
  const name = 'submittedOnDailyAt';
  const stated = inner[name] ?? entry[name];
  if (stated !== undefined && stated !== null) return utcDay(instantField(stated, name));
  const outer = instantField(entry.publishedAt, 'publishedAt');
  const submitted = instantField(inner.publishedAt, 'paper.publishedAt');
  return outer && submitted && outer > submitted ? utcDay(outer) : undefined;
};

const utcDay = (instant: Date | undefined): Day | undefined => instant?.toISOString().slice(0, 10);

const readAuthors = (value: unknown): readonly string[] => {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new RowError('authors is not a list');
  return value.map((author: unknown) =>
    isJsonObject(author)
      ? (textField(author.name, "an author's name") ?? '')
      : (textField(author, 'an author') ?? ''),
  );
};

const readOrganization = (value: unknown): string | undefined => {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) return textField(value, 'organization');
  const name = textField(value.fullname, 'organization.fullname');
  return name ?? textField(value.name, 'organization.name');
};

/** Every field of the recorded answers, 2024 to 2026, and what we make of it. */
export const knownFields: Readonly<Record<'outer' | 'inner', ReadonlySet<string>>> = {
  outer: new Set([
    ...['paper', 'publishedAt', 'title', 'summary', 'numComments', 'organization'],
    // Read past: pictures, and who put the paper on the list.
    ...['mediaUrl', 'mediaUrls', 'thumbnail', 'submittedBy', 'isAuthorParticipating'],
  ]),
  inner: new Set([
    ...['id', 'title', 'summary', 'authors', 'publishedAt', 'submittedOnDailyAt', 'upvotes'],
    ...['githubRepo', 'githubStars', 'ai_summary', 'ai_keywords', 'organization', 'numComments'],
    // Read past.
    ...['mediaUrls', 'discussionId', 'projectPage', 'submittedOnDailyBy', 'githubRepoAddedBy'],
  ]),
};

/** Fields of an entry that Paperboy has never seen, as `paper.name` or `name`. */
export const unknownFields = (entry: unknown): readonly string[] => {
  if (!isJsonObject(entry)) return [];
  const inner = isJsonObject(entry.paper) ? entry.paper : {};
  return [
    ...Object.keys(entry).filter((name) => !knownFields.outer.has(name)),
    ...Object.keys(inner)
      .filter((name) => !knownFields.inner.has(name))
      .map((name) => `paper.${name}`),
  ];
};
