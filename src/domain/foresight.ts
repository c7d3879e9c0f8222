/**
 * Foresight: what a paper's own words, categories, authors and comment lead one to expect before
 * anyone has looked at it. Two linear models: the chance of being noticed at all, learned from
 * listed papers, and how much attention the noticed ones got.
 */
import { type AuthorRecord, addToRecord, recordOf } from './authors.ts';
import { type Linear, predict, toChance, trainLinear } from './linear.ts';
import {
  countDocuments,
  type Describable,
  type Features,
  type Hashed,
  hashPaper,
  toFeatures,
} from './text-features.ts';

/** A paper whose fortune is known. */
export type PastPaper = Describable & {
  /** When it became known, in milliseconds; what happens to later papers cannot help it. */
  readonly knownAt: number;
  /** It came in a listing, whether noticed or not; a paper known only because it was noticed
   * says nothing of the chance of that. */
  readonly listed: boolean;
  readonly noticed: boolean;
  /** The most upvotes seen, where any were. */
  readonly upvotes?: number;
};

export type ForesightModel = {
  /** Inverse document frequency of each hashed word. */
  readonly inverse: Float32Array;
  readonly notice: Linear;
  readonly amount: Linear;
  /** What `amount` answers for the usual noticed paper. */
  readonly usual: number;
  readonly record: AuthorRecord;
};

export type Foresight = {
  /** Of being noticed, 0 to 1. */
  readonly chance: number;
  /** Upvotes to expect if it is noticed, as a multiple of the usual. */
  readonly outlook: number;
};

/** Without a model: about one listed paper in twelve is noticed, and each is as usual. */
export const noForesight: Foresight = { chance: 0.08, outlook: 1 };

/* Fewer than this teach chance more than they teach the words. */
const fewestNoticed = 200;
const fewestListed = 1_000;

const dayMs = 86_400_000;
/** After this long a paper's fortune counts in its authors' record. */
const settledMs = 3 * dayMs;

const outlookBounds = [0.1, 8] as const;

export const foresee = (model: ForesightModel, paper: Describable): Foresight => {
  const features = toFeatures(
    hashPaper(paper),
    model.inverse,
    recordOf(model.record, paper.authors),
  );
  return {
    chance: round(toChance(predict(model.notice, features))),
    outlook: outlookOf(predict(model.amount, features), model.usual),
  };
};

const round = (value: number): number => Math.round(value * 1e6) / 1e6;

const outlookOf = (amount: number, usual: number): number =>
  round(Math.min(outlookBounds[1], Math.max(outlookBounds[0], Math.exp(amount - usual))));

export type Lesson = {
  readonly model: ForesightModel;
  /** The outlook of each past paper with upvotes, by a model that had not seen it. */
  readonly outlooks: ReadonlyMap<PastPaper, number>;
};

/** Learns from past papers, oldest first; `undefined` when they are too few to learn from. */
export const learnForesight = (papers: readonly PastPaper[]): Lesson | undefined => {
  const listed = papers.filter((paper) => paper.listed);
  const noticed = papers.filter((paper) => paper.upvotes !== undefined);
  const positives = listed.filter((paper) => paper.noticed).length;
  if (
    Math.min(positives, noticed.length) < fewestNoticed ||
    listed.length - positives < fewestListed
  )
    return undefined;
  const { rows, record, inverse } = describe(papers);
  const rowOf = (paper: PastPaper) => rows.get(paper) as Features;
  const amounts = noticed.map((paper) => Math.log1p(paper.upvotes ?? 0));
  const model: ForesightModel = {
    inverse,
    record,
    notice: trainLinear(
      listed.map(rowOf),
      listed.map((paper) => (paper.noticed ? 1 : 0)),
      'chance',
    ),
    amount: trainLinear(noticed.map(rowOf), amounts, 'amount'),
    usual: amounts.reduce((sum, amount) => sum + amount, 0) / amounts.length,
  };
  return { model, outlooks: unseenOutlooks(noticed, noticed.map(rowOf), amounts, model.usual) };
};

// Each paper's features, its authors' record as it was when the paper came.
const describe = (papers: readonly PastPaper[]) => {
  const hashed = papers.map(hashPaper);
  const counts = countDocuments(hashed);
  const inverse = counts.map((count) => Math.log((papers.length + 1) / (1 + count)));
  const record: AuthorRecord = new Map();
  const rows = new Map<PastPaper, Features>();
  let settled = 0;
  const settle = (until: number): void => {
    for (; settled < papers.length; settled += 1) {
      const past = papers[settled];
      if (!past || past.knownAt + settledMs >= until) return;
      if (past.noticed) addToRecord(record, past.authors, Math.log1p(past.upvotes ?? 3));
    }
  };
  papers.forEach((paper, i) => {
    settle(paper.knownAt);
    const row = toFeatures(hashed[i] as Hashed, inverse, recordOf(record, paper.authors));
    rows.set(paper, row);
  });
  settle(Number.POSITIVE_INFINITY);
  return { rows, record, inverse };
};

const folds = 3;

// A model has heard of the papers it learned from; growth is learned from what it would have said.
const unseenOutlooks = (
  papers: readonly PastPaper[],
  rows: readonly Features[],
  amounts: readonly number[],
  usual: number,
): ReadonlyMap<PastPaper, number> => {
  const outlooks = new Map<PastPaper, number>();
  for (let fold = 0; fold < folds; fold += 1) {
    const others = rows.map((_, i) => i).filter((i) => i % folds !== fold);
    const model = trainLinear(
      others.map((i) => rows[i] as Features),
      others.map((i) => amounts[i] ?? 0),
      'amount',
    );
    papers.forEach((paper, i) => {
      if (i % folds === fold)
        outlooks.set(paper, outlookOf(predict(model, rows[i] as Features), usual));
    });
  }
  return outlooks;
};
