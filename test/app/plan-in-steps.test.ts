import { beforeEach, describe, expect, test } from 'vitest';
import { type Plan, planDigests, planInSteps } from '../../src/app/plan.ts';
import { publishDaily, publishDailyInSteps } from '../../src/app/publish.ts';
import { topicNumbers } from '../../src/app/topics.ts';
import type { Db } from '../../src/db/open.ts';
import { setStatus, updateSettings } from '../../src/db/subscribers.ts';
import { inTurns } from '../../src/lib/steps.ts';
import { connect, newDbFile, rowsOf } from '../db/temp-db.ts';
import { addReader, inventPaper, inventSettings, inventSignal, noon, takeIn } from '../invent.ts';

let db: Db;
let [mira, ben] = [0, 0];
beforeEach(async () => {
  db = connect(newDbFile());
  const papers = Array.from({ length: 20 }, (_, n) => inventPaper(n));
  const signals = papers.map((paper, n) => inventSignal(paper.id, n));
  await takeIn(db, papers, signals);
  mira = addReader(db, 'mira@example.org', inventSettings());
  ben = addReader(db, 'ben@example.org', inventSettings());
});

const request = { asOf: noon, now: noon, reuseMs: 0 };
const readers = (): readonly unknown[] =>
  rowsOf(db, 'select subscriber_id as reader from digests order by 1').map(
    (row) => (row as { reader: number }).reader,
  );

/** Plans in steps; `meanwhile` happens after the first. */
const planWhile = async (meanwhile: () => void): Promise<Plan | undefined> => {
  const planned = inTurns(planInSteps(db, request), new AbortController().signal);
  meanwhile();
  return planned;
};

describe('planning in steps', () => {
  test('lets others have their turns, and plans what it plans at once', async () => {
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    }, 0);
    const planned = await planWhile(() => undefined);
    clearInterval(counting);
    expect(planned).toEqual({
      due: 2,
      planned: 2,
      skipped: { 'nothing-new': 0, suppressed: 0 },
    });
    expect(turns).toBeGreaterThan(0);
    expect(planDigests(db, request)).toMatchObject({ due: 0 });
  });

  test('plans nothing for who leaves while the lists are made', async () => {
    expect(await planWhile(() => setStatus(db, ben, 'unsubscribed', noon))).toMatchObject({
      due: 1,
    });
    expect(readers()).toEqual([mira]);
  });

  test('leaves who takes a topic that has no list yet to the next tick', async () => {
    const settings = inventSettings({ topics: ['cs.RO'] });
    // Changed when the edition is out, which knows nothing of the topic.
    const steps = planInSteps(db, request);
    while (rowsOf(db, 'select 1 from editions').length === 0) steps.next();
    updateSettings(db, ben, settings, topicNumbers(db, settings.topics));
    expect(await inTurns(steps, new AbortController().signal)).toMatchObject({ due: 1 });
    expect(readers()).toEqual([mira]);
    expect(planDigests(db, request)).toMatchObject({ due: 1 });
    expect(readers()).toEqual([mira, ben]);
  });

  test('ends with its signal, and a rerun does the rest', async () => {
    const stopping = new AbortController();
    const planned = inTurns(planInSteps(db, request), stopping.signal);
    stopping.abort();
    expect(await planned).toBeUndefined();
    expect(readers()).toEqual([]);
    expect(planDigests(db, request)).toMatchObject({ planned: 2 });
  });

  test("publishes the day's edition once", async () => {
    const { signal } = new AbortController();
    expect(await inTurns(publishDailyInSteps(db, noon), signal)).toBe(true);
    expect(await inTurns(publishDailyInSteps(db, noon), signal)).toBe(false);
    expect(publishDaily(db, noon)).toBe(false);
  });
});
