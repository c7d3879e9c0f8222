/** A new service's first minutes: readers before papers. */
import { beforeEach, expect, it } from 'vitest';
import { createMailCounts } from '../../../src/app/mail-counts.ts';
import { publishDaily } from '../../../src/app/publish.ts';
import { parseConfig } from '../../../src/config.ts';
import type { Db } from '../../../src/db/open.ts';
import { planJob } from '../../../src/service/jobs/plan.ts';
import { rowsOf, tempDb } from '../../db/temp-db.ts';
import {
  addReader,
  inventPaper,
  inventSettings,
  inventSignal,
  later,
  noon,
  silentLog,
  takeIn,
} from '../../invent.ts';

const running = new AbortController().signal;
const minuteMs = 60_000;

let db: Db;
let now: Date;
let delivered: number;
beforeEach(() => {
  db = tempDb();
  now = noon;
  delivered = 0;
});

const openJob = () => {
  const parsed = parseConfig({});
  if (parsed.kind !== 'ok') throw new Error(parsed.problems.join());
  const clock = () => now;
  const context = { config: parsed.config, clock, log: silentLog, openDb: () => db };
  return planJob(context as never, createMailCounts(clock), () => {
    delivered += 1;
  });
};
const mails = () => rowsOf(db, 'select kind from deliveries');

it('before there are papers nobody has a day without news: the digest comes with the first ones', async () => {
  const job = openJob();
  addReader(db, 'mira@example.org', inventSettings({ topics: ['all'] }));
  await job.run(running);
  expect([mails(), delivered]).toEqual([[], 0]);
  const papers = [1, 2, 3].map((n) => inventPaper(n));
  await takeIn(
    db,
    papers,
    papers.map(({ id }, n) => inventSignal(id, n)),
    { by: 'sample' },
  );
  now = later(noon, minuteMs);
  await job.run(running);
  expect([mails(), delivered]).toEqual([[{ kind: 'digest' }], 1]);
});

it('a welcome without a digest leaves at once, too', async () => {
  const paper = inventPaper(1);
  await takeIn(db, [paper], [inventSignal(paper.id, 1)]);
  publishDaily(db, noon);
  const id = addReader(db, 'mira@example.org', inventSettings({ topics: ['math.CO'] }));
  db.$client.prepare('update subscribers set awaits_first = 1 where id = ?').run(id);
  await openJob().run(running);
  expect([mails(), delivered]).toEqual([[{ kind: 'welcome' }], 1]);
});
