/** What the keeper of the ledger and a worker say to each other of a bundle of mails. */
import type { Language } from '../domain/language.ts';
import type { Report } from '../queue/reports.ts';
import type { MailOrder, PaperRef } from './orders.ts';

/** A mail of a bundle: the order, and its number in the ledger. */
export type BundledOrder = { readonly id: number; readonly order: MailOrder };

export type Question =
  /** Which of a bundle's mails are still to be sent? The answer is what was `Opened`. */
  | { readonly kind: 'open'; readonly bundle: string }
  /** The answer: the numbers of the mails that may be ended. */
  | Letter
  /** @see EditionSheet */
  | { readonly kind: 'sheet'; readonly editionId: number }
  /** The answer: a `PaperView` for each. */
  | {
      readonly kind: 'papers';
      readonly editionId: number;
      readonly papers: readonly PaperRef[];
      readonly language: Language;
    };

/**
 * How mails ended, and which are to be ended now. The answer acknowledges the reports, and gives the
 * numbers entered as `data-sent`, all of it durable.
 */
export type Letter = {
  readonly kind: 'letter';
  readonly reports: readonly Report[];
  /** By the lease they stand under. */
  readonly dots: Readonly<Record<string, readonly number[]>>;
};

/** A bundle in a worker's hands. */
export type Opened = {
  /** The name under which the ledger knows this worker's hold on the bundle's mails. */
  readonly lease: string;
  /** Those still to be sent; all of them where it is left out. */
  readonly ids?: readonly number[];
};
