/** What every format is read into: a paper, an observation, or a row refused with its reason. */
import type { Batch, BatchCalendar } from '../domain/batch.ts';
import type { Paper } from '../domain/paper.ts';
import type { Signal } from '../domain/signal.ts';

export type Rejected = {
  readonly kind: 'rejected';
  /** From 1; where in the file or answer the refused row begins. */
  readonly line: number;
  /** For a person to read, without the line number: `title is missing`. */
  readonly reason: string;
};

export type SourceRecord =
  | { readonly kind: 'paper'; readonly line: number; readonly paper: Paper }
  | { readonly kind: 'signal'; readonly line: number; readonly signal: Signal }
  /** The source says that a paper is no more. */
  | { readonly kind: 'deleted'; readonly line: number; readonly id: string }
  | Rejected;

/** What a live source yields besides: what it keeps for its next run, and what its day's list was. */
export type LiveRecord =
  | SourceRecord
  /** Committed together with the records before it; `undefined` takes the note away. */
  | { readonly kind: 'note'; readonly key: string; readonly value: string | undefined }
  | { readonly kind: 'batch'; readonly calendar: BatchCalendar; readonly batch: Batch };

export const rejected = (line: number, reason: string): Rejected => ({
  kind: 'rejected',
  line,
  reason,
});

/**
 * Whether a list was read as a whole: a refused row or two among many are told of as such, and make
 * no part of a list out of it.
 */
export const isWhole = (papers: number, refused: number): boolean => refused * 10 <= papers;

/** One row is not what it should be. Only `readRow` catches it. */
export class RowError extends Error {
  override readonly name = 'RowError';
}

/** Runs one row's parser; the row it refuses becomes a rejected record and nothing else suffers. */
export const readRow = (
  line: number,
  parse: () => readonly SourceRecord[],
): readonly SourceRecord[] => {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RowError) return [rejected(line, error.message)];
    throw error;
  }
};

/** A text as a message may quote it: one line, not long. */
export const excerpt = (text: string, most = 60): string => {
  const line = text.replace(/\p{C}+|\s+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
};
