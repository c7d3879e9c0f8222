/**
 * Are real answers read with nothing lost and nothing invented? Reads every recorded answer of
 * ../shared/data/recorded, counts what is in it by other means than the readers do, and fails on
 * a row lost, a text not in the answer, or a field nobody has decided about.
 *
 *   node --import tsx bench/read-recorded.ts [FOLDER]
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanText } from '../src/domain/paper.ts';
import { unknownFields } from '../src/sources/huggingface.ts';
import { readRecords, type SourceRecord } from '../src/sources/records.ts';

const folder = process.argv[2] ?? '../shared/data/recorded';

/** What the formats' elements and attributes are to us; whatever is not here is reported. */
const known: Readonly<Record<string, readonly string[]>> = {
  'arxiv-api': [
    ...['feed', 'entry', 'id', 'title', 'summary', 'author', 'name', 'published', 'category'],
    ...['primary_category', 'comment', 'totalResults'],
    // Read past: what arXiv repeats of the query, links made from the id, where it was printed.
    ...['link', 'updated', 'itemsPerPage', 'startIndex', 'affiliation', 'doi', 'journal_ref'],
  ],
  'arxiv-rss': [
    ...['feed', 'rss', 'channel', 'entry', 'item', 'id', 'guid', 'title', 'summary', 'description'],
    ...['creator', 'category', 'published', 'pubDate', 'announce_type', 'link'],
    ...['updated', 'subtitle', 'rights', 'docs', 'language', 'lastBuildDate', 'managingEditor'],
    ...['skipDays', 'day'],
  ],
  'arxiv-oai': [
    ...['OAI-PMH', 'ListRecords', 'GetRecord', 'record', 'header', 'identifier', 'metadata'],
    ...['arXiv', 'id', 'title', 'abstract', 'authors', 'author', 'keyname', 'forenames', 'suffix'],
    ...['created', 'categories', 'comments', 'responseDate'],
    ...['request', 'datestamp', 'setSpec', 'updated', 'license', 'affiliation', 'doi', 'journal'],
    ...['journal-ref', 'report-no', 'msc-class', 'acm-class'],
  ],
  'oai-pmh': [
    ...['OAI-PMH', 'ListRecords', 'GetRecord', 'record', 'header', 'identifier', 'metadata', 'dc'],
    ...['title', 'creator', 'description', 'date', 'error', 'resumptionToken', 'responseDate'],
    ...['request', 'datestamp', 'setSpec', 'type', 'source', 'publisher', 'language'],
    // Answers to other verbs than the two that give records.
    ...['ListIdentifiers', 'ListSets', 'set', 'setName', 'ListMetadataFormats', 'metadataFormat'],
    ...['schema', 'metadataPrefix', 'metadataNamespace', 'Identify', 'repositoryName', 'baseURL'],
    ...['protocolVersion', 'adminEmail', 'earliestDatestamp', 'deletedRecord', 'granularity'],
    ...['description', 'oai-identifier', 'scheme', 'repositoryIdentifier', 'delimiter'],
    ...['sampleIdentifier'],
  ],
};

const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** Rows in an answer and fields unknown in it, told without the readers. */
const survey = (group: string, text: string): { rows: number; unknown: readonly string[] } => {
  if (group === 'hf-daily-papers') {
    const entries = JSON.parse(text) as unknown[];
    return { rows: entries.length, unknown: [...new Set(entries.flatMap(unknownFields))] };
  }
  const xml = group === 'arxiv-api' ? (JSON.parse(text) as { body: string }).body : text;
  const names = [...xml.matchAll(/<([\w-]+:)?([\w-]+)[\s/>]/g)].map((match) => match[2] ?? '');
  const unknown = [...new Set(names)].filter((name) => !known[group]?.includes(name));
  return { rows: countOf(xml, /<(?:entry|item|record)[\s>]/g), unknown };
};

// Compared without white space and entities, which the readers rightly undo.
const flat = (text: string): string =>
  cleanText(text)
    .replace(/\\[nt]/g, ' ')
    .replace(
      /&(?:lt|gt|amp|quot|apos|#\d+|#x[\da-f]+);|[<>&"'\\]|\s|[^\u0020-\u007e]|u[\da-f]{4}/gi,
      '',
    );

const readFile = async (path: string): Promise<readonly SourceRecord[]> => {
  async function* bytes() {
    yield readFileSync(path);
  }
  const records: SourceRecord[] = [];
  for await (const record of readRecords(bytes(), { now: new Date() })) records.push(record);
  return records;
};

/** Foreign records, errors and broken files, which are there to be refused. */
const mayRefuse = (group: string): boolean => group === 'oai-pmh' || group === 'arxiv-rss';

const checkFile = async (group: string, path: string): Promise<readonly string[]> => {
  const text = readFileSync(path, 'utf8');
  const problems: string[] = [];
  const { rows, unknown } = survey(group, text);
  const records = await readFile(path);
  const papers = records.flatMap((record) => (record.kind === 'paper' ? [record.paper] : []));
  const of = (kind: string): number => records.filter((record) => record.kind === kind).length;
  const counts = `${papers.length} papers, ${of('signal')} signals, ${of('deleted')} deleted, ${of('rejected')} refused`;
  console.log(`${path.slice(folder.length + 1)}: ${rows} rows; ${counts}`);
  for (const record of records)
    if (record.kind === 'rejected')
      console.log(`    refused: line ${record.line}: ${record.reason}`);
  for (const name of unknown) problems.push(`unknown field ${name}`);
  // Deleted records of other archives are none of ours; a list of headers alone has no records.
  const deletedHeaders = rows > 0 ? countOf(text, /<header status="deleted"/g) : 0;
  const foreignDeleted = deletedHeaders - of('deleted');
  const broken = records.some(
    (record) =>
      record.kind === 'rejected' && /cut short|does not read|is neither/.test(record.reason),
  );
  const errors = countOf(text, /<error[\s>]/g);
  const other = group === 'oai-pmh' && rows === 0 && errors === 0 ? 1 : 0;
  const told = papers.length + of('deleted') + of('rejected') + foreignDeleted - errors - other;
  if (!broken && told !== rows) problems.push(`${rows} rows, but ${told} told of`);
  if (of('rejected') > 0 && !mayRefuse(group)) problems.push('a row was refused');
  const source = flat(text);
  for (const { id, title, abstract } of papers)
    for (const words of [id, title, abstract])
      if (!source.includes(flat(words)))
        problems.push(`${id}: "${words.slice(0, 60)}" is not there`);
  return problems.map((problem) => `${path.slice(folder.length + 1)}: ${problem}`);
};

const groups = ['hf-daily-papers', 'arxiv-api', 'arxiv-rss', 'arxiv-oai', 'oai-pmh'];

if (!existsSync(folder)) {
  console.log(`${folder} is not here: the recorded answers were NOT read`);
} else {
  const problems: string[] = [];
  let files = 0;
  for (const group of groups)
    for (const name of readdirSync(join(folder, group)).sort()) {
      if (!/\.(?:json|xml)$/.test(name)) continue;
      files += 1;
      problems.push(...(await checkFile(group, join(folder, group, name))));
    }
  console.log(`${files} files read, ${problems.length} problems`);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
