/**
 * Is a sum of parts as good as a model nobody can read? Gradient-boosted trees on the same features
 * (and the hour, the weekday and the time since the last look), fitted on the same past, scored on
 * the same moments. Prints both and the ratio.
 */
import { createOutlooks, learn } from '../src/app/learn.ts';
import { listPastPapers, loadHistories } from '../src/db/histories.ts';
import {
  type Candidate,
  isScorable,
  listCandidates,
  listMoments,
  prepare,
  scoreMoment,
} from '../src/domain/backtest.ts';
import { growingAge, sizesOf } from '../src/domain/growth.ts';
import { makeRankers } from '../src/domain/rankers.ts';
import { withCorpus } from './data.ts';
import { boost } from './trees.ts';

const cut = new Date('2026-01-01T00:00:00Z');
const end = new Date('2026-03-31T00:00:00Z');
const dayMs = 86_400_000;

const featuresOf = (candidate: Candidate): readonly number[] => {
  const { growing, now } = candidate;
  const sizes = sizesOf(growing, growingAge(growing, now));
  const at = new Date(now);
  return [
    ...Object.values(sizes),
    growingAge(growing, now),
    (now - (growing.startedAt ?? now)) / 3_600_000,
    (now - (growing.attention.upvotes?.at ?? now)) / 3_600_000,
    at.getUTCHours(),
    new Date(growing.startedAt ?? now).getUTCDay(),
    growing.attention.upvotes?.before ? 1 : 0,
  ];
};

await withCorpus(({ db }) => {
  const learned = learn(db, cut);
  const until = end.getTime() + 15 * dayMs;
  const papers = listPastPapers(db, until);
  // For the past the outlook must come from a model that had not seen the paper, as ours has it.
  const past = prepare(loadHistories(db, cut.getTime() - 1));
  const first = Math.min(...past.map(({ looks }) => looks[0]?.at ?? Number.POSITIVE_INFINITY));
  const samples = listMoments(
    new Date(Math.max(first, cut.getTime() - 550 * dayMs)),
    new Date(cut.getTime() - 14 * dayMs),
  ).flatMap((now) => listCandidates(past, now, (id) => learned.outlooks.get(id) ?? 1));
  const model = boost(
    samples.map(featuresOf),
    samples.map(({ gained }) => Math.log1p(gained)),
  );
  const all = prepare(loadHistories(db, until));
  const outlookOf = createOutlooks(papers, learned.foresight);
  const moments = listMoments(cut, end)
    .map((now) => listCandidates(all, now, outlookOf))
    .filter(isScorable);
  const mean = (score: (candidate: Candidate) => number): number =>
    moments.reduce((sum, candidates) => sum + scoreMoment(candidates, score).ndcg10, 0) /
    moments.length;
  const ours = mean(makeRankers(learned.growth).paperboy);
  const boosted = mean((candidate) => model(featuresOf(candidate)));
  console.log(`${samples.length} samples before 2026, ${moments.length} moments after`);
  console.log(`gradient boosting  nDCG@10 ${boosted.toFixed(4)}`);
  console.log(`paperboy           nDCG@10 ${ours.toFixed(4)}`);
  console.log(`paperboy ÷ gradient boosting: ${(ours / boosted).toFixed(3)}`);
});
