/** A service's ingest over `services.ts`: a real database, a clock that only sleeping moves. */
import { type IngestDeps, type IngestedSource, ingest } from '../../src/app/ingest.ts';
import { type Db, inTransaction, openDatabase } from '../../src/db/open.ts';
import { upsertPaper } from '../../src/db/papers.ts';
import { createPoliteFetch } from '../../src/lib/polite-fetch.ts';
import type { SourceName } from '../../src/sources/live.ts';
import type { LiveConfig } from '../../src/sources/live-source.ts';
import { serviceUrlsAt } from '../sources/live-context.ts';
import type { Services } from './services.ts';

export const everySource: readonly SourceName[] = [
  ...(['huggingface', 'arxiv', 'arxiv-oai', 'github', 'hackernews', 'openalex'] as const),
];

const silent = () => undefined;

export const openCorpus = (): Db => {
  const db = openDatabase(':memory:', 'migrations');
  const old = { id: '2512.00001', title: 'Old Sheep', abstract: '', authors: [], categories: [] };
  inTransaction(db, () =>
    upsertPaper(db, { ...old, listedOn: '2025-12-10' }, { at: new Date(0), by: 'import' }),
  );
  return db;
};

export type Ingesting = {
  readonly db: Db;
  readonly deps: IngestDeps;
  readonly slept: number[];
  /** Reads sources, each as if it were this time, however long the ones before it slept. */
  readonly run: (
    at: string,
    sources?: readonly SourceName[],
    signal?: AbortSignal,
  ) => Promise<readonly IngestedSource[]>;
};

export const startIngesting = (
  services: Services,
  options: { db?: Db; timeoutMs?: number; config?: Partial<LiveConfig>; owner?: string } = {},
): Ingesting => {
  const db = options.db ?? openCorpus();
  const slept: number[] = [];
  let ms = 0;
  const clock = () => new Date(ms);
  const sleep = async (wait: number): Promise<void> => {
    slept.push(wait);
    ms += wait;
  };
  const deps: IngestDeps = {
    ...{ db, clock, sleep, owner: options.owner ?? 'host/1/1', isGone: () => false },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    politeFetch: createPoliteFetch({
      ...{ clock, sleep },
      defaults: {
        timeoutMs: options.timeoutMs ?? 20_000,
        maxBytes: 1_000_000,
        userAgent: 'paperboy test',
      },
    }),
    config: { urls: serviceUrlsAt(services.base), categories: ['cs.CL'], ...options.config },
  };
  return {
    db,
    deps,
    slept,
    run: async (at, sources = everySource, signal = new AbortController().signal) => {
      const rows: IngestedSource[] = [];
      for (const source of sources) {
        ms = Date.parse(at);
        services.at = new Date(ms);
        rows.push(...(await ingest(deps, [source], signal)));
      }
      return rows;
    },
  };
};

const tables = [
  ['papers', 'key'],
  ['paper_authors', 'paper_id, position'],
  ['paper_categories', 'paper_id, position'],
  ['signals', 'paper_key, source, kind, observed_at'],
  ['source_notes', 'source, key'],
  ['source_batches', 'source, judged_at'],
] as const;

/** Everything the sources left in the database, but the numbers of its rows. */
export const dump = (db: Db): Readonly<Record<string, readonly unknown[]>> => ({
  ...Object.fromEntries(
    tables.map(([table, order]) => [
      table,
      db.$client
        .prepare(`select * from ${table} order by ${order}`)
        .all()
        .map((row) => ({ ...(row as object), ...(table === 'papers' ? {} : { id: 0 }) })),
    ]),
  ),
  found: db.$client
    .prepare(`select rowid from papers_fts where papers_fts match 'sheep' order by rowid`)
    .all(),
});
