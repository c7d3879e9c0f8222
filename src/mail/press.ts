/**
 * The press: each paper's block of the mail is set once, encoded as it will be sent, and a reader's
 * mail is a join of such blocks in a frame. It prints what `renderDigest` renders, word for word.
 *
 * A template is filled once with marks in place of what differs from reader to reader. A mark is a
 * hole in the encoded text, filled in the way the template asked for (escaped, or wrapped).
 */
import Handlebars from 'handlebars';
import type { Language } from '../domain/language.ts';
import { remembered } from '../lib/remembered.ts';
import type { Galley } from './galley.ts';
import { holeStart } from './marks.ts';
import { type Body, seams } from './message.ts';
import { clampText, safeHref } from './plain.ts';
import { type Block, type Frame, type Placed, printPart, type Values } from './press-part.ts';
import { noBytes } from './press-run.ts';
import { emptyDigest, mark, setBlock, setFrame } from './press-set.ts';
import { encodePiece, encodePlainHref, toBytes } from './quoted-printable.ts';
import {
  type Brief,
  type DigestView,
  mostHtmlBytes,
  type PaperView,
  subjectFields,
} from './render.ts';
import type { DigestFields } from './template-fields.ts';
import type { Templates } from './templates.ts';

/** What a digest says in the mails of many readers, its papers aside. */
export type CommonView = Omit<DigestView, keyof OwnView | 'papers'>;
/** What it says to one reader. Links behind the view's base address go on with a path and a token. */
export type OwnView = Pick<DigestView, 'topicsLine' | 'lead' | 'links'>;

/** The same view, opened for printing. */
export type PressFrame = {
  readonly view: CommonView;
  readonly dayLine: string;
  readonly readerNote: string;
  /** What links begin with that need no look at each; unset where the base address is not plain. */
  readonly plainStart: string | undefined;
  /** By which of the reader's own words are missing: templates may leave out what is around them. */
  readonly forms: Map<number, SetFrame>;
};

type SetFrame = {
  readonly html: Frame;
  readonly text: Frame;
  /** Subjects by what they speak of. */
  readonly subjects: Map<string, string>;
};

/** A digest's subject and its body, for `composeMessage`. */
export type PrintedDigest = { readonly subject: string; readonly body: Body };

export type Press = {
  readonly frame: (view: CommonView) => PressFrame;
  /** Sets a paper's block in the language of its view. */
  readonly set: (paper: PaperView, language: Language) => Block;
  /** Prints a digest; `undefined` when it would grow too large and must be rendered shorter. */
  readonly print: (
    galley: Galley,
    frame: PressFrame,
    own: OwnView,
    papers: readonly Placed[],
  ) => PrintedDigest | undefined;
};

const seamBytes = {
  text: toBytes(seams.text),
  html: toBytes(seams.html),
  end: toBytes(seams.end),
} as const;

const mostFrames = 50;
const mostSubjects = 2_000;

/** A press over loaded templates. Frames and blocks are for whoever asked to keep. */
export const createPress = (templates: Templates): Press => {
  const frames = new Map<string, SetFrame>();
  const formsOf = (frame: PressFrame, own: OwnView, values: Values): SetFrame => {
    const missing = missingIn(values);
    return remembered(frame.forms, mostFrames, missing, () => {
      // Readers' first digests differ in no more than the note, which is a hole.
      const { language, dateLabel, baseUrl, weekly } = frame.view;
      const key = [language, dateLabel, baseUrl, weekly, missing].join('\n');
      return remembered(frames, mostFrames, key, () => ({
        ...setFrame(templates, { ...frame.view, ...own }, values),
        subjects: new Map(),
      }));
    });
  };
  return {
    frame: (view) => ({
      view,
      dayLine: clampText(view.dayLine, 300),
      readerNote: clampText(view.readerNote ?? '', 400),
      plainStart: isPlainHref(view.baseUrl) ? `${view.baseUrl}/` : undefined,
      forms: new Map(),
    }),
    set: (paper, language) => setBlock(templates, paper, language),
    print: (galley, frame, own, papers) => {
      const { view, dayLine } = frame;
      const briefs = papers.map(({ block }): Brief => block);
      const shown = subjectFields(
        briefs,
        { lead: own.lead ?? 0, weekly: view.weekly ?? false },
        dayLine,
      );
      const values = valuesOf(own, frame, shown.preheader);
      const { html, text, subjects } = formsOf(frame, own, values);
      galley.begin();
      galley.put(seamBytes.text);
      printPart(galley, text, papers, 'text', values);
      galley.put(seamBytes.html);
      const bytes = printPart(galley, html, papers, 'html', values);
      galley.put(seamBytes.end);
      if (bytes > mostHtmlBytes) return undefined;
      const subject = subjectOf(templates, subjects, { view, links: own.links, values, shown });
      return { subject, body: galley.lift() };
    },
  };
};

const mostLines = 5_000;
/** Lines of topics cut to size: many readers share one. */
const topicsLines = new Map<string, string>();

const valuesOf = (
  { topicsLine, links }: OwnView,
  { dayLine, readerNote, plainStart }: PressFrame,
  preheader: string,
): Values => {
  const given = [links.manage, links.unsubscribe, links.web, links.feed, links.react];
  const arePlain = plainStart !== undefined && areUnder(plainStart, given);
  const hrefs = arePlain ? given : given.map((href) => safeHref(href));
  const [manage = '', unsubscribe = '', web = '', feed = '', react = ''] = hrefs;
  const holes = {
    dayLine,
    topicsLine: remembered(topicsLines, mostLines, topicsLine, () => clampText(topicsLine, 400)),
    readerNote,
    preheader,
    'links.manage': manage,
    'links.unsubscribe': unsubscribe,
    'links.web': web,
    'links.feed': feed,
    'links.react': react,
  };
  const text: Buffer[] = [noBytes, noBytes];
  for (const href of hrefs)
    text.push(toBytes(arePlain ? encodePlainHref(href) : encodePiece(href)));
  // Both parts say them alike, but for a character that HTML has its own word for.
  const html = arePlain ? text : [noBytes, noBytes, ...hrefs.map(inHtml)];
  return { holes, gaps: { html, text } };
};

const areUnder = (start: string, hrefs: readonly string[]): boolean => {
  for (const href of hrefs) if (!href.startsWith(start)) return false;
  return true;
};

/** A bit for each value that is empty. */
const missingIn = ({ holes }: Values): number => {
  let missing = 0;
  for (const [index, name] of holeNames.entries()) if (holes[name] === '') missing += 1 << index;
  return missing;
};

const inHtml = (href: string): Buffer =>
  toBytes(encodePiece(Handlebars.Utils.escapeExpression(href)));

const holeNames = [
  ...(['dayLine', 'topicsLine', 'readerNote', 'preheader'] as const),
  ...(['links.manage', 'links.unsubscribe', 'links.web'] as const),
  ...(['links.feed', 'links.react'] as const),
] as const;

/**
 * Whether an address is written as `safeHref` writes it, with nothing in it that HTML has its own word
 * for. So is what a path and a token make of it: asked once for all mails, since to parse an address
 * costs as much as a paper.
 */
export const isPlainHref = (href: string): boolean =>
  /^https?:\/\/[a-z0-9.:-]+(?:\/[\w./-]*)?$/.test(href) && safeHref(`${href}/x`) === `${href}/x`;

/**
 * The subject, filled once for all readers whose papers give the same. A template that names what is
 * each reader's own is found by the marks left in it, and filled anew.
 */
const subjectOf = (
  templates: Templates,
  subjects: Map<string, string>,
  mail: {
    readonly view: CommonView;
    readonly links: OwnView['links'];
    readonly values: Values;
    readonly shown: ReturnType<typeof subjectFields>;
  },
): string => {
  const { view, links, values, shown } = mail;
  const common = remembered(subjects, mostSubjects, `${shown.more} ${shown.headline}`, () => {
    // Where the reader has none, templates may leave a part out.
    const marked = (name: string): string => (values.holes[name] === '' ? '' : mark(name));
    const filled = fillSubject(templates, { ...view, links: markedLinks }, shown, marked);
    return filled.includes(holeStart) ? filled : clampText(filled, 160);
  });
  if (!common.includes(holeStart)) return common;
  return clampText(
    fillSubject(templates, { ...view, links }, shown, (name) => values.holes[name] ?? ''),
    160,
  );
};

const fillSubject = (
  templates: Templates,
  { language, baseUrl, dateLabel, links }: CommonView & Pick<OwnView, 'links'>,
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

const markedLinks: DigestFields['links'] = {
  manage: mark('links.manage'),
  unsubscribe: mark('links.unsubscribe'),
  web: mark('links.web'),
  feed: mark('links.feed'),
  react: mark('links.react'),
};
