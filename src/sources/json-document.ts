/**
 * JSON documents that are not one object a line: a list (a Hugging Face answer, or rows of our own
 * format) and a recorded exchange with arXiv, `{url, status_code, body}`.
 */
import { createLineCounter } from '../lib/lines.ts';
import { isJsonObject, textField } from './fields.ts';
import { parseDailyPaper } from './huggingface.ts';
import { parseJson, readJsonRow } from './jsonl.ts';
import type { SourceRecord } from './source-record.ts';
import { excerpt, RowError, readRow, rejected } from './source-record.ts';
import { parseXmlDocument } from './xml-document.ts';

const deepest = 64;

/**
 * A whole JSON document. The entries of a list are parsed one by one, so a list that breaks off
 * still gives the entries before the break.
 */
export function* parseJsonDocument(text: string, now: Date): Generator<SourceRecord> {
  if (!/^\s*\[/.test(text)) {
    yield* readRow(1, () => readSingle(parseJson(text), now));
    return;
  }
  let entry = 0;
  for (const part of splitList(text)) {
    if (part.kind === 'broken') {
      yield rejected(part.line, `${part.reason}, after entry ${entry}`);
      continue;
    }
    entry += 1;
    yield* readEntry(part.text, part.line, entry, now);
  }
}

const readEntry = (
  text: string,
  line: number,
  entry: number,
  now: Date,
): readonly SourceRecord[] => {
  const records = readRow(line, () => {
    const value = parseJson(text);
    const isOurs = isJsonObject(value) && 'arxivId' in value;
    return isOurs ? [readJsonRow(value, line, now)] : parseDailyPaper(value, line, now);
  });
  // Answers come on one line as a rule, so the line alone would not find the entry.
  return records.map((record) =>
    record.kind === 'rejected' ? { ...record, reason: `entry ${entry}: ${record.reason}` } : record,
  );
};

const readSingle = (value: unknown, now: Date): readonly SourceRecord[] => {
  if (!isJsonObject(value)) throw new RowError('the document is neither a JSON object nor a list');
  const body = textField(value.body, 'body');
  if (body === undefined) {
    const error = typeof value.error === 'string' ? value.error : undefined;
    if (error && !('title' in value)) throw new RowError(`an error answer: ${excerpt(error, 200)}`);
    return [readJsonRow(value, 1, now)];
  }
  const status = value.status_code;
  if (status !== undefined && status !== 200) {
    throw new RowError(`a recorded answer with HTTP status ${excerpt(String(status))}`);
  }
  return [...parseXmlDocument(body)];
};

type ListPart =
  | { readonly kind: 'entry'; readonly text: string; readonly line: number }
  | { readonly kind: 'broken'; readonly line: number; readonly reason: string };

/** The texts between a JSON list's top-level commas, each with the line it begins on. */
function* splitList(text: string): Generator<ListPart> {
  const lineAt = createLineCounter(text);
  const token = /["{}[\],]/g;
  let start = text.indexOf('[') + 1;
  token.lastIndex = start;
  let depth = 0;
  const entry = (end: number): readonly ListPart[] => {
    const raw = text.slice(start, end);
    const lead = raw.length - raw.trimStart().length;
    return lead === raw.length ? [] : [{ kind: 'entry', text: raw, line: lineAt(start + lead) }];
  };
  for (let hit = token.exec(text); hit; hit = token.exec(text)) {
    const mark = hit[0];
    if (mark === '"') {
      token.lastIndex = endOfString(text, hit.index);
    } else if (depth === 0 && (mark === ',' || mark === ']')) {
      yield* entry(hit.index);
      start = token.lastIndex;
      if (mark === ',') continue;
      if (text.slice(start).trim() !== '') {
        yield { kind: 'broken', line: lineAt(start), reason: 'there is text behind the JSON list' };
      }
      return;
    } else if (mark !== ',') {
      depth += mark === '{' || mark === '[' ? 1 : -1;
      if (depth > deepest) {
        yield { kind: 'broken', line: lineAt(hit.index), reason: 'the JSON is nested too deeply' };
        return;
      }
    }
  }
  yield { kind: 'broken', line: lineAt(start), reason: 'the JSON list is cut short' };
}

const endOfString = (text: string, open: number): number => {
  for (let at = open + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) return at + 1;
  }
  return text.length;
};
