import { beforeEach, describe, expect, test } from 'vitest';
import { modelInForce } from '../../src/app/models.ts';
import { planDigests } from '../../src/app/plan.ts';
import { countPrunable, prune } from '../../src/app/prune.ts';
import { createRankings } from '../../src/app/ranking.ts';
import { listTrending } from '../../src/app/trending.ts';
import { listEditionDays } from '../../src/db/editions.ts';
import type { Db } from '../../src/db/open.ts';
import { listModelCuts } from '../../src/db/pruning.ts';
import { appendSignal } from '../../src/db/signals.ts';
import { connect, newDbFile, rowsOf, scalar } from '../db/temp-db.ts';
import { addReader, dayMs, inventPaper, inventSignal, later, noon, takeIn } from '../invent.ts';

const running = new AbortController().signal;

let db: Db;
beforeEach(async () => {
  db = connect(newDbFile());
  const papers = Array.from({ length: 30 }, (_, n) => inventPaper(n));
  await takeIn(
    db,
    papers,
    papers.map((paper, n) => inventSignal(paper.id, n)),
  );
});

const plan = (asOf: Date) => planDigests(db, { asOf, now: asOf, reuseMs: 0 });
const settle = (state: string): void => {
  db.$client.exec(`update deliveries set state = '${state}', settled_at = planned_at`);
};

describe('pruning', () => {
  test('lets old mails go and keeps young ones, those not sent yet, and each day’s edition', async () => {
    addReader(db, 'ada@readers.example');
    plan(noon);
    // An edition of the same day that no digest was made of and that is not the day's last.
    db.$client.exec(`insert into editions (as_of, ranked_at, published_at, papers_read)
      select as_of - 1000, ranked_at, published_at, papers_read from editions limit 1`);
    settle('sent');
    plan(later(noon, dayMs));
    const days = listEditionDays(db, 10);
    const now = later(noon, 400 * dayMs);

    const dry = countPrunable(db, { mailDays: 300 }, now);
    expect(dry).toMatchObject({ digests: 1, editions: 1 });
    expect(await prune(db, { mailDays: 300 }, now, running)).toEqual(dry);
    expect(rowsOf(db, 'select state from deliveries')).toEqual([{ state: 'planned' }]);
    expect(listEditionDays(db, 10)).toEqual(days);
    expect(rowsOf(db, 'pragma foreign_key_check')).toEqual([]);
    expect(await prune(db, { mailDays: 300 }, now, running)).toMatchObject({ digests: 0 });
  });

  test('thins old signals to a day’s last look, and no ranking and no model changes', async () => {
    const { id } = inventPaper(1);
    const old = later(noon, -500 * dayMs);
    for (const [hour, value] of [1, 5, 9].entries())
      appendSignal(db, {
        ...{ paperId: id, source: 'huggingface', kind: 'upvotes', value },
        observedAt: later(old, hour * 60_000),
      });
    const cut = modelInForce(db, noon).cut;
    db.$client.exec(
      `insert into models (cut, learned_from, growth) values (1, '0 papers, 0 signals', '{}')`,
    );
    const before = listTrending(db, createRankings(db)(noon), {}, 50);
    const signals = Number(scalar(db, 'select count(*) from signals'));

    const pruned = await prune(db, { mailDays: 900, signalDays: 180 }, noon, running);
    expect(pruned.signals).toBe(2);
    expect(Number(scalar(db, 'select count(*) from signals'))).toBe(signals - 2);
    expect(
      scalar(db, 'select value from signals where observed_at < ?', old.getTime() + dayMs),
    ).toBe(9);
    expect(listTrending(db, createRankings(db)(noon), {}, 50)).toEqual(before);
    expect(modelInForce(db, noon).cut).toBe(cut);
    expect(listModelCuts(db)).toContainEqual({ cut: 1, from: '0 papers, 0 signals' });
  });

  test('keeps every signal unless told otherwise', async () => {
    const now = later(noon, 4_000 * dayMs);
    expect(await prune(db, { mailDays: 400 }, now, running)).toMatchObject({ signals: 0 });
    expect(scalar(db, 'select count(*) from signals')).toBe(30);
  });
});
