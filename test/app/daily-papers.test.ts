/** `GET /api/daily_papers`: what one service knows, read by another as if it were Hugging Face. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listDailyPapers } from '../../src/app/daily-papers.ts';
import { ingest } from '../../src/app/ingest.ts';
import { publishDaily } from '../../src/app/publish.ts';
import { rankCorpus } from '../../src/app/ranking.ts';
import type { Db } from '../../src/db/open.ts';
import { findPaper } from '../../src/db/papers.ts';
import { listSignals } from '../../src/db/signals.ts';
import type { Paper } from '../../src/domain/paper.ts';
import { createPoliteFetch } from '../../src/lib/polite-fetch.ts';
import { createWeb } from '../../src/web/routes.ts';
import { type RunningServer, startServer } from '../../src/web/server.ts';
import { tempDb } from '../db/temp-db.ts';
import { inventPaper, inventSignal, noon, silentLog, takeIn } from '../invent.ts';
import { serviceUrlsAt } from '../sources/live-context.ts';
import { fake } from '../web/fakes.ts';

let db: Db;
let server: RunningServer;

beforeEach(async () => {
  db = tempDb();
  const { deps } = fake({
    clock: () => noon,
    listDaily: (ask) => listDailyPapers(db, () => rankCorpus(db, noon), ask, noon),
  });
  server = await startServer(createWeb(deps), { host: '127.0.0.1', port: 0 });
});
afterEach(() => server.close());

type Entry = { readonly paper: { readonly id: string; readonly upvotes: number } };
const ask = async (search: string) => {
  const response = await fetch(`http://127.0.0.1:${server.port}/api/daily_papers${search}`);
  const entries = (await response.json()) as readonly Entry[];
  return { ids: entries.map(({ paper }) => paper.id), link: response.headers.get('link') };
};

const featured = (n: number, given: Partial<Paper> = {}): Paper =>
  inventPaper(n, {
    publishedAt: new Date('2026-03-18T17:00:01Z'),
    featuredOn: '2026-03-20',
    codeUrl: 'https://github.com/example/code',
    summary: { text: 'Robots tell things apart.', by: 'huggingface' },
    keywords: ['robots', 'things'],
    organization: 'Example University',
    ...given,
  });

/** What our own reader of Hugging Face makes of the service, in a database of its own. */
const readBack = async (): Promise<Db> => {
  const theirs = tempDb();
  const deps = {
    ...{ db: theirs, clock: () => noon, sleep: async () => undefined },
    ...{ owner: 'host/1/1', isGone: () => false, log: silentLog },
    politeFetch: createPoliteFetch({
      ...{ clock: () => noon, sleep: async () => undefined },
      defaults: { timeoutMs: 5_000, maxBytes: 10_000_000, userAgent: 'paperboy test' },
    }),
    config: { urls: serviceUrlsAt(`http://127.0.0.1:${server.port}`), categories: ['cs.CL'] },
  };
  const urls = { ...deps.config.urls, hfApi: `http://127.0.0.1:${server.port}/api` };
  const [row] = await ingest(
    { ...deps, config: { ...deps.config, urls } },
    ['huggingface'],
    new AbortController().signal,
  );
  expect(row).toMatchObject({ source: 'huggingface', rejected: [] });
  return theirs;
};

describe('daily papers', () => {
  test('are read back whole by our own reader of Hugging Face, over several pages', async () => {
    const papers = Array.from({ length: 130 }, (_, n) =>
      featured(n, n % 3 === 0 ? { title: `TeX $\\alpha_${n}$ & <b>` } : {}),
    );
    await takeIn(
      db,
      papers,
      papers.flatMap(({ id }, n) => [
        inventSignal(id, n + 1),
        inventSignal(id, n, { kind: 'comments' }),
        ...(n % 2 === 0
          ? [inventSignal(id, 7 * n, { source: 'github', kind: 'github-stars' })]
          : []),
      ]),
    );
    const theirs = await readBack();
    for (const { id } of papers) {
      const [ours, read] = [findPaper(db, id), findPaper(theirs, id)];
      const withoutList = (paper: typeof ours) =>
        paper && { ...paper, number: 0, categories: [], listedOn: undefined };
      expect(withoutList(read)).toEqual(withoutList(ours));
      const counts = (from: Db) =>
        listSignals(from, id, noon).map(({ source, kind, value }) => [source, kind, value]);
      expect(counts(theirs)).toEqual(counts(db));
    }
  });

  test('of a day are those featured on it, the most noticed first, and lead on page by page', async () => {
    const papers = [
      featured(1),
      featured(2),
      featured(3),
      featured(4, { featuredOn: '2026-03-19' }),
    ];
    await takeIn(db, papers, [inventSignal('2603.10002', 9), inventSignal('2603.10003', 30)]);
    const first = await ask('?date=2026-03-20&limit=2');
    expect(first.ids).toEqual(['2603.10003', '2603.10002']);
    expect(first.link).toContain('p=1>; rel="next"');
    const second = await ask('?date=2026-03-20&limit=2&p=1');
    expect(second).toEqual({ ids: ['2603.10001'], link: null });
    expect((await ask('?date=2026-03-21')).ids).toEqual([]);
  });

  test('without a day are those featured last, or what is trending', async () => {
    const papers = [featured(1, { featuredOn: '2026-03-19' }), featured(2), inventPaper(3)];
    await takeIn(db, papers, [inventSignal('2603.10003', 90)]);
    expect((await ask('')).ids).toEqual(['2603.10002', '2603.10001']);
    expect((await ask('?sort=trending')).ids[0]).toBe('2603.10003');
  });

  test('where no source features papers are those that led the day’s edition', async () => {
    const untold = inventPaper(2, { id: 'title:a-paper-known-by-title' });
    await takeIn(db, [inventPaper(1), untold], [inventSignal('2603.10001', 4)]);
    publishDaily(db, noon);
    expect((await ask('?date=2026-03-20')).ids).toEqual(['2603.10001']);
  });
});
