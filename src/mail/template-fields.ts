/**
 * What a template may say: every field exists in every mail (empty where there is nothing), so a
 * field that is not listed here is a mistake in the template and is refused when it is loaded.
 */
import { defaultLanguage, type Language } from '../domain/language.ts';

export type LinkField = { readonly label: string; readonly href: string };

export type PaperFields = {
  readonly rank: number;
  /** The rank as the text part writes it: ` 1. `. */
  readonly number: string;
  readonly title: string;
  readonly href: string;
  readonly authorsLine: string;
  readonly category: string;
  readonly topic: string;
  /** Category and topic, joined; less, or nothing, where the topic's name stands above. */
  readonly place: string;
  readonly text: string;
  /** Who wrote `text`, where it is no extract of the abstract. */
  readonly textBy: string;
  readonly why: string;
  /** Above the first paper of a group. */
  readonly heading: string;
  /** Attention day by day as block characters, and in words. */
  readonly spark: string;
  readonly sparkLabel: string;
  /** The paper's id as it follows `links.react` in an address. */
  readonly reactPath: string;
  readonly links: readonly LinkField[];
  /** The links and, when it is not among them, the title's own. */
  readonly textLinks: readonly LinkField[];
};

export type DigestFields = {
  readonly language: Language;
  readonly baseUrl: string;
  readonly dateLabel: string;
  readonly dayLine: string;
  readonly topicsLine: string;
  readonly readerNote: string;
  /** `Daily round` or `The week in review`. */
  readonly editionLabel: string;
  readonly endLine: string;
  readonly postalAddress: string;
  /** The line mail clients show after the subject. */
  readonly preheader: string;
  /** The point of the paper the subject speaks of, short enough for it. */
  readonly headline: string;
  /** Whether it is a review of the week. */
  readonly weekly: boolean;
  /** How many papers there are beside the first. */
  readonly more: number;
  readonly papers: readonly PaperFields[];
  readonly links: {
    readonly manage: string;
    readonly unsubscribe: string;
    readonly web: string;
    readonly feed: string;
    /** Where to say more or less like a paper, before its `reactPath`. */
    readonly react: string;
  };
};

export type NoticeFields = {
  readonly language: Language;
  readonly baseUrl: string;
  readonly email: string;
  readonly topicsLine: string;
  readonly whenLine: string;
  /** What was changed, a line each. */
  readonly changes: readonly string[];
  readonly postalAddress: string;
  readonly links: {
    readonly confirm: string;
    readonly manage: string;
    readonly unsubscribe: string;
    readonly web: string;
    readonly feed: string;
  };
};

const samplePaper: PaperFields = {
  rank: 1,
  number: ' 1. ',
  title: 'A title',
  href: 'https://paperboy.example/papers/1',
  authorsLine: 'A. Author',
  category: 'cs.CL',
  topic: 'Language',
  place: 'cs.CL · Language',
  text: 'A sentence.',
  textBy: 'A source',
  why: 'a reason',
  heading: 'Language',
  spark: '▁▃▅',
  sparkLabel: '3 upvotes on the last of three days',
  reactPath: '2603.10001',
  links: [{ label: 'PDF', href: 'https://paperboy.example/1.pdf' }],
  textLinks: [{ label: 'PDF', href: 'https://paperboy.example/1.pdf' }],
};

const address = 'https://paperboy.example/';

const full: DigestFields = {
  language: defaultLanguage,
  baseUrl: address,
  dateLabel: 'Friday, 20 March 2026',
  dayLine: 'A day.',
  topicsLine: 'Language',
  readerNote: 'A note.',
  editionLabel: 'Daily round',
  endLine: 'That is all.',
  postalAddress: 'Paperboy, 1 Example Street',
  preheader: 'Also today',
  headline: 'A title',
  weekly: true,
  more: 1,
  papers: [samplePaper, { ...samplePaper, rank: 2 }],
  links: { manage: address, unsubscribe: address, web: address, feed: address, react: address },
};

const bare: DigestFields = {
  ...full,
  topicsLine: '',
  readerNote: '',
  postalAddress: '',
  more: 0,
  papers: [
    {
      ...samplePaper,
      ...{ href: '', authorsLine: '', category: '', place: '', text: '', textBy: '', why: '' },
      ...{ heading: '', spark: '', sparkLabel: '', reactPath: '', links: [] },
    },
  ],
  links: { ...full.links, react: '' },
};

const notice: NoticeFields = {
  language: defaultLanguage,
  baseUrl: address,
  email: 'reader@paperboy.example',
  topicsLine: 'Language',
  whenLine: 'Every day at eight.',
  changes: ['Five papers at most.'],
  postalAddress: 'Paperboy, 1 Example Street',
  links: {
    confirm: address,
    manage: address,
    unsubscribe: address,
    web: address,
    feed: address,
  },
};

const bareNotice: NoticeFields = {
  ...notice,
  topicsLine: '',
  whenLine: '',
  changes: [],
  postalAddress: '',
  links: { ...notice.links, unsubscribe: '', web: '', feed: '' },
};

/** Between them these go through every branch a template can take. */
export const sampleFields = { digest: [full, bare], notice: [notice, bareNotice] } as const;
