/** Our own interchange format: one JSON object a line, papers and signals in any order. */

import { cleanText, isTitleId } from '../domain/paper.ts';
import type { Signal } from '../domain/signal.ts';
import { isSignalKind, signalKinds } from '../domain/signal.ts';
import { composePaper } from './compose-paper.ts';
import type { Json } from './fields.ts';
import {
  arxivIdField,
  countField,
  dayField,
  instantField,
  isJsonObject,
  parseLink,
  textField,
  textListField,
} from './fields.ts';
import type { SourceRecord } from './source-record.ts';
import { excerpt, RowError, readRow } from './source-record.ts';

const dayMs = 86_400_000;

/** One line of the file; a blank line is no record. */
export const parseJsonLine = (text: string, line: number, now: Date): readonly SourceRecord[] =>
  text.trim() === '' ? [] : readRow(line, () => [readJsonRow(parseJson(text), line, now)]);

/**
 * One row: a signal when it has `observedAt` or `value` (or a `kind` and no title), a paper
 * otherwise. Unknown fields are ignored. Throws `RowError`.
 */
export const readJsonRow = (row: unknown, line: number, now: Date): SourceRecord => {
  if (!isJsonObject(row)) throw new RowError('the row is not a JSON object');
  const isSignal = 'observedAt' in row || 'value' in row || ('kind' in row && !('title' in row));
  if (isSignal) return { kind: 'signal', line, signal: readSignal(row, now) };
  if (!('title' in row)) {
    throw new RowError(
      'the row is neither a paper (it has no title) nor a signal (it has no kind)',
    );
  }
  return { kind: 'paper', line, paper: readPaper(row) };
};

/** Throws `RowError` that tells a row cut short from one that never was JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (/end of JSON|unterminated string/i.test(message)) {
      throw new RowError('the row is cut short: its JSON does not end');
    }
    const at = /position (\d+)/.exec(message)?.[1];
    throw new RowError(`the row is not JSON${at ? ` (from character ${Number(at) + 1})` : ''}`);
  }
};

const readPaper = (row: Json) => {
  const summary = textField(row.summary, 'summary');
  return composePaper({
    arxivId: arxivIdField(row.arxivId, 'arxivId'),
    title: textField(row.title, 'title'),
    abstract: textField(row.abstract, 'abstract'),
    authors: textListField(row.authors, 'authors'),
    categories: textListField(row.categories, 'categories'),
    publishedAt: instantField(row.publishedAt, 'publishedAt'),
    listedOn: dayField(row.listedOn, 'listedOn'),
    featuredOn: dayField(row.featuredOn, 'featuredOn'),
    comment: textField(row.comment, 'comment'),
    codeUrl: parseLink(textField(row.codeUrl, 'codeUrl')),
    summary: summary
      ? { text: summary, by: textField(row.summaryBy, 'summaryBy') || 'sample' }
      : undefined,
    keywords: textListField(row.keywords, 'keywords'),
    organization: textField(row.organization, 'organization'),
    version: row.version == null ? undefined : countField(row.version, 'version'),
    textBy: row.textBy === 'arxiv' ? 'arxiv' : undefined,
  });
};

const readSignal = (row: Json, now: Date): Signal => {
  const paperId = arxivIdField(row.arxivId, 'arxivId') ?? titleIdField(row.id);
  if (paperId === undefined) throw new RowError('arxivId is missing');
  const source = cleanText(textField(row.source, 'source') ?? '');
  if (source === '') throw new RowError('source is missing');
  if (source.length > 100) throw new RowError('source is longer than 100 characters');
  const kind = textField(row.kind, 'kind');
  if (kind === undefined) throw new RowError('kind is missing');
  if (!isSignalKind(kind)) {
    throw new RowError(`kind "${excerpt(kind)}" is none of ${signalKinds.join(', ')}`);
  }
  const value = countField(row.value, 'value');
  const listedOn = dayField(row.listedOn, 'listedOn');
  return {
    paperId,
    source,
    kind,
    observedAt: observedAtField(row.observedAt, now),
    value,
    ...(listedOn && { listedOn }),
  };
};

/** The id of a paper known by its title alone, as our own export writes it. */
const titleIdField = (value: unknown): string | undefined =>
  typeof value === 'string' && isTitleId(value) && value.length <= 300 ? value : undefined;

// A day's grace is for clocks and zones that disagree; what lies further ahead is a mistake, and
// would count as the newest observation until that day has come.
const observedAtField = (value: unknown, now: Date): Date => {
  const observedAt = instantField(value, 'observedAt');
  if (observedAt === undefined) throw new RowError('observedAt is missing');
  if (observedAt.getTime() > now.getTime() + dayMs) {
    throw new RowError(`observedAt ${observedAt.toISOString()} lies in the future`);
  }
  return observedAt;
};
