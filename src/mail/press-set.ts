/** Templates filled with marks for what differs from reader to reader, and made forms of. */
import { defaultLanguage, type Language } from '../domain/language.ts';
import { remembered } from '../lib/remembered.ts';
import { blockEnd, blockStart, holeEnd, holeStart } from './marks.ts';
import { type Form, toForm } from './press-form.ts';
import {
  type Block,
  type Frame,
  type Place,
  type Places,
  placeSlots,
  type Values,
} from './press-part.ts';
import {
  briefly,
  type DigestView,
  digestFields,
  limitSteps,
  type PaperView,
  paperFields,
  placeOf,
  tidyText,
} from './render.ts';
import type { DigestFields, PaperFields } from './template-fields.ts';
import type { Templates } from './templates.ts';

const usualLimits = limitSteps[0];

/** A hole to be, in a template's filling. */
export const mark = (name: string): string => `${holeStart}${name}${holeEnd}`;

/** A mark where the reader's own value goes; where there is none, templates may leave a part out. */
const markUnlessEmpty = (values: Values, name: string): string =>
  values.holes[name] === '' ? '' : mark(name);

/** Everything of a digest around its papers. */
export const setFrame = (
  templates: Templates,
  digest: Omit<DigestView, 'papers'>,
  values: Values,
): { readonly html: Frame; readonly text: Frame } => {
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

const around: Readonly<Record<Place, readonly [readonly PaperFields[], readonly PaperFields[]]>> = {
  only: [[], []],
  first: [[], [markedPaper]],
  middle: [[markedPaper], [markedPaper]],
  last: [[markedPaper], []],
};

const toFrame = (filled: string): Frame => {
  const [start, end] = [filled.indexOf(blockStart), filled.indexOf(blockEnd)];
  return { before: toForm(filled.slice(0, start)), after: toForm(filled.slice(end + 1)) };
};

/** A paper as it will stand in every mail of its edition. */
export const setBlock = (templates: Templates, view: PaperView, language: Language): Block => {
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
  const named = { ...own, place: placeOf(own.category, own.topic, true) };
  return {
    ...briefly(fields.title),
    topic: view.topic,
    html: toPlaces(own, named, (papers) => html({ ...digest, papers }, words)),
    text: toPlaces(own, named, (papers) => tidyText(text({ ...digest, papers }, words))),
  };
};

/**
 * How the paper looks in each place, filled when first asked for: most papers stand in the middle of
 * every mail they are in. Around it stand papers of nothing but a title.
 */
const toPlaces = (
  own: PaperFields,
  named: PaperFields,
  fill: (papers: readonly PaperFields[]) => string,
): Places => {
  const forms = new Map<string, Form>();
  const rows: readonly Partial<Record<Place, Form>>[] = [{}, {}, {}, {}];
  const form: Places['form'] = (place, isHeaded, isNamed) => {
    const places = rows[(isHeaded ? 1 : 0) + (isNamed ? 2 : 0)] ?? {};
    const known = places[place];
    if (known) return known;
    const paper = isNamed ? named : own;
    const headed = isHeaded ? { ...paper, heading: mark('heading') } : paper;
    const [before, after] = around[place];
    const block = blocksIn(fill([...before, headed, ...after]))[before.length] ?? '';
    // Most templates set most places alike, and then there is one form for them.
    const made = remembered(forms, 8, block, () => toForm(block));
    places[place] = made;
    return made;
  };
  return { form, printed: Array.from({ length: placeSlots }, () => undefined) };
};

const blocksIn = (filled: string): readonly string[] =>
  filled
    .split(blockStart)
    .slice(1)
    .map((run) => run.slice(0, run.indexOf(blockEnd)));

/** What a template is filled with where only papers, or the subject, are wanted. */
export const emptyDigest: DigestFields = {
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
