/**
 * OAI-PMH responses in arXiv's metadata formats `arXiv` and `arXivRaw`, and in `oai_dc`.
 * https://www.openarchives.org/OAI/openarchivesprotocol.html
 */
import { parseArxivId } from '../domain/paper.ts';
import { splitAuthors } from './arxiv-announcement.ts';
import type { RawPaper } from './compose-paper.ts';
import { composePaper } from './compose-paper.ts';
import { instantField, parseInstant, parseMailDay } from './fields.ts';
import type { SourceRecord } from './source-record.ts';
import { excerpt, RowError, readRow, rejected } from './source-record.ts';
import type { XmlElement } from './xml.ts';
import { attribute, children, firstText, texts } from './xml.ts';

const verbsWithRecords = ['ListRecords', 'GetRecord'];

export function* readOaiResponse(
  response: XmlElement,
  lineOf: (element: XmlElement) => number,
): Generator<SourceRecord> {
  const errors = children(response, 'error');
  for (const error of errors) {
    const code = attribute(error, '@code') ?? 'without a code';
    const text = excerpt(attribute(error, '#text') ?? '', 200);
    yield rejected(lineOf(response), `the repository reports ${code}${text && `: ${text}`}`);
  }
  const lists = verbsWithRecords.flatMap((verb) => children(response, verb));
  if (errors.length === 0 && lists.length === 0) {
    const verb = children(response, 'request').map((request) => attribute(request, '@verb'))[0];
    yield rejected(lineOf(response), `an OAI-PMH answer without records (${verb ?? 'no verb'})`);
  }
  for (const record of lists.flatMap((list) => children(list, 'record'))) {
    const isDeleted = children(record, 'header').some((h) => attribute(h, '@status') === 'deleted');
    const line = lineOf(record);
    if (isDeleted) {
      const id = texts(children(record, 'header')[0] ?? {}, 'identifier').flatMap(
        (text) => parseArxivId(text) ?? [],
      )[0];
      if (id !== undefined) yield { kind: 'deleted', line, id };
      continue;
    }
    yield* readRow(line, () => [{ kind: 'paper', line, paper: composePaper(readRecord(record)) }]);
  }
}

const readRecord = (record: XmlElement): RawPaper => {
  for (const metadata of children(record, 'metadata')) {
    for (const arxiv of children(metadata, 'arXiv')) return readArxiv(arxiv);
    for (const raw of children(metadata, 'arXivRaw')) return readArxivRaw(raw);
    for (const dc of children(metadata, 'dc')) return readDublinCore(dc, record);
  }
  throw new RowError('the record is in none of the formats arXiv, arXivRaw and oai_dc');
};

const requireArxivId = (candidates: readonly string[]): string => {
  const id = candidates.map((text) => parseArxivId(text)).find((found) => found !== undefined);
  if (id !== undefined) return id;
  const named = candidates[0] ? ` (it is "${excerpt(candidates[0])}")` : '';
  throw new RowError(`the record is not of an arXiv paper${named}`);
};

const readArxiv = (arxiv: XmlElement): RawPaper => ({
  ...readCommon(arxiv),
  authors: children(arxiv, 'authors')
    .flatMap((authors) => children(authors, 'author'))
    .map((author) =>
      ['forenames', 'keyname', 'suffix'].flatMap((part) => firstText(author, part) ?? []).join(' '),
    ),
  publishedAt: instantField(firstText(arxiv, 'created'), 'created'),
});

const readArxivRaw = (raw: XmlElement): RawPaper => ({
  ...readCommon(raw),
  authors: splitRawAuthors(firstText(raw, 'authors') ?? ''),
  publishedAt: readVersionDate(raw),
  version: children(raw, 'version').length,
});

const readCommon = (element: XmlElement) => ({
  textBy: 'arxiv' as const,
  arxivId: requireArxivId(texts(element, 'id')),
  title: firstText(element, 'title'),
  abstract: firstText(element, 'abstract'),
  categories: firstText(element, 'categories')?.split(/\s+/) ?? [],
  comment: firstText(element, 'comments'),
});

// "A. One, B. Two (Some Place) and C. Three": affiliations stand in parentheses, without nesting.
const splitRawAuthors = (text: string): readonly string[] =>
  splitAuthors(
    text
      .replace(/\([^()]*\)/g, ' ')
      .replace(/\s+/g, ' ')
      .replace(/,? and /g, ', '),
  );

const readVersionDate = (raw: XmlElement): Date | undefined => {
  const first = children(raw, 'version').find((one) => attribute(one, '@version') === 'v1');
  const date = first && firstText(first, 'date');
  if (date === undefined) return undefined;
  const time = /\d{2}:\d{2}:\d{2}/.exec(date)?.[0] ?? '00:00';
  const instant = parseInstant(`${parseMailDay(date)}T${time}Z`);
  if (instant === undefined) throw new RowError(`the date "${excerpt(date)}" of v1 is no date`);
  return instant;
};

// Dublin Core has "Last, First" names and no category codes; dates are the versions' days.
const readDublinCore = (dc: XmlElement, record: XmlElement): RawPaper => {
  const descriptions = texts(dc, 'description');
  const isComment = (text: string): boolean => /^\s*Comment:/.test(text);
  const headers = children(record, 'header').flatMap((header) => texts(header, 'identifier'));
  return {
    arxivId: requireArxivId([...headers, ...texts(dc, 'identifier')]),
    title: firstText(dc, 'title'),
    abstract: descriptions.find((text) => !isComment(text)),
    authors: texts(dc, 'creator').map((name) => name.split(/,\s*/).reverse().join(' ')),
    comment: descriptions.find(isComment)?.replace(/^\s*Comment:\s*/, ''),
    publishedAt: instantField(firstText(dc, 'date'), 'date'),
  };
};
