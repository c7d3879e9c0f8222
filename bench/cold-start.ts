/**
 * Who will be noticed? Trained on what was listed before 2026-02-15 and scored after: among one
 * day's listed papers of one primary category, with no signal looked at, how many times the base
 * rate of later featured papers is in the top tenth? Also: what training and a day's update cost.
 */
import { listPastPapers, type StoredPastPaper } from '../src/db/histories.ts';
import type { Db } from '../src/db/open.ts';
import { type ForesightModel, foresee, learnForesight } from '../src/domain/foresight.ts';
import { timed, withCorpus } from './data.ts';

const cut = Date.parse('2026-02-15T00:00:00Z');
const end = Date.parse('2026-04-01T00:00:00Z');
const categories = ['cs.CL', 'cs.CV', 'cs.AI', 'cs.LG', 'cs.RO'];

const featuredIds = (db: Db): ReadonlySet<string> =>
  new Set(
    db.$client
      .prepare('select key from papers where featured_on is not null')
      .pluck()
      .all() as string[],
  );

const concentration = (
  model: ForesightModel,
  papers: readonly StoredPastPaper[],
  featured: ReadonlySet<string>,
): number => {
  let [top, hits] = [0, 0];
  for (const knownAt of new Set(papers.map((paper) => paper.knownAt))) {
    const day = papers.filter((paper) => paper.knownAt === knownAt);
    const ranked = day
      .map((paper) => ({ paper, chance: foresee(model, paper).chance }))
      .sort((a, b) => b.chance - a.chance);
    const tenth = ranked.slice(0, Math.max(1, Math.round(day.length / 10)));
    top += tenth.length;
    hits += tenth.filter(({ paper }) => featured.has(paper.id)).length;
  }
  const base = papers.filter(({ id }) => featured.has(id)).length / papers.length;
  return hits / top / base;
};

await withCorpus(({ db }) => {
  const reading = timed(() => listPastPapers(db, end));
  const training = timed(() => learnForesight(reading.value));
  const peak = process.resourceUsage().maxRSS / 1024;
  const lesson = learnForesight(listPastPapers(db, cut));
  if (!lesson) throw new Error('the corpus is too thin to learn from');
  const featured = featuredIds(db);
  const later = reading.value.filter((paper) => paper.listed && paper.knownAt >= cut);
  for (const category of categories) {
    const papers = later.filter((paper) => paper.categories[0] === category);
    const times = concentration(lesson.model, papers, featured);
    console.log(
      `${category}  ${String(papers.length).padStart(5)} papers  ${times.toFixed(2)} × base`,
    );
  }
  const day = later.filter((paper) => paper.knownAt === later.at(-1)?.knownAt);
  const update = timed(() => day.map((paper) => foresee(lesson.model, paper)));
  const { ms } = reading;
  console.log(`reading ${reading.value.length} papers (the reference): ${ms.toFixed(0)} ms`);
  console.log(
    `training: ${training.ms.toFixed(0)} ms, ${(training.ms / ms).toFixed(1)} × the reading`,
  );
  console.log(`peak memory of both, the process itself included: ${peak.toFixed(0)} MB`);
  console.log(`a day's update, ${day.length} papers: ${update.ms.toFixed(0)} ms`);
});
