/** A digest in the words the mail and its web version show. */
import type { Edition } from '../db/editions.ts';
import type { Subscriber } from '../db/subscribers.ts';
import { extractOf } from '../domain/extract.ts';
import { absUrl, arxivIdOf, type Paper, pdfUrl } from '../domain/paper.ts';
import { cutAtWord, firstSentences } from '../domain/sentences.ts';
import type { Settings } from '../domain/subscription.ts';
import { renderTex } from '../domain/tex.ts';
import type { Part } from '../domain/trend.ts';
import type { DigestView, PaperView } from '../mail/render.ts';
import { sourceLabel } from './batches.ts';
import { type MailKit, tokenUrl } from './mail-kit.ts';

/** A paper of a digest, with the topic that brought it and the parts of its score. */
export type DigestPaper = {
  readonly paper: Paper;
  readonly topic: string;
  readonly score: number;
  readonly parts: readonly Part[];
};

/** What a digest is about, whoever asks: a stored one, or a preview. */
export type DigestOutline = {
  /** The reader's calendar day. */
  readonly day: string;
  readonly edition: Pick<Edition, 'asOf' | 'rankedAt' | 'papersRead'>;
  /** Of papers. */
  readonly count: number;
  /** What is to be said of the sources' lists of the day, where not all was new. */
  readonly batchLines: readonly string[];
  readonly topics: readonly string[];
  readonly first: boolean;
  readonly settings: Settings;
};

export type DigestContent = DigestOutline & { readonly papers: readonly DigestPaper[] };

/** Room for what a paper is about, in characters: two or three sentences. */
const aboutLength = 540;

/**
 * Why a paper is here: the weightiest two parts of its score, in words. What its words promise is
 * told only where nothing has happened yet that could be told.
 */
export const whyHere = (parts: readonly Part[]): string => {
  const seen = parts.filter(({ name }) => name !== 'words');
  return [...(seen.length > 0 ? seen : parts)]
    .sort((a, b) => b.points - a.points)
    .slice(0, 2)
    .map((part) => part.value)
    .join(' · ');
};

/** The first authors of a paper; more than three become "et al.". */
export const authorsLine = (authors: readonly string[]): string =>
  authors.slice(0, 3).map(renderTex).join(', ') + (authors.length > 3 ? ' et al.' : '');

export type About = {
  readonly text: string;
  /** Whose words they are, where they are not the authors' own. */
  readonly by?: string;
};

/** What to read of a paper at a glance: its source's summary, else an extract of its abstract. */
export const aboutOf = (paper: Paper): About =>
  paper.summary
    ? {
        text: firstSentences(renderTex(paper.summary.text), aboutLength),
        by: sourceLabel(paper.summary.by),
      }
    : { text: extractOf(renderTex(paper.abstract), renderTex(paper.title), aboutLength) };

/** Where a paper is read: at arXiv, or on its page here while no arXiv id is known. */
export const paperHref = (paper: Paper, baseUrl: string): string => {
  const arxivId = arxivIdOf(paper);
  return arxivId ? absUrl(arxivId) : paperPage(paper, baseUrl);
};

export const paperPage = (paper: Paper, baseUrl: string): string =>
  `${baseUrl}/papers/${paper.id.split('/').map(encodeURIComponent).join('/')}`;

const labelled = ({ text, by }: About): Pick<PaperView, 'text' | 'textBy'> => ({
  text,
  ...(by !== undefined && { textBy: by }),
});

/** One paper as the templates want it; `rank` is its place in the mail, from 1. */
export const toPaperView = (entry: DigestPaper, rank: number, baseUrl: string): PaperView => {
  const { paper } = entry;
  const arxivId = arxivIdOf(paper);
  return {
    rank,
    title: renderTex(paper.title),
    href: paperHref(paper, baseUrl),
    authorsLine: authorsLine(paper.authors),
    ...(paper.categories[0] && { category: paper.categories[0] }),
    topic: entry.topic,
    ...labelled(aboutOf(paper)),
    why: whyHere(entry.parts),
    links: [
      ...(arxivId
        ? [
            { label: 'Abstract', href: absUrl(arxivId) },
            { label: 'PDF', href: pdfUrl(arxivId) },
          ]
        : []),
      ...(paper.codeUrl ? [{ label: 'Code', href: paper.codeUrl }] : []),
      { label: 'More', href: paperPage(paper, baseUrl) },
    ],
  };
};

const dayMs = 86_400_000;

/** One line about what the day was. */
const dayLine = (content: DigestOutline): string =>
  [readLine(content), ...content.batchLines].join(' ');

const readLine = ({ edition, count }: DigestOutline): string => {
  const chosen = `${count} ${count === 1 ? 'paper' : 'papers'} for you`;
  if (edition.asOf.getTime() - edition.rankedAt.getTime() >= dayMs)
    return `${chosen}. Our sources have told us nothing new since ${dateLabel(isoDay(edition.rankedAt))}.`;
  if (edition.papersRead === 0) return `${chosen}. No new listing in the past day.`;
  const read = edition.papersRead.toLocaleString('en');
  return `${chosen}, out of ${read} listed in the past day and those still rising.`;
};

const isoDay = (at: Date): string => at.toISOString().slice(0, 10);

const longDate = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' });

const dateLabel = (day: string): string => longDate.format(new Date(`${day}T00:00:00Z`));

/** When the digest comes, as a phrase: `every day from 08:00 (Europe/Berlin)`. */
export const whenPhrase = ({ frequency, hour, timeZone }: Settings): string => {
  const days = {
    daily: 'every day',
    weekdays: 'Monday to Friday',
    weekly: frequency.kind === 'weekly' ? `every ${weekdayNames[frequency.on]}` : '',
  };
  return `${days[frequency.kind]} from ${String(hour).padStart(2, '0')}:00 (${timeZone})`;
};

const weekdayNames = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
} as const;

/** The topics of a digest in a line; many are cut short. */
export const topicsLine = (names: readonly string[]): string =>
  cutAtWord(
    names.slice(0, 8).join(', ') + (names.length > 8 ? ` and ${names.length - 8} more` : ''),
    200,
  );

/** Everything of a digest but its papers, as the templates want it. */
export const toFrameView = (
  content: DigestOutline,
  baseUrl: string,
  links: DigestView['links'],
): Omit<DigestView, 'papers'> => ({
  baseUrl,
  dateLabel: dateLabel(content.day),
  dayLine: dayLine(content),
  topicsLine: topicsLine(content.topics),
  ...(content.first && {
    readerNote: `Welcome! This is your first digest; the next ones come ${whenPhrase(content.settings)}.`,
  }),
  links,
});

/** A digest's content as the templates want it. */
export const toDigestView = (
  content: DigestContent,
  baseUrl: string,
  links: DigestView['links'],
): DigestView => ({
  ...toFrameView(content, baseUrl, links),
  papers: content.papers.map((paper, index) => toPaperView(paper, index + 1, baseUrl)),
});

/** The links of one reader's mail. */
export const digestLinks = (
  kit: MailKit,
  reader: Pick<Subscriber, 'key'>,
  digestKey: Buffer,
): DigestView['links'] => ({
  manage: tokenUrl(kit, 'manage', reader.key),
  unsubscribe: tokenUrl(kit, 'unsubscribe', reader.key),
  web: tokenUrl(kit, 'digest', digestKey),
  feed: tokenUrl(kit, 'feed', reader.key),
});
