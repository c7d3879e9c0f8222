/**
 * Do topics and search find what people mean? Recall in the first hundred and average precision on
 * labelled topics, against BM25 on the same index in the same run; latency of typical queries; time
 * and memory of learning; and how all of it grows at four times the corpus.
 *
 *   node --import tsx bench/search.ts            quality, latency, learning
 *   node --import tsx bench/search.ts --grow     the same, then latency at four times the corpus
 *   DATABASE=FILE …                              keeps the imported corpus for the next run
 */
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { emptyTally, importRecords } from '../src/app/import.ts';
import { openMeaning } from '../src/app/meaning.ts';
import { foldNewPapers, isLearningDue, learnMeaning } from '../src/app/meaning-learn.ts';
import { findRelevant } from '../src/app/relevance.ts';
import { type Db, inTransaction, openDatabase } from '../src/db/open.ts';
import { upsertPaper } from '../src/db/papers.ts';
import { type Hit, searchIndex } from '../src/db/search.ts';
import { themes } from '../src/domain/catalogue.ts';
import { parseQuery, type Query } from '../src/domain/query.ts';
import { readRecords } from '../src/sources/records.ts';

const data = new URL('../../shared/data/', import.meta.url).pathname;
const now = new Date('2026-04-01T00:00:00Z');
const depth = 5_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const note = (line: string): void => void process.stderr.write(`${line}\n`);

const readLines = (file: string): readonly string[] =>
  gunzipSync(readFileSync(join(data, file)))
    .toString()
    .trim()
    .split('\n');

const importCorpus = async (db: Db): Promise<void> => {
  const input = createReadStream(join(data, 'papers.jsonl.gz'));
  await importRecords(
    db,
    readRecords(input, { now }),
    { file: 'papers', by: 'bench', now },
    emptyTally(),
  );
};

type Labels = ReadonlyMap<string, ReadonlySet<number>>;

const readLabels = (db: Db): Labels => {
  const labels = new Map<string, Set<number>>();
  const find = db.$client.prepare('select id from papers where key = ?').pluck();
  for (const line of readLines('topic-labels.jsonl.gz')) {
    const { query, arxivId } = JSON.parse(line) as { query: string; arxivId: string };
    const number = find.get(arxivId) as number | undefined;
    if (number !== undefined) labels.set(query, (labels.get(query) ?? new Set()).add(number));
  }
  return labels;
};

type Figures = { readonly recall: number; readonly precision: number };

const figuresOf = (hits: readonly Hit[], wanted: ReadonlySet<number>): Figures => {
  let found = 0;
  let within = 0;
  let sum = 0;
  for (const [place, { number }] of hits.entries()) {
    if (!wanted.has(number)) continue;
    found += 1;
    if (place < 100) within += 1;
    sum += found / (place + 1);
  }
  return { recall: within / wanted.size, precision: sum / wanted.size };
};

const queryOf = (text: string): Query => {
  const parsed = parseQuery(text);
  if (parsed.kind === 'fault') throw new Error(parsed.fault.message);
  return parsed.query;
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const measureQuality = (db: Db): void => {
  const rows = [...readLabels(db)].map(([text, wanted]) => {
    const query = queryOf(text);
    const bm25 = figuresOf(searchIndex(db, query, depth), wanted);
    const ours = figuresOf(findRelevant(db, query, depth), wanted);
    return { text, bm25, ours };
  });
  say('topic                          BM25 recall@100  AP      ours recall@100  AP');
  for (const { text, bm25, ours } of rows)
    say(
      `${text.padEnd(32)}${bm25.recall.toFixed(3).padStart(8)}${bm25.precision.toFixed(3).padStart(12)}` +
        `${ours.recall.toFixed(3).padStart(14)}${ours.precision.toFixed(3).padStart(10)}`,
    );
  for (const figure of ['recall', 'precision'] as const) {
    const [theirs, our] = [
      mean(rows.map((row) => row.bm25[figure])),
      mean(rows.map((row) => row.ours[figure])),
    ];
    const name = figure === 'recall' ? 'recall in the first 100' : 'average precision';
    say(
      `${name}: BM25 ${theirs.toFixed(4)}, ours ${our.toFixed(4)}, ratio ${(our / theirs).toFixed(2)}`,
    );
  }
};

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

const measureLatency = (db: Db, name: string): void => {
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
    say(
      `${name}, ${side}: median ${percentile(sorted, 0.5).toFixed(1)} ms, ` +
        `95th percentile ${percentile(sorted, 0.95).toFixed(1)} ms (${sorted.length} searches), ` +
        `${(spent[side] / queries.length).toFixed(1)} ms of processor time each`,
    );
  }
};

const measureLearning = (db: Db): void => {
  const start = performance.now();
  const cpu = process.cpuUsage();
  learnMeaning(db);
  const { user, system } = process.cpuUsage(cpu);
  say(
    `learning: ${((performance.now() - start) / 1000).toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} s of processor time), ` +
      `peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
  );
};

const papersADay = 900;

const measureFolding = (db: Db): void => {
  const model = db.$client.prepare('select max(id) from meaning_models').pluck().get();
  db.$client
    .prepare(
      `delete from paper_meanings where model_id = ? and paper_id in
         (select id from papers order by id desc limit ?)`,
    )
    .run(model, papersADay);
  foldNewPapers(db, 1);
  const start = performance.now();
  const folded = foldNewPapers(db, papersADay);
  const between = performance.now();
  openMeaning(db);
  say(
    `a day's papers: ${folded} folded in ${Math.round(between - start)} ms, ` +
      `read into memory in ${Math.round(performance.now() - between)} ms`,
  );
};

/** Three more copies of every paper, ids shifted, text and vectors the same. */
const growFourfold = (db: Db): void => {
  const top = db.$client.prepare('select max(id) from papers').pluck().get() as number;
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
         select model_id, paper_id + ?, terms, vector from paper_meanings where paper_id <= ?`,
      )
      .run(top * copy, top);
    note(`copy ${copy} of 3`);
  }
};

const main = async (): Promise<void> => {
  if (!existsSync(join(data, 'papers.jsonl.gz'))) {
    say('the development data is absent: nothing was measured');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'paperboy-bench-'));
  const file = process.env['DATABASE'] ?? join(folder, 'bench.db');
  const db = openDatabase(file, new URL('../migrations', import.meta.url).pathname);
  try {
    const empty = db.$client.prepare('select count(*) from papers').pluck().get() === 0;
    if (empty) await importCorpus(db);
    if (empty || isLearningDue(db) || process.argv.includes('--learn')) measureLearning(db);
    measureQuality(db);
    measureLatency(db, '56,000 papers');
    measureFolding(db);
    if (process.argv.includes('--grow')) {
      growFourfold(db);
      measureLatency(db, '226,000 papers');
    }
  } finally {
    db.$client.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

await main();
