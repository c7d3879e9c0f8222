/**
 * The press: each paper's block of the mail is set once, encoded as it will be sent, and a reader's
 * mail is a join of such blocks in a frame. It prints what `renderDigest` renders, word for word.
 *
 * A template is filled once with marks in place of what differs from reader to reader. A mark is a
 * hole in the encoded text, filled in the way the template asked for (escaped, or wrapped).
 */
import Handlebars from 'handlebars';
import { defaultLanguage, type Language } from '../domain/language.ts';
import {
  blockEnd,
  blockStart,
  holeEnd,
  holeStart,
  innerEnd,
  innerStart,
  wrapMark,
} from './marks.ts';
import { clampText, safeHref, wrapText } from './plain.ts';
import { encodePiece } from './quoted-printable.ts';
import {
  type DigestView,
  digestFields,
  limitSteps,
  mostHtmlBytes,
  type PaperView,
  paperFields,
  tidyText,
} from './render.ts';
import type { DigestFields, PaperFields } from './template-fields.ts';
import type { Templates } from './templates.ts';

/** A digest without its papers: what is each reader's own, and the day's. */
export type DigestFrame = Omit<DigestView, 'papers'>;

/** A digest's subject and its two encoded parts, for `composeMessage`. */
export type PrintedDigest = {
  readonly subject: string;
  readonly encoded: { readonly text: readonly Buffer[]; readonly html: readonly Buffer[] };
};

export type Press = {
  /** The block kept under a key. */
  readonly find: (key: string) => Block | undefined;
  /** Sets a paper's block in the language of its view, and keeps it under a key. */
  readonly set: (key: string, paper: PaperView, language: Language) => Block;
  /** Prints a digest; `undefined` when it would grow too large and must be rendered shorter. */
  readonly print: (digest: DigestFrame, papers: readonly Block[]) => PrintedDigest | undefined;
};

/** A value's place, by its name; `wrap` holds a text with such names in it, and how to wrap it. */
type Hole =
  | { readonly name: string }
  | { readonly text: string; readonly wrap: Readonly<Record<string, string>> };
/** Encoded text with holes; `bytes` counts the decoded text between them. */
type Form = { readonly pieces: readonly (Buffer | Hole)[]; readonly bytes: number };
type Frame = { readonly before: Form; readonly after: Form };
/** How a paper looks where it stands: templates may set the first and the last apart. */
type Places = { readonly [place in 'only' | 'first' | 'middle' | 'last']: Form };
/** A paper as it stands in every mail of its edition. */
export type Block = { readonly title: string; readonly html: Places; readonly text: Places };

/** Blocks kept at most; an edition of 200 topics has some ten thousand. */
const mostBlocks = 20_000;
const mostFrames = 50;

const usualLimits = limitSteps[0];

/** A press over loaded templates. It keeps the blocks it has set. */
export const createPress = (templates: Templates): Press => {
  const blocks = new Map<string, Block>();
  const frames = new Map<string, { readonly html: Frame; readonly text: Frame }>();
  return {
    find: (key) => blocks.get(key),
    set: (key, paper, language) =>
      remembered(blocks, mostBlocks, key, () => setBlock(templates, paper, language)),
    print: (digest, papers) => {
      const values = valuesOf(digest, papers);
      const empty = Object.keys(values).filter((name) => values[name] === '');
      const key = [digest.language, digest.dateLabel, digest.baseUrl, ...empty].join('\n');
      const frame = remembered(frames, mostFrames, key, () => setFrame(templates, digest, values));
      const html = printPart(frame.html, papers, 'html', values);
      if (html.bytes > mostHtmlBytes) return undefined;
      const text = printPart(frame.text, papers, 'text', values);
      return {
        subject: subjectOf(templates, digest, papers, values),
        encoded: { html: html.buffers, text: text.buffers },
      };
    },
  };
};

const remembered = <T>(known: Map<string, T>, most: number, key: string, make: () => T): T => {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  // The oldest goes: a run goes through its papers from the best down.
  if (known.size >= most) known.delete(known.keys().next().value ?? '');
  known.set(key, made);
  return made;
};

/** What is each reader's own, under the name of its hole. */
const valuesOf = (digest: DigestFrame, papers: readonly Block[]): Record<string, string> => {
  const dayLine = clampText(digest.dayLine, 300);
  const others = papers.slice(1).map(({ title }) => title);
  return {
    dayLine,
    topicsLine: clampText(digest.topicsLine, 400),
    readerNote: clampText(digest.readerNote ?? '', 400),
    // Six titles fill a preheader; joining thirty would be for nothing.
    preheader: clampText(others.slice(0, 6).join(' · ') || dayLine, 160),
    'links.manage': ownHref(digest.links.manage),
    'links.unsubscribe': ownHref(digest.links.unsubscribe),
    'links.web': ownHref(digest.links.web),
    'links.feed': ownHref(digest.links.feed),
  };
};

// Made by us of a base address and a token; parsing an address costs as much as printing a paper.
const ownHref = (href: string): string =>
  /^https?:\/\/[a-z0-9.:-]+\/[\w./-]*$/.test(href) ? href : safeHref(href);

const subjectOf = (
  templates: Templates,
  digest: DigestFrame,
  papers: readonly Block[],
  { dayLine = '', topicsLine = '', readerNote = '', preheader = '' }: Record<string, string>,
): string => {
  const fields: DigestFields = {
    ...emptyDigest,
    language: digest.language,
    baseUrl: digest.baseUrl,
    dateLabel: digest.dateLabel,
    dayLine,
    topicsLine,
    readerNote,
    preheader,
    links: digest.links,
    headline: clampText(papers[0]?.title ?? dayLine, 70),
    more: Math.max(0, papers.length - 1),
  };
  return clampText(templates.digest.subject(fields, templates.words[digest.language]), 160);
};

const mark = (name: string): string => `${holeStart}${name}${holeEnd}`;

const setFrame = (templates: Templates, digest: DigestFrame, values: Record<string, string>) => {
  const marked = (name: string): string => (values[name] === '' ? '' : mark(name));
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
    rank: mark('rank') as unknown as number,
    // Two columns wide, as the number it stands for, so that the title wraps as it will.
    number: `${mark('')}. `,
  };
  const alone: DigestFields = { ...emptyDigest, language, papers: [own] };
  const among: DigestFields = { ...emptyDigest, language, papers: [own, own, own] };
  const { html, text } = templates.digest.marked;
  return {
    title: fields.title,
    html: toPlaces(html(alone, words), html(among, words)),
    text: toPlaces(tidyText(text(alone, words)), tidyText(text(among, words))),
  };
};

const toPlaces = (alone: string, among: string): Places => {
  const forms = new Map<string, Form>();
  // Most templates set all places alike, and then there is one form for them.
  const formOf = (filled = ''): Form => remembered(forms, 4, filled, () => toForm(filled));
  const [only] = blocksIn(alone);
  const [first, middle, last] = blocksIn(among);
  return { only: formOf(only), first: formOf(first), middle: formOf(middle), last: formOf(last) };
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
  preheader: '',
  headline: '',
  more: 0,
  papers: [],
  links: { manage: '', unsubscribe: '', web: '', feed: '' },
};

const toForm = (filled: string): Form => {
  const pieces: (Buffer | Hole)[] = [];
  let bytes = 0;
  filled.split(holeStart).forEach((run, index) => {
    const end = index === 0 ? 0 : run.indexOf(holeEnd) + 1;
    if (index > 0) pieces.push(toHole(run.slice(0, end - 1)));
    const still = run.slice(end);
    bytes += Buffer.byteLength(still);
    if (still !== '') pieces.push(encodePiece(still));
  });
  return { pieces, bytes };
};

const toHole = (spelled: string): Hole => {
  const at = spelled.indexOf(wrapMark);
  if (at < 0) return { name: spelled };
  const wrap = JSON.parse(spelled.slice(at + 1)) as Readonly<Record<string, string>>;
  return { text: spelled.slice(0, at), wrap };
};

const printPart = (
  frame: Frame,
  papers: readonly Block[],
  part: 'html' | 'text',
  values: Readonly<Record<string, string>>,
): { readonly buffers: readonly Buffer[]; readonly bytes: number } => {
  const buffers: Buffer[] = [];
  let bytes = 0;
  const put = (form: Form, rank: number): void => {
    bytes += form.bytes;
    for (const piece of form.pieces) {
      if (Buffer.isBuffer(piece)) buffers.push(piece);
      else {
        const filled = fillHole(piece, part, values, rank);
        bytes += filled.length;
        buffers.push(filled);
      }
    }
  };
  put(frame.before, 0);
  for (const [index, block] of papers.entries())
    put(block[part][placeOf(index, papers.length)], index + 1);
  put(frame.after, 0);
  return { buffers, bytes };
};

const placeOf = (index: number, count: number): keyof Places => {
  if (count === 1) return 'only';
  if (index === 0) return 'first';
  return index === count - 1 ? 'last' : 'middle';
};

// Under the names of their holes: in the HTML, and in the text, where it is padded.
const ranks = Array.from({ length: 101 }, (_, rank) => ({
  rank: encodePiece(String(rank)),
  '': encodePiece(String(rank).padStart(2)),
}));

const fillHole = (
  hole: Hole,
  part: 'html' | 'text',
  values: Readonly<Record<string, string>>,
  rank: number,
): Buffer => {
  if ('wrap' in hole) return encodePiece(wrapText(fillInner(hole.text, values), hole.wrap));
  const { name } = hole;
  if (name === 'rank' || name === '') return ranks[rank]?.[name] ?? encodePiece(String(rank));
  const value = values[name] ?? '';
  return encodePiece(part === 'html' ? Handlebars.Utils.escapeExpression(value) : value);
};

const inner = new RegExp(`${innerStart}([^${innerEnd}]*)${innerEnd}`, 'g');

const fillInner = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(inner, (_, name: string) => values[name] ?? '');
