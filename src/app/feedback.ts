/** What a reader says to a paper of their mail: more like this, less like this, nothing of this. */
import { writeMuted } from '../db/mutes.ts';
import { type Db, inTransaction } from '../db/open.ts';
import { findPaper, listPapers, type StoredPaper } from '../db/papers.ts';
import { dropReaction, findReaction, listReactions, writeReaction } from '../db/reactions.ts';
import type { Subscriber } from '../db/subscribers.ts';
import type { ReactionKind } from '../domain/liking.ts';
import type { Paper } from '../domain/paper.ts';
import { checkMuted } from './muted.ts';
import { findByToken, type Tokens } from './reader.ts';

export type FeedbackView = {
  readonly paper: Paper;
  /** What the reader said to it before. */
  readonly reaction: ReactionKind | undefined;
  /** All that the reader has muted, in the query language. */
  readonly muted: readonly string[];
  /** What of this paper may be muted. */
  readonly mutable: readonly string[];
};

export type Feedback =
  | { readonly kind: ReactionKind }
  /** Takes a reaction back. */
  | { readonly kind: 'none' }
  | { readonly kind: 'mute' | 'unmute'; readonly term: string };

export type FeedbackOutcome =
  | { readonly kind: 'done' }
  /** The link is not one of ours, or reader or paper are gone. */
  | { readonly kind: 'invalid' }
  | { readonly kind: 'refused'; readonly problem: string };

type Found = { readonly reader: Subscriber; readonly paper: StoredPaper };

const find = (tokens: Tokens, token: string, paperId: string): Found | undefined => {
  const reader = findByToken(tokens, 'react', token);
  const paper = reader && findPaper(tokens.db, paperId);
  return paper && { reader, paper };
};

/** The reader's standing with a paper, for the page the link in the mail opens. */
export const viewFeedback = (
  tokens: Tokens,
  token: string,
  paperId: string,
): FeedbackView | undefined => {
  const found = find(tokens, token, paperId);
  if (!found) return undefined;
  const { reader, paper } = found;
  return {
    paper,
    reaction: findReaction(tokens.db, reader.id, paper.number),
    muted: reader.settings.muted ?? [],
    mutable: mutableTerms(paper),
  };
};

/** Acts on what a reader said. Repeating it changes nothing. */
export const giveFeedback = (
  tokens: Tokens,
  token: string,
  paperId: string,
  feedback: Feedback,
  now: Date,
): FeedbackOutcome =>
  inTransaction(tokens.db, () => {
    const found = find(tokens, token, paperId);
    if (!found) return { kind: 'invalid' };
    const { reader, paper } = found;
    switch (feedback.kind) {
      case 'more':
      case 'less':
        writeReaction(tokens.db, reader.id, { paper: paper.number, kind: feedback.kind }, now);
        return { kind: 'done' };
      case 'none':
        dropReaction(tokens.db, reader.id, paper.number);
        return { kind: 'done' };
      case 'mute':
        return muteTerms(tokens.db, reader, [...(reader.settings.muted ?? []), feedback.term]);
      case 'unmute':
        return muteTerms(
          tokens.db,
          reader,
          (reader.settings.muted ?? []).filter((term) => term !== feedback.term),
        );
      default:
        return feedback satisfies never;
    }
  });

const muteTerms = (db: Db, reader: Subscriber, terms: readonly string[]): FeedbackOutcome => {
  const checked = checkMuted(terms);
  if (checked.kind === 'invalid') return { kind: 'refused', problem: checked.problems.join('; ') };
  writeMuted(db, reader.id, checked.terms);
  return { kind: 'done' };
};

export type ReactionView = {
  readonly paper: Paper;
  readonly kind: ReactionKind;
  readonly at: Date;
};

/** A reader's reactions, newest first, for themselves to see and take back. */
export const listOwnReactions = (db: Db, reader: Subscriber): readonly ReactionView[] =>
  listReactions(db, reader.id).flatMap(({ paper: number, kind, at }) => {
    const [paper] = listPapers(db, [number]);
    return paper ? [{ paper, kind, at }] : [];
  });

/** Takes a reaction back from the page of a reader's settings. */
export const forgetReaction = (
  tokens: Tokens,
  manageToken: string,
  paperId: string,
): { readonly kind: 'changed' | 'invalid' } => {
  const reader = findByToken(tokens, 'manage', manageToken);
  const paper = reader && findPaper(tokens.db, paperId);
  if (!paper) return { kind: 'invalid' };
  dropReaction(tokens.db, reader.id, paper.number);
  return { kind: 'changed' };
};

/** What may be muted of a paper, as terms of the query language: its authors, its categories. */
const mutableTerms = ({ authors, categories }: Paper): readonly string[] => [
  ...authors.slice(0, 8).map((name) => `author:"${name.replaceAll('"', '')}"`),
  ...categories.slice(0, 4).map((code) => `cat:${code}`),
];
