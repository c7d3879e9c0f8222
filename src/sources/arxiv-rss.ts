/** arXiv's announcement feed as RSS 2.0. https://info.arxiv.org/help/rss.html */
import { parseArxivId, parseArxivVersion } from '../domain/paper.ts';
import { listingDay, parseAnnouncedAbstract, splitAuthors } from './arxiv-announcement.ts';
import type { RawPaper } from './compose-paper.ts';
import { composePaper } from './compose-paper.ts';
import { parseMailDay } from './fields.ts';
import type { SourceRecord } from './source-record.ts';
import { excerpt, RowError, readRow } from './source-record.ts';
import type { XmlElement } from './xml.ts';
import { children, firstText, texts } from './xml.ts';

export function* readRssFeed(
  rss: XmlElement,
  lineOf: (element: XmlElement) => number,
): Generator<SourceRecord> {
  for (const channel of children(rss, 'channel')) {
    const feedDate = firstText(channel, 'pubDate');
    for (const item of children(channel, 'item')) {
      const line = lineOf(item);
      yield* readRow(line, () => [
        { kind: 'paper', line, paper: composePaper(readItem(item, feedDate)) },
      ]);
    }
  }
}

const readItem = (item: XmlElement, feedDate: string | undefined): RawPaper => {
  const link = firstText(item, 'link')?.trim() ?? '';
  const arxivId = parseArxivId(link) ?? parseArxivId(firstText(item, 'guid') ?? '');
  if (arxivId === undefined) {
    throw new RowError(
      link ? `link "${excerpt(link)}" leads to no arXiv paper` : 'link is missing',
    );
  }
  const { abstract, announceType } = parseAnnouncedAbstract(firstText(item, 'description') ?? '');
  const announced = firstText(item, 'announce_type') ?? announceType ?? 'new';
  return {
    arxivId,
    version: parseArxivVersion(firstText(item, 'guid') ?? '') ?? parseArxivVersion(link),
    textBy: 'arxiv',
    title: firstText(item, 'title'),
    abstract,
    authors: texts(item, 'creator').flatMap(splitAuthors),
    categories: texts(item, 'category'),
    listedOn: listingDay(announced, readDay(firstText(item, 'pubDate') ?? feedDate)),
  };
};

const readDay = (pubDate: string | undefined): string | undefined => {
  if (pubDate === undefined) return undefined;
  const day = parseMailDay(pubDate);
  if (day === undefined) throw new RowError(`pubDate "${excerpt(pubDate)}" is no date`);
  return day;
};
