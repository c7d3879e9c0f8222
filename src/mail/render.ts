/** A digest or a notice, as plain data, made subject, HTML and text. Every value is hostile. */
import { headlineOf } from '../domain/headline.ts';
import type { Language } from '../domain/language.ts';
import type { Words } from '../domain/words.ts';
import { clampPlain, clampText, isPlainText, safeHref } from './plain.ts';
import type { DigestFields, LinkField, NoticeFields, PaperFields } from './template-fields.ts';
import type { MailTemplate, NoticeName, Templates } from './templates.ts';

export type PaperView = {
  readonly rank: number;
  /** Plain Unicode, its TeX already rendered. */
  readonly title: string;
  readonly href: string;
  readonly authorsLine: string;
  readonly category?: string;
  readonly topic: string;
  /** Two or three sentences, plain Unicode. */
  readonly text: string;
  /** Who wrote `text`, where it is no extract of the abstract. */
  readonly textBy?: string;
  /** Why it is here, in plain words. */
  readonly why: string;
  /** What stands above it, where the papers are grouped and a group begins. */
  readonly heading?: string;
  /** Whether it stands in a group below its topic's name, which it then need not say again. */
  readonly named?: boolean;
  /** Attention day by day in block characters, `▁▃▅▂`, and the same in words. */
  readonly spark?: { readonly bars: string; readonly label: string };
  /** The paper's id as it stands in an address, after `links.react`. */
  readonly reactPath: string;
  readonly links: readonly { readonly label: string; readonly href: string }[];
};

export type DigestView = {
  readonly language: Language;
  readonly baseUrl: string;
  /** `Friday, 20 March 2026`, by the reader's calendar. */
  readonly dateLabel: string;
  /** One line about the day. */
  readonly dayLine: string;
  readonly topicsLine: string;
  readonly readerNote?: string;
  /** A review of the week, not what one day brought. */
  readonly weekly?: boolean;
  /** Which paper the subject speaks of, from 0; the first unless said otherwise. */
  readonly lead?: number;
  /** The operator's, where the law wants one. */
  readonly postalAddress?: string;
  readonly papers: readonly PaperView[];
  readonly links: {
    readonly manage: string;
    readonly unsubscribe: string;
    readonly web: string;
    readonly feed: string;
    /** Where readers say more or less like a paper; its id follows. */
    readonly react: string;
  };
};

export type NoticeView = {
  readonly language: Language;
  readonly baseUrl: string;
  readonly email: string;
  /** `confirm` is needed by a confirmation, `manage` by a welcome and an already. */
  readonly links: {
    readonly confirm?: string;
    readonly manage?: string;
    readonly unsubscribe?: string;
    readonly web?: string;
    readonly feed?: string;
  };
  readonly topicsLine?: string;
  /** When the digest comes, as a sentence. */
  readonly whenLine?: string;
  /** What was changed, a line each. */
  readonly changes?: readonly string[];
  readonly postalAddress?: string;
};

export type RenderedMail = {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
};

/** Characters per field and links per paper. */
export type Limits = {
  readonly text: number;
  readonly title: number;
  readonly line: number;
  readonly href: number;
  readonly links: number;
  /** Whether there is room for what is not about the paper: its curve, and more or less like it. */
  readonly extras: boolean;
};

// Gmail clips near 102 KB, and the quoted-printable form is what it measures. A digest beyond the
// limit is rendered again with less of each paper; nothing real gets past the second row.
export const mostHtmlBytes = 88_000;
export const limitSteps: readonly [Limits, ...Limits[]] = [
  { text: 600, title: 300, line: 200, href: 1_000, links: 6, extras: true },
  { text: 400, title: 240, line: 140, href: 300, links: 6, extras: true },
  { text: 220, title: 160, line: 90, href: 200, links: 4, extras: false },
  { text: 60, title: 80, line: 40, href: 150, links: 2, extras: false },
];

/**
 * One digest. The HTML stays under 90 KB whatever the papers hold, by shortening all of them.
 * Links that are not http(s) or mailto are left out.
 */
export const renderDigest = (templates: Templates, view: DigestView): RenderedMail => {
  const words = templates.words[view.language];
  const render = (limits: Limits): RenderedMail =>
    fill(templates.digest, digestFields(view, limits, words), words);
  let mail: RenderedMail | undefined;
  for (const limits of limitSteps) {
    mail = render(limits);
    if (Buffer.byteLength(mail.html) <= mostHtmlBytes) return mail;
  }
  return mail ?? render(limitSteps[0]);
};

/** A mail about the subscription itself. @throws when the link it is about is missing or unsafe. */
export const renderNotice = (
  templates: Templates,
  name: NoticeName,
  view: NoticeView,
): RenderedMail => {
  const fields = noticeFields(view);
  const needed = neededLink[name];
  if (fields.links[needed] === '') throw new Error(`the ${name} mail needs a ${needed} link`);
  return fill(templates[name], fields, templates.words[view.language]);
};

const neededLink = {
  confirmation: 'confirm',
  welcome: 'manage',
  already: 'manage',
  changed: 'manage',
  goodbye: 'confirm',
} as const satisfies Record<NoticeName, keyof NoticeFields['links']>;

const fill = (
  template: MailTemplate,
  fields: DigestFields | NoticeFields,
  words: Words,
): RenderedMail => ({
  subject: clampText(template.subject(fields, words), 160),
  html: template.html(fields, words),
  // Empty optional parts may leave several blank lines, and none is wanted at the end.
  text: tidyText(template.text(fields, words)),
});

/** A filled text template without the blank lines that empty parts leave, and one line end last. */
export const tidyText = (filled: string): string =>
  `${filled
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;

/** A digest's fields, every value cut to its limit. */
export const digestFields = (view: DigestView, limits: Limits, words: Words): DigestFields => {
  const papers = view.papers.map((paper) => paperFields(paper, limits, words));
  const titles = papers.map(({ title }) => title);
  const dayLine = clampText(view.dayLine, 300);
  return {
    language: view.language,
    baseUrl: safeHref(view.baseUrl),
    dateLabel: clampText(view.dateLabel, 80),
    dayLine,
    topicsLine: clampText(view.topicsLine, 400),
    readerNote: clampText(view.readerNote ?? '', 400),
    editionLabel: words.say(view.weekly ? 'edition.weekly' : 'edition.daily'),
    endLine: words.say(view.weekly ? 'digest.end-weekly' : 'digest.end'),
    postalAddress: clampText(view.postalAddress ?? '', 300),
    ...subjectFields(titles.map(briefly), view, dayLine),
    papers,
    links: {
      manage: safeHref(view.links.manage),
      unsubscribe: safeHref(view.links.unsubscribe),
      web: safeHref(view.links.web),
      feed: safeHref(view.links.feed),
      react: safeHref(view.links.react),
    },
  };
};

/** A title for the subject, and for the line after it. */
export type Brief = {
  readonly headline: string;
  readonly brief: string;
  /** Whether `brief` is, so that a line of such need not be looked at. */
  readonly isPlain: boolean;
};

export const briefly = (title: string): Brief => {
  const brief = headlineOf(title, 48);
  return {
    headline: clampText(headlineOf(title, 70), 70),
    brief,
    isPlain: isPlainText(brief),
  };
};

/** What a mail client shows of a mail before it is opened: the lead's point, and what else there is. */
export const subjectFields = (
  briefs: readonly Brief[],
  { lead = 0, weekly = false }: Pick<DigestView, 'lead' | 'weekly'>,
  dayLine: string,
): Pick<DigestFields, 'preheader' | 'headline' | 'weekly' | 'more'> => {
  return {
    preheader: preheaderOf(briefs, lead) || clampText(dayLine, mostPreheader),
    headline: briefs[lead]?.headline ?? clampText(dayLine, 70),
    weekly,
    more: Math.max(0, briefs.length - 1),
  };
};

const mostPreheader = 160;

const preheaderOf = (briefs: readonly Brief[], lead: number): string => {
  let others = '';
  let arePlain = true;
  // Six titles fill a preheader; joining thirty would be for nothing.
  for (let index = 0, taken = 0; index < briefs.length && taken < 6; index += 1) {
    const { brief, isPlain } = briefs[index] as Brief;
    if (index === lead) continue;
    others += taken === 0 ? brief : ` · ${brief}`;
    arePlain &&= isPlain;
    taken += 1;
  }
  return (
    (arePlain ? clampPlain(others, mostPreheader) : undefined) ?? clampText(others, mostPreheader)
  );
};

/** A paper's fields, every value cut to its limit. */
export const paperFields = (paper: PaperView, limits: Limits, words: Words): PaperFields => {
  const href = safeHref(paper.href, limits.href);
  const links = paper.links
    .map(
      (link): LinkField => ({
        label: clampText(link.label, 40),
        href: safeHref(link.href, limits.href),
      }),
    )
    .filter((link) => link.href !== '' && link.label !== '')
    .slice(0, limits.links);
  const category = clampText(paper.category ?? '', 30);
  const topic = clampText(paper.topic, Math.min(80, limits.line));
  const listed = href === '' || links.some((link) => link.href === href);
  return {
    rank: paper.rank,
    number: `${String(paper.rank).padStart(2)}. `,
    title: clampText(paper.title, limits.title) || words.say('text.untitled'),
    href,
    authorsLine: clampText(paper.authorsLine, limits.line),
    category,
    topic,
    place: placeOf(category, topic, paper.named ?? false),
    text: clampText(paper.text, limits.text),
    textBy: clampText(paper.textBy ?? '', 60),
    why: clampText(paper.why, limits.line),
    heading: clampText(paper.heading ?? '', 80),
    spark: limits.extras ? clampText(paper.spark?.bars ?? '', 20) : '',
    sparkLabel: limits.extras ? clampText(paper.spark?.label ?? '', limits.line) : '',
    reactPath: limits.extras && isPath.test(paper.reactPath) ? paper.reactPath : '',
    links,
    textLinks: listed ? links : [{ label: words.say('text.read'), href }, ...links],
  };
};

/** Category and topic; below the topic's name only a category that the name does not hold. */
export const placeOf = (category: string, topic: string, isNamed: boolean): string => {
  const said = topic.includes(category) ? '' : category;
  return isNamed ? said : [said, topic].filter(Boolean).join(' · ');
};

const isPath = /^[\w.%:/~-]{1,250}$/;

const noticeFields = (view: NoticeView): NoticeFields => ({
  language: view.language,
  baseUrl: safeHref(view.baseUrl),
  email: clampText(view.email, 260),
  topicsLine: clampText(view.topicsLine ?? '', 600),
  whenLine: clampText(view.whenLine ?? '', 300),
  changes: (view.changes ?? []).map((line) => clampText(line, 300)),
  postalAddress: clampText(view.postalAddress ?? '', 300),
  links: {
    confirm: safeHref(view.links.confirm ?? ''),
    manage: safeHref(view.links.manage ?? ''),
    unsubscribe: safeHref(view.links.unsubscribe ?? ''),
    web: safeHref(view.links.web ?? ''),
    feed: safeHref(view.links.feed ?? ''),
  },
});
