/**
 * The press: each paper's block of the mail is set once, encoded as it will be sent, and a reader's
 * mail is a join of such blocks in a frame. It prints what `renderDigest` renders, word for word.
 *
 * A template is filled once with marks in place of what differs from reader to reader. A mark is a
 * hole in the encoded text, filled in the way the template asked for (escaped, or wrapped).
 */
import { defaultLanguage, type Language } from '../domain/language.ts';
import { remembered } from '../lib/remembered.ts';
import { blockEnd, blockStart, holeEnd, holeStart } from './marks.ts';
import { clampText, safeHref } from './plain.ts';
import { type Form, toForm } from './press-form.ts';
import {
  type Block,
  type Frame,
  type Place,
  type Placed,
  type Places,
  printPart,
} from './press-part.ts';
import {
  type Brief,
  briefly,
  type DigestView,
  digestFields,
  limitSteps,
  mostHtmlBytes,
  type PaperView,
  paperFields,
  subjectFields,
  tidyText,
} from './render.ts';
import type { DigestFields, PaperFields } from './template-fields.ts';
import type { Templates } from './templates.ts';

/** A digest without its papers: what is each reader's own, and the day's. */
export type DigestFrame = Omit<DigestView, 'papers'>;

/** A digest's subject and its two encoded parts, for `composeMessage`. */
export type PrintedDigest = {
  readonly subject: string;
  readonly encoded: { readonly text: string; readonly html: string };
};

export type Press = {
  /** The block kept under a key. */
  readonly find: (key: string) => Block | undefined;
  /** Sets a paper's block in the language of its view, and keeps it under a key. */
  readonly set: (key: string, paper: PaperView, language: Language) => Block;
  /** Prints a digest; `undefined` when it would grow too large and must be rendered shorter. */
  readonly print: (digest: DigestFrame, papers: readonly Placed[]) => PrintedDigest | undefined;
};

/** Blocks kept at most; an edition of 200 topics has some ten thousand. */
const mostBlocks = 20_000;
const mostFrames = 50;

const usualLimits = limitSteps[0];

/** A press over loaded templates. It keeps the blocks it has set. */
export const createPress = (templates: Templates): Press => {
  const blocks = new Map<string, Block>();
  const frames = new Map<string, { readonly html: Frame; readonly text: Frame }>();
  const subjects = new Map<string, string>();
  return {
    find: (key) => blocks.get(key),
    set: (key, paper, language) =>
      remembered(blocks, mostBlocks, key, () => setBlock(templates, paper, language)),
    print: (digest, papers) => {
      const dayLine = clamp(digest.dayLine, 300);
      const shown = subjectFields(briefsOf(papers), digest, dayLine);
      const values: Values = { ...valuesOf(digest), dayLine, preheader: shown.preheader };
      const empty = Object.keys(values).filter((name) => values[name] === '');
      const { language, dateLabel, baseUrl, weekly } = digest;
      const key = [language, dateLabel, baseUrl, weekly, ...empty].join('\n');
      const frame = remembered(frames, mostFrames, key, () => setFrame(templates, digest, values));
      const html = printPart(frame.html, papers, 'html', values);
      if (html.bytes > mostHtmlBytes) return undefined;
      const text = printPart(frame.text, papers, 'text', values);
      return {
        subject: subjectOf(templates, subjects, { digest, values, shown, key }),
        encoded: { html: html.encoded, text: text.encoded },
      };
    },
  };
};

/** Lines cut to size: those of the day, of topics, and of the titles that many readers share. */
const clamped = new Map<string, string>();
const mostClamped = 5_000;

const clamp = (text: string, most: number): string =>
  remembered(clamped, mostClamped, `${most} ${text}`, () => clampText(text, most));

/** What is each reader's own, under the name of its hole. */
const valuesOf = (digest: DigestFrame): Readonly<Record<string, string>> => ({
  topicsLine: clamp(digest.topicsLine, 400),
  readerNote: clamp(digest.readerNote ?? '', 400),
  'links.manage': ownHref(digest.links.manage),
  'links.unsubscribe': ownHref(digest.links.unsubscribe),
  'links.web': ownHref(digest.links.web),
  'links.feed': ownHref(digest.links.feed),
  'links.react': ownHref(digest.links.react),
});

const briefsOf = (papers: readonly Placed[]): readonly Brief[] => papers.map(({ block }) => block);

// Made by us of a base address and a token; parsing an address costs as much as printing a paper.
const ownHref = (href: string): string =>
  /^https?:\/\/[a-z0-9.:-]+\/[\w./-]*$/.test(href) ? href : safeHref(href);

type Values = Readonly<Record<string, string>>;

/**
 * The subject, filled once for all readers whose papers give the same. `key` tells the frames apart.
 * A template that names what is each reader's own is found by the marks left in it, and filled anew.
 */
const subjectOf = (
  templates: Templates,
  subjects: Map<string, string>,
  mail: {
    readonly digest: DigestFrame;
    readonly values: Values;
    readonly shown: ReturnType<typeof subjectFields>;
    readonly key: string;
  },
): string => {
  const { digest, values, shown } = mail;
  const key = `${mail.key}\n${shown.more}\n${shown.headline}`;
  const common = remembered(subjects, mostSubjects, key, () => {
    const marked = (name: string): string => markUnlessEmpty(values, name);
    const filled = fillSubject(templates, { ...digest, links: markedLinks }, shown, marked);
    return filled.includes(holeStart) ? filled : clampText(filled, 160);
  });
  if (!common.includes(holeStart)) return common;
  return clampText(
    fillSubject(templates, digest, shown, (name) => values[name] ?? ''),
    160,
  );
};

const fillSubject = (
  templates: Templates,
  { language, baseUrl, dateLabel, links }: DigestFrame,
  shown: ReturnType<typeof subjectFields>,
  textOf: (name: string) => string,
): string => {
  const fields: DigestFields = {
    ...{ ...emptyDigest, language, baseUrl, dateLabel, links, ...shown },
    dayLine: textOf('dayLine'),
    topicsLine: textOf('topicsLine'),
    readerNote: textOf('readerNote'),
    preheader: textOf('preheader'),
  };
  return templates.digest.subject(fields, templates.words[language]);
};

const mostSubjects = 2_000;

const mark = (name: string): string => `${holeStart}${name}${holeEnd}`;

const markedLinks: DigestFields['links'] = {
  manage: mark('links.manage'),
  unsubscribe: mark('links.unsubscribe'),
  web: mark('links.web'),
  feed: mark('links.feed'),
  react: mark('links.react'),
};

/** A mark where the reader's own value goes; where there is none, templates may leave a part out. */
const markUnlessEmpty = (values: Values, name: string): string =>
  values[name] === '' ? '' : mark(name);

const setFrame = (templates: Templates, digest: DigestFrame, values: Values) => {
  const marked = (name: string): string => markUnlessEmpty(values, name);
  const words = templates.words[digest.language];
  const fields: DigestFields = {
    ...digestFields({ ...digest, papers: [] }, usualLimits, words),
    dayLine: marked('dayLine'),
    topicsLine: marked('topicsLine'),
    readerNote: marked('readerNote'),
    preheader: marked('preheader'),
    papers: [markedPaper],
    links: {
      manage: marked('links.manage'),
      unsubscribe: marked('links.unsubscribe'),
      web: marked('links.web'),
      feed: marked('links.feed'),
      react: '',
    },
  };
  return {
    html: toFrame(templates.digest.marked.html(fields, words)),
    text: toFrame(tidyText(templates.digest.marked.text(fields, words))),
  };
};

/** Stands where the papers go; only the frame around it is used. */
const markedPaper: PaperFields = {
  rank: 0,
  number: '',
  title: '-',
  href: '',
  authorsLine: '',
  category: '',
  topic: '',
  place: '-',
  text: '',
  textBy: '',
  why: '',
  heading: '',
  spark: '',
  sparkLabel: '',
  reactPath: '',
  links: [],
  textLinks: [],
};

const toFrame = (filled: string): Frame => {
  const [start, end] = [filled.indexOf(blockStart), filled.indexOf(blockEnd)];
  return { before: toForm(filled.slice(0, start)), after: toForm(filled.slice(end + 1)) };
};

const setBlock = (templates: Templates, view: PaperView, language: Language): Block => {
  const words = templates.words[language];
  const fields = paperFields(view, usualLimits, words);
  const own: PaperFields = {
    ...fields,
    heading: '',
    rank: mark('rank') as unknown as number,
    // Two columns wide, as the number it stands for, so that the title wraps as it will.
    number: `${mark('')}. `,
  };
  const digest: DigestFields = {
    ...emptyDigest,
    language,
    links: { ...emptyDigest.links, react: mark('links.react') },
  };
  const { html, text } = templates.digest.marked;
  return {
    ...briefly(fields.title),
    topic: view.topic,
    html: toPlaces(own, (papers) => html({ ...digest, papers }, words)),
    text: toPlaces(own, (papers) => tidyText(text({ ...digest, papers }, words))),
  };
};

/**
 * How the paper looks in each place, filled when first asked for: a paper alone in its mail is rare,
 * as is one that ever stands below a heading. One filling shows the first, a middle and the last.
 */
const toPlaces = (own: PaperFields, fill: (papers: readonly PaperFields[]) => string): Places => {
  const forms = new Map<string, Form>();
  const places = new Map<string, Form>();
  return (place, isHeaded) => {
    const asked = `${isHeaded}${place}`;
    const known = places.get(asked);
    if (known) return known;
    const paper = isHeaded ? { ...own, heading: mark('heading') } : own;
    const names: readonly Place[] = place === 'only' ? ['only'] : ['first', 'middle', 'last'];
    const filled = blocksIn(fill(names.map(() => paper)));
    // Most templates set all places alike, and then there is one form for them.
    for (const [index, name] of names.entries()) {
      const block = filled[index] ?? '';
      places.set(
        `${isHeaded}${name}`,
        remembered(forms, 8, block, () => toForm(block)),
      );
    }
    return places.get(asked) ?? toForm('');
  };
};

const blocksIn = (filled: string): readonly string[] =>
  filled
    .split(blockStart)
    .slice(1)
    .map((run) => run.slice(0, run.indexOf(blockEnd)));

const emptyDigest: DigestFields = {
  language: defaultLanguage,
  baseUrl: '',
  dateLabel: '',
  dayLine: '',
  topicsLine: '',
  readerNote: '',
  editionLabel: '',
  endLine: '',
  postalAddress: '',
  preheader: '',
  headline: '',
  weekly: false,
  more: 0,
  papers: [],
  links: { manage: '', unsubscribe: '', web: '', feed: '', react: '' },
};
