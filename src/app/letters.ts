/**
 * A worker's correspondence with the keeper of the ledger. How mails ended and which are to be ended
 * next goes out in one letter for all bundles and connections, one letter at a time: what comes
 * meanwhile shares the next. A connection asks for its next dot only after the end of its mail before
 * was handed in, so whatever happens to a letter, no more than one mail a connection is in doubt.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Report, Reporting } from '../queue/reports.ts';
import { NoWord } from '../queue/word.ts';
import type { Letter, Question } from './bundle.ts';

export type Letters = {
  /** Hands in how an attempt ended. */
  readonly report: (report: Report) => void;
  /**
   * Whether a mail may be ended: then `data-sent` is durable in the ledger.
   * @throws NoWord when the keeper does not answer.
   */
  readonly mayEnd: (lease: string, id: number) => Promise<boolean>;
  /** Resolves when the keeper has entered the reports so far, or they are kept for it in Redis. */
  readonly reported: () => Promise<void>;
  /** Redis was lost, and with it perhaps the letter under way: it is given up. */
  readonly lost: () => void;
};

type Dot = {
  readonly lease: string;
  readonly id: number;
  readonly answer: (may: boolean) => void;
  readonly refuse: (error: unknown) => void;
};

/** A letter's draft and, once posted, what is left of it. */
type Draft = {
  reports: Report[];
  readonly dots: Dot[];
  /** Nobody waits for its answer any more. */
  abandoned: boolean;
  /** Resolves when its reports are entered or kept. */
  readonly safe: Promise<void>;
  readonly markSafe: () => void;
};

const newDraft = (): Draft => {
  let markSafe = (): void => undefined;
  const safe = new Promise<void>((resolve) => {
    markSafe = resolve;
  });
  return { reports: [], dots: [], abandoned: false, safe, markSafe };
};

/** `kept` is the way for reports on which no letter can be relied. */
export const openLetters = (
  ask: (question: Question) => Promise<unknown>,
  kept: Reporting,
): Letters => {
  let draft = newDraft();
  let posted: Draft | undefined;
  let writing = false;
  /** No answer came: until one does, reports are kept at once. */
  let unheard = false;
  let giveUp = (): void => undefined;
  const keep = (letter: Draft): void => {
    for (const report of letter.reports) kept.report(report);
    letter.reports = [];
    letter.markSafe();
  };
  const keepDraft = (): void => {
    const { dots } = draft;
    keep(draft);
    draft = { ...newDraft(), dots };
  };
  const refuse = (dots: Dot[], error: unknown): void => {
    for (const dot of dots.splice(0)) dot.refuse(error);
  };
  const post = async (letter: Draft): Promise<void> => {
    try {
      const ended = new Set((await ask(wordsOf(letter))) as readonly number[]);
      if (letter.abandoned) return;
      unheard = false;
      letter.reports = [];
      letter.markSafe();
      for (const { id, answer } of letter.dots) answer(ended.has(id));
    } catch (error) {
      if (letter.abandoned) return;
      unheard = true;
      keep(letter);
      refuse(letter.dots, error);
      keepDraft();
      // What waits behind it has waited for the same word.
      if (error instanceof NoWord) refuse(draft.dots, error);
    }
  };
  const writeAll = async (): Promise<void> => {
    // Whoever comes within this turn of the loop may still come along.
    await nextTurn();
    while (draft.reports.length + draft.dots.length > 0) {
      posted = draft;
      draft = newDraft();
      const lost = new Promise<void>((resolve) => {
        giveUp = resolve;
      });
      await Promise.race([post(posted), lost]);
      posted = undefined;
    }
    writing = false;
  };
  const write = (): void => {
    if (writing) return;
    writing = true;
    void writeAll();
  };
  return {
    report: (report) => {
      if (unheard) return kept.report(report);
      draft.reports.push(report);
      write();
    },
    mayEnd: (lease, id) =>
      new Promise((answer, refuse) => {
        draft.dots.push({ lease, id, answer, refuse });
        write();
      }),
    reported: async () => {
      const open = [posted, draft].filter((letter) => letter && letter.reports.length > 0);
      await Promise.all(open.map((letter) => letter?.safe));
      await kept.written();
    },
    lost: () => {
      unheard = true;
      if (posted) {
        posted.abandoned = true;
        keep(posted);
        // Said at once, the keeper hears that they were not ended while it still waits for the bundle.
        refuse(posted.dots, new NoWord('Redis was lost'));
      }
      keepDraft();
      giveUp();
    },
  };
};

const wordsOf = ({ reports, dots }: Draft): Letter => {
  const byLease: Record<string, number[]> = {};
  for (const { lease, id } of dots) {
    byLease[lease] ??= [];
    byLease[lease].push(id);
  }
  return { kind: 'letter', reports, dots: byLease };
};
