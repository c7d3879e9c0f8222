/** A digest in the words the mail and its web version show, in the reader's language. */
import type { Edition } from '../db/editions.ts';
import type { Subscriber } from '../db/subscribers.ts';
import { type BatchNews, sayBatch } from '../domain/batch.ts';
import { extractOf } from '../domain/extract.ts';
import { type Heading, headingsOf, whereNamed } from '../domain/grouping.ts';
import { headlineOf } from '../domain/headline.ts';
import { absUrl, arxivIdOf, htmlUrl, type Paper, pdfUrl } from '../domain/paper.ts';
import { tellPart, whyHere } from '../domain/reason.ts';
import { firstSentences } from '../domain/sentences.ts';
import { sparkText } from '../domain/sparkline.ts';
import type { Settings } from '../domain/subscription.ts';
import { renderTex } from '../domain/tex.ts';
import type { Part } from '../domain/trend.ts';
import type { Words } from '../domain/words.ts';
import type { DigestView, PaperView } from '../mail/render.ts';
import { sourceLabel } from './batches.ts';
import { type MailKit, tokenUrl } from './mail-kit.ts';
import type { PaperStory } from './paper-story.ts';
import { topicsLine, whenPhrase } from './settings-words.ts';

/** A paper of a digest, with the topic that brought it and the parts of its score. */
export type DigestPaper = {
  /** `bundled` where only the sample that comes with Paperboy tells of it. */
  readonly paper: Paper & { readonly bundled?: true };
  /** Its slug. */
  readonly topic: string;
  readonly score: number;
  readonly parts: readonly Part[];
  /** The title of the paper the reader wanted more of, where being like it moved this one up. */
  readonly like?: string;
} & PaperStory;

/** What a week was. */
export type WeekNews = {
  /** Papers that drew upvotes. */
  readonly noticed: number;
  /** The titles of those that drew most, of all topics. */
  readonly talkedOf: readonly string[];
};

/** What a digest is about, whoever asks: a stored one, or a preview. */
export type DigestOutline = {
  /** The reader's calendar day. */
  readonly day: string;
  readonly edition: Pick<Edition, 'asOf' | 'rankedAt' | 'papersRead'>;
  /** Of papers. */
  readonly count: number;
  /** What is to be said of the sources' lists of the day, where not all was new. */
  readonly batches: readonly BatchNews[];
  /** In a review of the week. */
  readonly week?: WeekNews;
  /** Whether its papers are those of the bundled sample. */
  readonly sample: boolean;
  readonly first: boolean;
  readonly settings: Settings;
};

export type DigestContent = DigestOutline & { readonly papers: readonly DigestPaper[] };

/** Room for what a paper is about, in characters: two or three sentences. */
const aboutLength = 540;

/** The first authors of a paper; more than three become "et al.", as the language says that. */
export const authorsLine = (authors: readonly string[], words: Words): string => {
  const first = authors.slice(0, 3).map(renderTex).join(', ');
  return authors.length > 3 ? words.say('paper.et-al', { authors: first }) : first;
};

export type About = {
  readonly text: string;
  /** Whose words they are, where they are not the authors' own. */
  readonly by?: string;
};

/** What to read of a paper at a glance: its source's summary, else an extract of its abstract. */
export const aboutOf = ({ title, abstract, summary }: Paper): About =>
  // The bundled sample's summaries stand in for abstracts.
  summary && (summary.by !== 'sample' || abstract === '')
    ? {
        text: firstSentences(renderTex(summary.text), aboutLength),
        by: sourceLabel(summary.by),
      }
    : { text: extractOf(renderTex(abstract), renderTex(title), aboutLength) };

/** Where a paper is read: at arXiv, or on its page here while no arXiv id is known. */
export const paperHref = (paper: Paper, baseUrl: string): string => {
  const arxivId = arxivIdOf(paper);
  return arxivId ? absUrl(arxivId) : paperPage(paper, baseUrl);
};

export const paperPage = (paper: Paper, baseUrl: string): string =>
  `${baseUrl}/papers/${idPath(paper)}`;

const idPath = (paper: Paper): string => paper.id.split('/').map(encodeURIComponent).join('/');

const labelledAbout = (paper: DigestPaper['paper']): Pick<PaperView, 'text' | 'textBy'> => {
  const { text, by } = aboutOf(paper);
  // A mail made of the sample says once for all whose summaries it has.
  return { text, ...(by !== undefined && !paper.bundled && { textBy: by }) };
};

/** One paper as the templates want it; `rank` is its place in the mail, from 1. */
export const toPaperView = (
  entry: DigestPaper,
  rank: number,
  baseUrl: string,
  words: Words,
): PaperView => {
  const { paper } = entry;
  return {
    rank,
    title: renderTex(paper.title),
    href: paperHref(paper, baseUrl),
    authorsLine: authorsLine(paper.authors, words),
    ...(paper.categories[0] && { category: paper.categories[0] }),
    topic: words.topic(entry.topic),
    ...labelledAbout(paper),
    why: whyOf(entry, words),
    ...sparkOf(entry, words),
    reactPath: idPath(paper),
    links: linksOf(entry, baseUrl, words),
  };
};

const whyOf = ({ parts, like }: DigestPaper, words: Words): string => {
  const why = whyHere(parts.map((part) => tellPart(words, part)));
  if (like === undefined) return why;
  const title = headlineOf(renderTex(like), mostLikedTitle);
  return [words.say('reason.like', { title }), why].filter(Boolean).join(' · ');
};

const mostLikedTitle = 60;

const sparkOf = ({ spark }: DigestPaper, words: Words): Pick<PaperView, 'spark'> => {
  if (!spark) return {};
  const known = spark.days.flatMap(({ gain }) => (gain === undefined ? [] : Math.round(gain)));
  const days = known.map((gain) => words.number(gain)).join(words.say('list.between'));
  return { spark: { bars: sparkText(spark), label: words.say(`spark.${spark.kind}`, { days }) } };
};

// arXiv makes HTML of what was submitted in TeX since December 2023.
const hasHtml = (arxivId: string): boolean => /^\d{4}\.\d/.test(arxivId) && arxivId >= '2312';

const linksOf = (
  { paper, stars, discussion }: DigestPaper,
  baseUrl: string,
  words: Words,
): PaperView['links'] => {
  const arxivId = arxivIdOf(paper);
  const code =
    stars === undefined ? words.say('link.code') : words.say('link.code-stars', { count: stars });
  return [
    ...(arxivId
      ? [
          { label: words.say('link.abstract'), href: absUrl(arxivId) },
          { label: words.say('link.pdf'), href: pdfUrl(arxivId) },
        ]
      : []),
    ...(arxivId && hasHtml(arxivId)
      ? [{ label: words.say('link.html'), href: htmlUrl(arxivId) }]
      : []),
    ...(paper.codeUrl ? [{ label: code, href: paper.codeUrl }] : []),
    ...(discussion ? [{ label: words.say('link.discussion'), href: discussion }] : []),
    { label: words.say('link.page'), href: paperPage(paper, baseUrl) },
  ];
};

const dayMs = 86_400_000;

/** One line about what the day was. */
const dayLine = (content: DigestOutline, words: Words): string =>
  [
    readLine(content, words),
    ...(content.week ? weekLine(content.week, words) : []),
    // Of a single day's list, which a week can do without, and the sample has none.
    ...(content.week || content.sample ? [] : content.batches.map((news) => sayBatch(words, news))),
  ].join(words.say('list.sentences'));

const weekLine = ({ noticed, talkedOf }: WeekNews, words: Words): readonly string[] => [
  ...(noticed > 0 ? [words.say('week.noticed', { count: noticed })] : []),
  ...(noticed > 0 && talkedOf.length > 0
    ? [
        words.say('week.talk', {
          titles: words.list(talkedOf.map((title) => sayTitle(title, words))),
        }),
      ]
    : []),
];

const sayTitle = (title: string, words: Words): string =>
  words.say('week.title', { title: headlineOf(renderTex(title), 60) });

const readLine = ({ edition, count, week, sample }: DigestOutline, words: Words): string => {
  const chosen = words.say('day.chosen', { count });
  if (sample) return words.say('day.sample', { chosen });
  if (edition.asOf.getTime() - edition.rankedAt.getTime() >= dayMs)
    return words.say('day.stale', { chosen, day: words.fullDay(isoDay(edition.rankedAt)) });
  if (week && edition.papersRead > 0)
    return words.say('week.read', { chosen, count: edition.papersRead });
  if (edition.papersRead === 0) return words.say('day.empty', { chosen });
  return words.say('day.read', { chosen, count: edition.papersRead });
};

const isoDay = (at: Date): string => at.toISOString().slice(0, 10);

const noteOf = (
  { sample, first, settings }: DigestOutline,
  words: Words,
): Pick<DigestView, 'readerNote'> => {
  const notes = [
    ...(sample ? [words.say('day.sample-note')] : []),
    ...(first ? [words.say('digest.first', { when: whenPhrase(settings, words) })] : []),
  ];
  return notes.length > 0 ? { readerNote: notes.join(words.say('list.sentences')) } : {};
};

/** What a digest says to all whose settings are alike, as the templates want it. */
export const toFrameView = (
  content: DigestOutline,
  kit: Pick<MailKit, 'baseUrl' | 'postalAddress'>,
  words: Words,
): Omit<DigestView, 'papers' | 'topicsLine' | 'links'> => ({
  language: words.language,
  baseUrl: kit.baseUrl,
  ...(kit.postalAddress && { postalAddress: kit.postalAddress }),
  ...(content.week && { weekly: true }),
  dateLabel: words.fullDay(content.day),
  dayLine: dayLine(content, words),
  ...noteOf(content, words),
});

/** A digest's content as the templates want it. */
export const toDigestView = (
  content: DigestContent,
  kit: Pick<MailKit, 'baseUrl' | 'postalAddress'>,
  links: DigestView['links'],
  words: Words,
): DigestView => {
  const papers = content.papers.map((paper, index) =>
    toPaperView(paper, index + 1, kit.baseUrl, words),
  );
  return {
    ...toFrameView(content, kit, words),
    topicsLine: topicsLine(content.settings.topics, words),
    links,
    papers: headed(papers, content.settings, words),
  };
};

/** Papers of a digest in their order, with what stands above each. */
export const headed = (
  papers: readonly PaperView[],
  { topics }: Pick<Settings, 'topics'>,
  words: Words,
): readonly PaperView[] => {
  const headings = headingsOf(papers);
  const named = whereNamed(headings, topics.length);
  return papers.map((paper, index) => {
    const heading = sayHeading(headings[index], words);
    return {
      ...paper,
      ...(heading !== undefined && { heading }),
      ...(named[index] && { named: true }),
    };
  });
};

/** What stands above a group of papers. */
export const sayHeading = (
  heading: Heading<string> | undefined,
  words: Words,
): string | undefined =>
  heading && (heading.kind === 'topic' ? heading.topic : words.say('heading.rest'));

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
  react: tokenUrl(kit, 'react', reader.key),
});
