/** The model in force at a moment: learned when first asked for, kept, and the same ever after. */
import {
  countBefore,
  type Foreseen,
  findForesight,
  findGrowth,
  loadForeseen,
  saveModel,
  saveTraits,
} from '../db/models.ts';
import type { Db } from '../db/open.ts';
import { listPapers } from '../db/papers.ts';
import { foresee, noForesight } from '../domain/foresight.ts';
import type { GrowthModel } from '../domain/growth.ts';
import { defaultGrowth } from '../domain/growth-default.ts';
import { sketchOf } from '../domain/sketch.ts';
import { learn } from './learn.ts';

export type ModelInForce = {
  /** Nothing known at or after this moment was learned from; 0 for what was shipped. */
  readonly cut: number;
  readonly growth: GrowthModel;
};

const dayMs = 86_400_000;

/* A month's model learns from what was known two days before the month began: by then the last
 * listings before it have come in, and there is time to learn before it is needed. */
const leadMs = 2 * dayMs;

/* A ledger thinner than this teaches nothing: what was shipped stays in force. */
const fewestPapers = 1_000;
const fewestSignals = 600;

/** From which moment on the model in force at `asOf` learned nothing. */
export const cutFor = (asOf: Date): Date =>
  new Date(Date.UTC(asOf.getUTCFullYear(), asOf.getUTCMonth(), 1) - leadMs);

/** The newest cut that has come: this month's, or in its last days already the next one's. */
export const newestCut = (now: Date): Date => cutFor(new Date(now.getTime() + leadMs));

/**
 * The model in force at `asOf`. It depends on nothing but what the ledger held before its cut, so
 * that any past moment is recomputed the same. Learning takes seconds; it happens once a month.
 */
export const modelInForce = (db: Db, asOf: Date): ModelInForce => modelOfCut(db, cutFor(asOf));

/**
 * How a ranking comes by its model: `learned` waits until the month's model is learned; `at-hand`
 * takes what there is, for the service, which learns beside itself and where nobody may wait.
 */
export type Learning = 'learned' | 'at-hand';

/** The same where it has been learned already, else what was shipped. */
export const modelAtHand = (db: Db, asOf: Date): ModelInForce => {
  const cut = cutFor(asOf).getTime();
  const growth = isThin(db, cut) ? undefined : findGrowth(db, cut, learnedFrom(db, cut));
  return growth ? { cut, growth } : { cut: 0, growth: defaultGrowth };
};

const isThin = (db: Db, cut: number): boolean => {
  const { papers, signals } = countBefore(db, cut);
  return papers < fewestPapers && signals < fewestSignals;
};

/** What a model of this cut would be learned from now, in words to compare. */
export const learnedFrom = (db: Db, cut: number): string => {
  const { papers, signals } = countBefore(db, cut);
  return `${papers} papers, ${signals} signals`;
};

export const modelOfCut = (db: Db, cutAt: Date): ModelInForce => {
  const cut = cutAt.getTime();
  if (isThin(db, cut)) return { cut: 0, growth: defaultGrowth };
  const from = learnedFrom(db, cut);
  const known = findGrowth(db, cut, from);
  if (known) return { cut, growth: known };
  const learned = learn(db, cutAt);
  saveModel(db, { cut, learnedFrom: from, ...learned });
  return { cut, growth: learned.growth };
};

/** Papers foreseen while somebody waits: half a second of work, and more than a day's listing. */
const mostAtOnce = 1_500;

/**
 * What the model of a cut foresees of papers, by their numbers. Only papers it has not met yet are
 * worked out, and kept.
 */
export const foreseenOf = (
  db: Db,
  cut: number,
  papers: readonly number[],
  learning: Learning = 'learned',
): ReadonlyMap<number, Foreseen> => {
  const known = loadForeseen(db, cut);
  const missing = papers.filter((paper) => !known.has(paper));
  if (missing.length === 0 || (learning === 'at-hand' && missing.length > mostAtOnce)) return known;
  const model = cut === 0 ? undefined : findForesight(db, cut);
  const fresh = listPapers(db, missing).map((paper) => ({
    paper: paper.number,
    ...(model ? foresee(model, paper) : noForesight),
    sketch: sketchOf(paper),
  }));
  saveTraits(db, cut, fresh);
  return new Map([...known, ...fresh.map((traits) => [traits.paper, traits] as const)]);
};
