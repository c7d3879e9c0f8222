/**
 * arXiv's Atom: answers of its query API, and the daily announcement feed. The two share their
 * elements but not their meaning: `published` is the first version's submission in an answer, and
 * the announcement's day (Eastern) in the feed.
 * https://info.arxiv.org/help/api/user-manual.html · https://info.arxiv.org/help/rss.html
 */
import { parseArxivId, parseArxivVersion } from '../domain/paper.ts';
import { listingDay, parseAnnouncedAbstract, splitAuthors } from './arxiv-announcement.ts';
import type { RawPaper } from './compose-paper.ts';
import { composePaper } from './compose-paper.ts';
import { dayField, instantField } from './fields.ts';
import type { SourceRecord } from './source-record.ts';
import { excerpt, RowError, readRow } from './source-record.ts';
import type { XmlElement } from './xml.ts';
import { attribute, children, firstText, texts } from './xml.ts';

export function* readAtomFeed(
  feed: XmlElement,
  lineOf: (element: XmlElement) => number,
): Generator<SourceRecord> {
  for (const entry of children(feed, 'entry')) {
    const line = lineOf(entry);
    yield* readRow(line, () => [{ kind: 'paper', line, paper: composePaper(readEntry(entry)) }]);
  }
}

const readEntry = (entry: XmlElement): RawPaper => {
  const id = firstText(entry, 'id')?.trim() ?? '';
  const summary = firstText(entry, 'summary') ?? '';
  // The API answers a bad query with a feed of one entry, whose summary says what was wrong.
  if (/arxiv\.org\/api\/errors/.test(id)) {
    throw new RowError(`arXiv reports an error: ${excerpt(summary, 200)}`);
  }
  const arxivId = parseArxivId(id);
  if (arxivId === undefined) {
    throw new RowError(id ? `id "${excerpt(id)}" is not an arXiv id` : 'id is missing');
  }
  const { abstract, announceType } = parseAnnouncedAbstract(summary);
  const announced = firstText(entry, 'announce_type') ?? announceType;
  const published = firstText(entry, 'published');
  return {
    arxivId,
    version: parseArxivVersion(id),
    textBy: 'arxiv',
    title: firstText(entry, 'title'),
    abstract,
    authors: readAuthors(entry),
    categories: readCategories(entry),
    comment: firstText(entry, 'comment'),
    publishedAt: announced === undefined ? instantField(published, 'published') : undefined,
    listedOn: announced && listingDay(announced, dayField(published, 'published')),
  };
};

const readAuthors = (entry: XmlElement): readonly string[] => {
  const authors = children(entry, 'author').flatMap((author) => texts(author, 'name'));
  return authors.length > 0 ? authors : texts(entry, 'creator').flatMap(splitAuthors);
};

const readCategories = (entry: XmlElement): readonly string[] =>
  [...children(entry, 'primary_category'), ...children(entry, 'category')].flatMap(
    (category) => attribute(category, '@term') ?? [],
  );
