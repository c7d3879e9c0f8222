/** What the keeper of the ledger and a worker say to each other of a bundle of mails. */
import type { Language } from '../domain/language.ts';
import type { MailOrder, PaperRef } from './orders.ts';

/** A mail of a bundle: the order, and its number in the ledger. */
export type BundledOrder = { readonly id: number; readonly order: MailOrder };

export type Question =
  /** Which of a bundle's mails are still to be sent? The answer: their numbers. */
  | { readonly kind: 'open'; readonly bundle: string }
  /** May these be ended? The answer: the numbers entered as `data-sent`, durably. */
  | { readonly kind: 'data-sent'; readonly bundle: string; readonly ids: readonly number[] }
  /** @see EditionSheet */
  | { readonly kind: 'sheet'; readonly editionId: number }
  /** The answer: a `PaperView` for each. */
  | {
      readonly kind: 'papers';
      readonly editionId: number;
      readonly papers: readonly PaperRef[];
      readonly language: Language;
    };
