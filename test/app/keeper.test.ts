import { beforeEach, expect, test } from 'vitest';
import type { Letter, Opened, Question } from '../../src/app/bundle.ts';
import { answerQuestions, enterReports, type KeeperDeps } from '../../src/app/keeper.ts';
import { planDigests } from '../../src/app/plan.ts';
import { endBundle, listBundles } from '../../src/db/bundles.ts';
import { openCommits } from '../../src/db/commits.ts';
import { claimDeliveries } from '../../src/db/deliveries.ts';
import type { Db } from '../../src/db/open.ts';
import { isSuppressed, suppress } from '../../src/db/suppressions.ts';
import type { Report } from '../../src/queue/reports.ts';
import { rowsOf, tempDb } from '../db/temp-db.ts';
import { addReader, inventPaper, inventSignal, later, noon, takeIn } from '../invent.ts';

const bundle = 'bundle-1';
let db: Db;
let deps: KeeperDeps;

beforeEach(async () => {
  db = tempDb();
  const papers = Array.from({ length: 12 }, (_, n) => inventPaper(n));
  const signals = papers.map((paper, n) => inventSignal(paper.id, n));
  await takeIn(db, papers, signals);
  for (let n = 1; n <= 4; n += 1) addReader(db, `reader${n}@example.org`);
  planDigests(db, { asOf: noon, now: noon, reuseMs: 0 });
  claimDeliveries(db, { owner: bundle, now: noon, until: later(noon, 60_000) }, 10);
  const nothing = (): never => {
    throw new Error('nobody asks the archive here');
  };
  deps = {
    ...{ db, commits: openCommits(db), clock: () => noon },
    archive: { sheetOf: nothing, papersOf: nothing },
  };
});

const ask = async (question: Question, unchanged = false): Promise<unknown> => {
  const { words } = await answerQuestions(deps, [question], () => unchanged);
  const [word] = words;
  return word && 'value' in word ? word.value : word;
};

const reportOf = (id: number, outcome: Report['outcome'], lease = bundle): Report => ({
  ...{ lease, id, outcome },
  to: `reader${id}@example.org`,
});
const sent = { kind: 'sent', reply: 'ok' } as const;
const later4xx = { kind: 'deferred', reason: '451 later', scope: 'message' } as const;

const letter = (reports: readonly Report[], dots: Letter['dots']): Letter => ({
  ...{ kind: 'letter', reports, dots },
});

const states = (): unknown =>
  (rowsOf(db, 'select state from deliveries order by id') as { state: string }[]).map(
    ({ state }) => state,
  );

test('a letter enters the ends of mails and those to come, and says which may be ended', async () => {
  expect(await ask({ kind: 'open', bundle }, true)).toEqual({ lease: bundle });
  expect(await ask(letter([], { [bundle]: [1, 2, 3] }))).toEqual([1, 2, 3]);
  expect(states()).toEqual(['data-sent', 'data-sent', 'data-sent', 'claimed']);
  const refused = { kind: 'rejected', code: 550, reason: '5.1.1 nobody' } as const;
  const reports = [reportOf(1, sent), reportOf(2, refused), reportOf(3, later4xx)];
  const { words, entered } = await answerQuestions(
    deps,
    [letter(reports, { [bundle]: [4, 1], elsewhere: [4] })],
    () => false,
  );
  expect(words).toEqual([{ value: [4] }]);
  expect(entered.map(({ settlement }) => settlement?.state)).toEqual([
    ...['sent', 'failed', 'deferred'],
  ]);
  expect(states()).toEqual(['sent', 'failed', 'deferred', 'data-sent']);
  expect(isSuppressed(db, 'reader2@example.org')).toBe(true);
});

test('a report entered by a letter and kept in Redis as well counts once', async () => {
  const reports = [reportOf(1, sent), reportOf(2, later4xx), reportOf(3, { kind: 'released' })];
  await ask(letter([], { [bundle]: [1, 2] }));
  await ask(letter(reports, {}));
  const after = rowsOf(db, 'select * from deliveries');
  expect(await enterReports(deps, reports)).toEqual([]);
  expect(rowsOf(db, 'select * from deliveries')).toEqual(after);
});

test('who takes a bundle up has what was not begun, and whoever had it before only what was', async () => {
  await ask(letter([], { [bundle]: [1, 2] }));
  suppress(db, 'reader4@example.org', 'complaint', 'told us', noon);
  const { lease, ids } = (await ask({ kind: 'open', bundle })) as Opened;
  expect(ids).toEqual([3]);
  expect(states()).toEqual(['data-sent', 'data-sent', 'claimed', 'failed']);
  expect(await ask(letter([], { [lease]: [3] }))).toEqual([3]);
  // The first comes back, and gives up what it never got the word for.
  const late = [reportOf(1, sent), reportOf(3, later4xx), reportOf(3, { kind: 'released' })];
  expect(await ask(letter(late, { [bundle]: [3] }))).toEqual([]);
  expect(states()).toEqual(['sent', 'data-sent', 'data-sent', 'failed']);
  expect(listBundles(db)).toEqual(new Map([[bundle, 2]]));
  expect(await ask(letter([reportOf(3, sent, lease)], {}))).toEqual([]);
  expect(states()).toEqual(['sent', 'data-sent', 'sent', 'failed']);
});

test('a bundle that is ended gives back what was not begun, whoever had it', async () => {
  await ask(letter([], { [bundle]: [1] }));
  const { lease } = (await ask({ kind: 'open', bundle })) as Opened;
  await ask(letter([], { [lease]: [2] }));
  endBundle(db, bundle, noon);
  expect(states()).toEqual(['data-sent', 'data-sent', 'planned', 'planned']);
  expect(rowsOf(db, 'select id from deliveries where lease_until <= ?', noon.getTime())).toEqual([
    { id: 1 },
    { id: 2 },
  ]);
});

test('nothing that may not be durable is answered but with a fault', async () => {
  const commits = {
    ...deps.commits,
    synced: () => Promise.reject(new Error('the disk is gone')),
  };
  const questions = [letter([], { [bundle]: [1] }), { kind: 'sheet', editionId: 1 }];
  const { words } = await answerQuestions({ ...deps, commits }, questions, () => false);
  expect(words).toEqual([{ fault: 'the disk is gone' }, { fault: 'the disk is gone' }]);
  const broken = {
    ...deps,
    clock: () => {
      throw new Error('no clock');
    },
  };
  const report = reportOf(1, sent);
  const answered = await answerQuestions(
    broken,
    [letter([], { [bundle]: [2] }), letter([report], {})],
    () => false,
  );
  expect(answered.words).toEqual([{ fault: 'no clock' }, { fault: 'no clock' }]);
  expect(states()).toEqual(['data-sent', 'claimed', 'claimed', 'claimed']);
});
