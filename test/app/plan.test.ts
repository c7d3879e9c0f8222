import { beforeEach, describe, expect, test } from 'vitest';
import { type Plan, planDigests } from '../../src/app/plan.ts';
import { previewDigest } from '../../src/app/preview.ts';
import { listDigests } from '../../src/db/digests.ts';
import type { Db } from '../../src/db/open.ts';
import {
  confirmSubscriber,
  findById,
  setStatus,
  updateSettings,
} from '../../src/db/subscribers.ts';
import { suppress } from '../../src/db/suppressions.ts';
import type { Settings } from '../../src/domain/subscription.ts';
import { connect, newDbFile, rowsOf } from '../db/temp-db.ts';
import {
  addReader,
  dayMs,
  hourMs,
  inventPaper,
  inventSettings,
  inventSignal,
  later,
  noon,
  takeIn,
} from '../invent.ts';

let db: Db;
let file = '';
beforeEach(async () => {
  file = newDbFile();
  db = connect(file);
  const papers = Array.from({ length: 40 }, (_, n) => inventPaper(n));
  await takeIn(
    db,
    papers,
    papers.map((paper, n) => inventSignal(paper.id, n)),
  );
});

const plan = (asOf = noon, dryRun = false): Plan =>
  planDigests(db, { asOf, now: asOf, reuseMs: 0, dryRun });
const email = 'mira@example.org';
const add = (given: Partial<Settings> = {}): number => addReader(db, email, inventSettings(given));
const digests = (): readonly unknown[] =>
  rowsOf(db, 'select day from digests order by id').map((row) => (row as { day: string }).day);
const papersOf = (digest: number): readonly number[] =>
  listDigests(db, [digest])
    .get(digest)
    ?.papers.map(({ paper }) => paper) ?? [];
const settleAll = (state: string): void => {
  db.$client.prepare('update deliveries set state = ?').run(state);
};

describe('planning', () => {
  test('looks as far back as the lists reach, so that a paper of last year is not repeated', async () => {
    const lastYear = new Date('2025-03-20T12:00:00Z');
    // A quiet topic: what is on its list has been there for a year.
    const old = Array.from({ length: 4 }, (_, n) =>
      inventPaper(100 + n, {
        id: `2503.${20_000 + n}`,
        categories: ['astro-ph.GA'],
        listedOn: '2025-03-20',
      }),
    );
    await takeIn(db, old, [], { now: lastYear });
    const reader = add({ topics: ['astro-ph.GA'], papers: 2 });
    plan(lastYear);
    settleAll('sent');
    const first = papersOf(1);
    expect(first).toHaveLength(2);
    for (const days of [1, 365, 366]) {
      plan(later(lastYear, days * dayMs));
      settleAll('sent');
    }
    const ids = rowsOf(db, 'select id from digests where subscriber_id = ?', reader);
    const sent = ids.flatMap((row) => papersOf((row as { id: number }).id));
    expect(new Set(sent).size).toBe(sent.length);
    expect(sent).toHaveLength(4);
  });

  test('gives every reader who is due one digest, and a second run none', () => {
    add();
    addReader(db, 'later@example.org', inventSettings({ hour: 13 }));
    addReader(db, 'paused@example.org', inventSettings(), 'paused');
    addReader(db, 'unconfirmed@example.org', inventSettings(), 'unconfirmed');
    expect(plan()).toEqual({ due: 1, planned: 1, skipped: { 'nothing-new': 0, suppressed: 0 } });
    expect(plan()).toMatchObject({ due: 0, planned: 0 });
    expect(plan(later(noon, hourMs))).toMatchObject({ due: 1 });
    expect(papersOf(1)).toHaveLength(10);
  });

  test('repeats no paper on the days after, and falls silent when there is nothing new', () => {
    add({ papers: 15 });
    const chosen = [0, 1, 2].flatMap((day) => {
      plan(later(noon, day * dayMs));
      settleAll('sent');
      return papersOf(day + 1);
    });
    expect(chosen).toHaveLength(40);
    expect(new Set(chosen).size).toBe(40);
    expect(plan(later(noon, 3 * dayMs))).toMatchObject({
      due: 1,
      planned: 0,
      skipped: { 'nothing-new': 1 },
    });
    expect(plan(later(noon, 3 * dayMs))).toMatchObject({ due: 0 });
    expect(rowsOf(db, 'select 1 from deliveries')).toHaveLength(3);
  });

  test.each(['failed', 'unknown'])('brings the papers of a digest that is %s again', (state) => {
    add();
    plan();
    settleAll(state);
    plan(later(noon, dayMs));
    expect(papersOf(2)).toEqual(papersOf(1));
  });

  test.each(['claimed', 'data-sent', 'sent'])('does not while it is %s', (state) => {
    add();
    plan();
    settleAll(state);
    plan(later(noon, dayMs));
    expect(papersOf(2).filter((paper) => papersOf(1).includes(paper))).toEqual([]);
  });

  test('twice at once, over two connections, gives each reader one digest', () => {
    add();
    // Yesterday's still waits, so that today's takes its place: the newer one, planned meanwhile, stays.
    plan();
    const other = connect(file);
    const today = later(noon, dayMs);
    const request = { asOf: today, now: today, reuseMs: 0 };
    // The other process plans between our look at who is due and our writing.
    let once = true;
    const client = new Proxy(db.$client, {
      get: (target, name) => {
        if (once && name === 'transaction' && rowsOf(db, 'select 1 from editions').length > 1) {
          once = false;
          expect(planDigests(other, request)).toMatchObject({ planned: 1 });
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const interrupted = new Proxy(db, {
      get: (target, name) => (name === '$client' ? client : Reflect.get(target, name)),
    });
    expect(planDigests(interrupted, request)).toMatchObject({ due: 0, planned: 0 });
    expect(once).toBe(false);
    expect(digests()).toEqual(['2026-03-20', '2026-03-21']);
    expect(rowsOf(db, 'select state from deliveries order by id')).toEqual([
      { state: 'failed' },
      { state: 'planned' },
    ]);
  });

  test('leaves out the suppressed and says so', () => {
    add();
    suppress(db, email, 'hard', 'gone', noon);
    expect(plan()).toMatchObject({ due: 1, planned: 0, skipped: { suppressed: 1 } });
    // The day is settled: the next minute's tick need not look again.
    expect(plan()).toMatchObject({ due: 0 });
  });

  test('as a dry run counts the same and records nothing', () => {
    add();
    expect(plan(noon, true)).toMatchObject({ due: 1, planned: 1 });
    for (const table of ['digests', 'deliveries', 'editions'])
      expect(rowsOf(db, `select * from ${table}`)).toEqual([]);
  });

  test('is what a preview shows', () => {
    const id = add({ topics: ['cs.RO', 'all'], papers: 7 });
    const reader = findById(db, id);
    const preview = previewDigest(
      db,
      inventSettings({ topics: ['cs.RO', 'all'], papers: 7 }),
      reader,
      noon,
    );
    plan();
    expect(preview.papers.map(({ paper }) => (paper as { number?: number }).number)).toEqual(
      papersOf(1),
    );
  });
});

describe('a new reader', () => {
  test('gets the first digest at once, whatever the hour, and the next on the day after', () => {
    const id = add({ hour: 23 });
    confirmSubscriber(db, id, noon);
    expect(plan()).toMatchObject({ due: 1, planned: 1 });
    expect(plan(later(noon, 11.5 * hourMs))).toMatchObject({ due: 0 });
    expect(plan(later(noon, dayMs))).toMatchObject({ due: 0 });
    expect(plan(later(noon, dayMs + 11.5 * hourMs))).toMatchObject({ due: 1 });
  });

  test('is welcomed when there is nothing to send yet', () => {
    confirmSubscriber(db, add({ topics: ['query:unheard-of'] }), noon);
    expect(plan()).toMatchObject({ due: 1, planned: 0, skipped: { 'nothing-new': 1 } });
    expect(rowsOf(db, 'select kind from deliveries')).toEqual([{ kind: 'welcome' }]);
  });
});

describe('one digest a day', () => {
  const ticks = (from: Date, days: number): void => {
    for (let tick = 0; tick < days * 48; tick += 1) plan(later(from, (tick * hourMs) / 2));
  };

  test('comes through ticks that go on and on', () => {
    add({ hour: 23, timeZone: 'America/Nuuk', papers: 1 });
    ticks(new Date('2026-03-27T12:00:00Z'), 4);
    expect(digests()).toEqual(['2026-03-27', '2026-03-28', '2026-03-29', '2026-03-30']);
  });

  test('comes late after the service was down, and none for the days missed', () => {
    add({ papers: 1 });
    plan(noon);
    plan(new Date('2026-03-23T23:59:00Z'));
    plan(new Date('2026-03-24T00:01:00Z'));
    expect(digests()).toEqual(['2026-03-20', '2026-03-23']);
  });

  test('is not doubled by a clock that jumps back', () => {
    add({ papers: 1 });
    for (const hours of [0, -2, 1, -1, 2]) plan(later(noon, hours * hourMs));
    expect(digests()).toEqual(['2026-03-20']);
  });

  test('is not doubled by moving to another zone the same day, east or west', () => {
    const id = add({ papers: 1, timeZone: 'Pacific/Auckland', topics: ['all'] });
    const move = (timeZone: string): void =>
      updateSettings(db, id, inventSettings({ papers: 1, timeZone }), [1]);
    plan(new Date('2026-03-20T20:00:00Z'));
    expect(digests()).toEqual(['2026-03-21']);
    // There it is the morning of the day before.
    move('Pacific/Honolulu');
    expect(plan(new Date('2026-03-20T20:30:00Z'))).toMatchObject({ due: 0 });
    move('Asia/Tokyo');
    expect(plan(new Date('2026-03-21T01:00:00Z'))).toMatchObject({ due: 0 });
    expect(plan(new Date('2026-03-22T01:00:00Z'))).toMatchObject({ due: 1 });
  });

  test('is planned for a past moment too, for readers who had none for it', () => {
    add();
    plan(later(noon, dayMs));
    expect(plan(noon)).toMatchObject({ due: 1 });
    expect(plan(noon)).toMatchObject({ due: 0 });
  });

  test('takes the place of one that still waits, and brings what that would have brought', () => {
    add({ papers: 3 });
    plan(noon);
    settleAll('deferred');
    expect(plan(later(noon, dayMs))).toMatchObject({ planned: 1 });
    expect(papersOf(2)).toEqual(papersOf(1));
    expect(rowsOf(db, 'select state, reason from deliveries')).toEqual([
      { state: 'failed', reason: expect.stringMatching(/^superseded/) },
      { state: 'planned', reason: null },
    ]);
  });

  test('leaves one alone that is under way', () => {
    add({ papers: 3 });
    plan(noon);
    settleAll('data-sent');
    plan(later(noon, dayMs));
    expect(rowsOf(db, 'select state from deliveries')).toEqual([
      { state: 'data-sent' },
      { state: 'planned' },
    ]);
    expect(papersOf(2)).not.toContain(papersOf(1)[0]);
  });

  test('ends when the reader leaves', () => {
    const id = add();
    setStatus(db, id, 'unsubscribed', noon);
    expect(plan()).toMatchObject({ due: 0 });
  });
});
