/** Learning from the ledger: the rates of growth and the foresight of words. */
import { listPastPapers, loadHistories, type StoredPastPaper } from '../db/histories.ts';
import type { Db } from '../db/open.ts';
import { listMoments, listSamples, prepare } from '../domain/backtest.ts';
import { type ForesightModel, foresee, learnForesight } from '../domain/foresight.ts';
import type { GrowthModel } from '../domain/growth.ts';
import { defaultGrowth } from '../domain/growth-default.ts';
import { fitGrowth } from '../domain/growth-fit.ts';

export type Learned = {
  readonly growth: GrowthModel;
  /** Missing where the corpus is too thin to learn from. */
  readonly foresight: ForesightModel | undefined;
  /** What would have been foreseen, by a model that had not seen it, of each paper learned from. */
  readonly outlooks: ReadonlyMap<string, number>;
};

export type LearnStep = 'reading' | 'words' | 'growth';

const dayMs = 86_400_000;

/** Growth is learned from at most this much of the past: habits change. */
const growthSpanMs = 550 * dayMs;
/** Fewer pairs of looks than this and the shipped rates stay as they are. */
const fewestSamples = 300;
/** The truth of a moment is known two weeks later. */
const truthMs = 14 * dayMs;

/** Learns from what was known before `cut`, and from nothing else. */
export const learn = (
  db: Db,
  cut: Date,
  step: (step: LearnStep) => void = () => undefined,
): Learned => {
  step('reading');
  const papers = listPastPapers(db, cut.getTime());
  step('words');
  const lesson = learnForesight(papers);
  const outlooks = new Map(
    [...(lesson?.outlooks ?? [])].map(([paper, outlook]) => [
      (paper as StoredPastPaper).id,
      outlook,
    ]),
  );
  step('growth');
  const prepared = prepare(loadHistories(db, cut.getTime() - 1));
  const first = Math.min(...prepared.map(({ looks }) => looks[0]?.at ?? Number.POSITIVE_INFINITY));
  const from = Math.max(first, cut.getTime() - growthSpanMs);
  if (!Number.isFinite(from)) return { growth: defaultGrowth, foresight: lesson?.model, outlooks };
  const moments = listMoments(new Date(from), new Date(cut.getTime() - truthMs));
  const samples = listSamples(prepared, moments, (id) => outlooks.get(id) ?? 1);
  return {
    growth: samples.length < fewestSamples ? defaultGrowth : fitGrowth(samples, defaultGrowth),
    foresight: lesson?.model,
    outlooks,
  };
};

/** The outlook of papers by their ids, worked out once each. */
export const createOutlooks = (
  papers: readonly StoredPastPaper[],
  model: ForesightModel | undefined,
): ((id: string) => number) => {
  const byId = new Map(papers.map((paper) => [paper.id, paper]));
  const known = new Map<string, number>();
  return (id) => {
    const paper = byId.get(id);
    if (!model || !paper) return 1;
    const outlook = known.get(id) ?? foresee(model, paper).outlook;
    known.set(id, outlook);
    return outlook;
  };
};
