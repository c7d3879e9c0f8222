/** How long searches, learning and folding take, and what remains of it at four times the corpus. */
import { openMeaning } from '../../src/app/meaning.ts';
import { foldNewPapers, learnMeaning } from '../../src/app/meaning-learn.ts';
import { findRelevant } from '../../src/app/relevance.ts';
import { type Db, inTransaction } from '../../src/db/open.ts';
import { upsertPaper } from '../../src/db/papers.ts';
import { searchIndex } from '../../src/db/search.ts';
import { themes } from '../../src/domain/catalogue.ts';
import { print } from '../lib.ts';
import { now, queryOf, readLines } from './corpus.ts';

const typicalQueries = (): readonly string[] =>
  themes.map(({ slug }) => slug.replaceAll('-', ' ')).filter((text) => text.split(' ').length <= 4);

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

const processorMs = (work: () => void): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

export const measureLatency = (db: Db, name: string): void => {
  const queries = typicalQueries().map(queryOf);
  const times = { bm25: [] as number[], ours: [] as number[] };
  for (let round = 0; round < 4; round += 1)
    for (const query of queries) {
      const start = performance.now();
      searchIndex(db, query, 100);
      const between = performance.now();
      findRelevant(db, query, 100);
      // The first round warms caches up on both sides.
      if (round === 0) continue;
      times.bm25.push(between - start);
      times.ours.push(performance.now() - between);
    }
  // On a machine shared with others the clock also counts their work.
  const spent = {
    bm25: processorMs(() => queries.forEach((query) => void searchIndex(db, query, 100))),
    ours: processorMs(() => queries.forEach((query) => void findRelevant(db, query, 100))),
  };
  for (const side of ['bm25', 'ours'] as const) {
    const sorted = times[side].sort((a, b) => a - b);
    print(
      `${name}, ${side}: median ${percentile(sorted, 0.5).toFixed(1)} ms, ` +
        `95th percentile ${percentile(sorted, 0.95).toFixed(1)} ms (${sorted.length} searches), ` +
        `${(spent[side] / queries.length).toFixed(1)} ms of processor time each`,
    );
  }
};

export const measureLearning = (db: Db): void => {
  const start = performance.now();
  const cpu = process.cpuUsage();
  learnMeaning(db);
  const { user, system } = process.cpuUsage(cpu);
  print(
    `learning: ${((performance.now() - start) / 1000).toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} s of processor time), ` +
      `peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
  );
};

const papersADay = 900;

export const measureFolding = (db: Db): void => {
  const model = db.$client.prepare('select max(id) from meaning_models').pluck().get();
  db.$client
    .prepare(
      `delete from paper_meanings where model_id = ? and paper_id in
         (select id from papers order by id desc limit ?)`,
    )
    .run(model, papersADay);
  // The folder learns the model's words on its first paper, once.
  foldNewPapers(db, 1);
  openMeaning(db);
  const folding = timed(() => foldNewPapers(db, papersADay));
  const reading = timed(() => openMeaning(db));
  print(
    `a day's papers: ${folding.result} folded in ${Math.round(folding.wallMs)} ms ` +
      `(${Math.round(folding.cpuMs)} ms of processor time), read into memory in ` +
      `${reading.wallMs.toFixed(1)} ms (${reading.cpuMs.toFixed(1)} ms)`,
  );
};

const timed = <T>(work: () => T): { result: T; wallMs: number; cpuMs: number } => {
  const start = performance.now();
  const cpu = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  return { result, wallMs: performance.now() - start, cpuMs: (user + system) / 1_000 };
};

/** Three more copies of every paper, ids shifted, text and vectors the same. */
export const growFourfold = (db: Db): void => {
  const lines = readLines('papers.jsonl.gz');
  for (let copy = 1; copy <= 3; copy += 1) {
    for (let from = 0; from < lines.length; from += 1_000)
      inTransaction(db, () => {
        for (const line of lines.slice(from, from + 1_000)) {
          const { arxivId, title, abstract, authors, categories } = JSON.parse(line);
          const paper = { id: `${arxivId}.${copy}`, title, abstract, authors, categories };
          upsertPaper(db, paper, { at: now, by: 'bench' });
        }
      });
    db.$client
      .prepare(
        `insert into paper_meanings (model_id, paper_id, terms, vector)
         select model_id, copies.id, terms, vector from paper_meanings
           join papers on papers.id = paper_id
           join papers as copies on copies.key = papers.key || '.' || ?`,
      )
      .run(String(copy));
    process.stderr.write(`copy ${copy} of 3\n`);
  }
};
