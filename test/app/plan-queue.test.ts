/** Groups of readers ruled out unread: nobody whom a look at every reader would have found. */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { pause, resumePaused } from '../../src/app/pause.ts';
import { planDigests } from '../../src/app/plan.ts';
import { byDigest } from '../../src/app/plan-files.ts';
import { openPlanQueue } from '../../src/app/plan-queue.ts';
import { importSubscribers } from '../../src/app/subscribers-csv.ts';
import { type Db, statement } from '../../src/db/open.ts';
import {
  confirmSubscriber,
  findById,
  iterateSubscribers,
  setStatus,
  updateSettings,
} from '../../src/db/subscribers.ts';
import { dueDay } from '../../src/domain/due.ts';
import type { Settings } from '../../src/domain/subscription.ts';
import { makeToken } from '../../src/lib/token.ts';
import { connect, newDbFile, rowsOf } from '../db/temp-db.ts';
import {
  addReader,
  dayMs,
  hourMs,
  inventPaper,
  inventSettings,
  later,
  noon,
  takeIn,
} from '../invent.ts';

let db: Db;
beforeEach(async () => {
  db = connect(newDbFile());
  await takeIn(db, [inventPaper(1)]);
});

const plan = (asOf: Date) => planDigests(db, { asOf, now: asOf, reuseMs: hourMs / 2 });

/** Whom a digest is due for and for which day, every reader asked. */
const owed = (now: Date): readonly string[] => {
  const due = [...iterateSubscribers(db)].flatMap(({ id, status, settings, awaitsFirst }) => {
    const day = status === 'active' ? dueDay({ ...settings, awaitsFirst }, now) : undefined;
    return day === undefined ? [] : [{ reader: { id, timeZone: settings.timeZone }, day }];
  });
  return byDigest(db, due, now).open.map(({ reader, day }) => `${reader.id} ${day}`);
};

const planned = (after: number): readonly string[] =>
  rowsOf(db, 'select subscriber_id as id, day from digests where id > ? order by 1', after).map(
    (row) => Object.values(row as object).join(' '),
  );

const lastDigest = (): number =>
  statement(db, 'select coalesce(max(id), 0) from digests').pluck().get() as number;

// Far east and far west, half hours, an hour put back at midnight, and the last hour of a day left out.
const zone = fc.constantFrom(
  ...['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Auckland', 'Pacific/Honolulu'],
  ...['America/Nuuk', 'America/Havana', 'Australia/Lord_Howe', 'Pacific/Kiritimati'],
);
const habits = fc.record({
  timeZone: zone,
  hour: fc.integer({ min: 0, max: 23 }),
  frequency: fc.oneof(
    fc.constantFrom({ kind: 'daily' as const }, { kind: 'weekdays' as const }),
    fc.record({
      kind: fc.constant('weekly' as const),
      on: fc.constantFrom('mon' as const, 'fri' as const, 'sun' as const),
    }),
  ),
});
const minutes = (min: number, max: number) => fc.integer({ min, max });
const who = fc.nat({ max: 3 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: minutes(1, 240) }),
  },
  fc.record({ kind: fc.constant('wait' as const), minutes: minutes(-26 * 60, 5 * 24 * 60) }),
  fc.record({ kind: fc.constant('replay' as const), minutes: minutes(-3 * 24 * 60, 3 * 24 * 60) }),
  fc.record({ kind: fc.constantFrom('change' as const, 'import' as const), who, habits }),
  fc.record({
    kind: fc.constantFrom('pause' as const, 'week off' as const, 'resume' as const),
    who,
  }),
  fc.record({ kind: fc.constantFrom('leave' as const, 'confirm' as const), who }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function* chunksOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

const addressOf = (id: number): string => `reader${id}@example.org`;

const apply = async (
  change: Exclude<Step, { kind: 'wait' }>,
  ids: readonly number[],
  now: Date,
) => {
  if (change.kind === 'replay') {
    plan(later(now, change.minutes * 60_000));
    return;
  }
  const id = ids[change.who] ?? 0;
  const reader = findById(db, id);
  if (change.kind === 'change') updateSettings(db, id, inventSettings(change.habits), [1]);
  else if (change.kind === 'import') {
    const { timeZone, hour, frequency } = change.habits;
    const rhythm = frequency.kind === 'weekly' ? `weekly:${frequency.on}` : frequency.kind;
    const row = [reader?.email, 'all', rhythm, hour, timeZone].join(',');
    const text = `email,topics,frequency,hour,timezone\n${row}\n`;
    await importSubscribers(db, chunksOf(text), 'readers.csv', now);
  } else if (change.kind === 'leave') setStatus(db, id, 'unsubscribed', now);
  else if (change.kind === 'confirm') confirmSubscriber(db, id, now);
  else if (change.kind === 'resume') {
    if (reader?.status === 'paused') setStatus(db, id, 'active', now);
  } else {
    const tokens = { db, secret: 'secret' };
    const token = makeToken(tokens.secret, 'manage', reader?.key ?? Buffer.alloc(16));
    pause(tokens, token, change.kind === 'pause' ? undefined : 'week', now);
  }
};

describe('the queue of planning', () => {
  test('brings everybody whom a look at all readers finds due, and nobody else, whatever they do', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(habits, { minLength: 4, maxLength: 4 }),
        fc.integer({ min: Date.parse('2025-10-01'), max: Date.parse('2026-11-30') }),
        fc.array(step, { minLength: 10, maxLength: 60 }),
        async (readers, start, story) => {
          db.$client.exec('delete from subscribers; delete from editions');
          const ids = readers.map((given: Partial<Settings>, n) =>
            addReader(db, addressOf(n), inventSettings(given)),
          );
          let now = new Date(start);
          for (const next of story) {
            if (next.kind === 'wait') now = later(now, next.minutes * 60_000);
            else await apply(next, ids, now);
            resumePaused(db, now);
            const [expected, before] = [owed(now), lastDigest()];
            plan(now);
            expect(planned(before)).toEqual(expected);
          }
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  test('is empty before the hour, holds who is due from then on, and is empty once they had it', () => {
    addReader(db, 'mira@example.org', inventSettings({ hour: 13 }));
    addReader(db, 'ben@example.org', inventSettings({ hour: 12, frequency: { kind: 'weekdays' } }));
    addReader(db, 'kim@example.org', inventSettings({ frequency: { kind: 'weekly', on: 'mon' } }));
    const waiting = (now: Date): number => openPlanQueue(db, now).count();
    expect(waiting(later(noon, -1))).toBe(0);
    expect(waiting(noon)).toBe(1);
    expect(waiting(later(noon, hourMs))).toBe(2);
    plan(later(noon, hourMs));
    expect(waiting(later(noon, hourMs))).toBe(0);
    expect(waiting(later(noon, dayMs + hourMs))).toBe(1);
    expect(waiting(later(noon, 3 * dayMs + hourMs))).toBe(3);
  });

  test('brings those once whose digest it did not know of', () => {
    addReader(db, 'mira@example.org');
    plan(noon);
    // As an earlier version left it, or planning for another day.
    statement(db, `update subscribers set digest_on = ''`).run();
    expect(openPlanQueue(db, noon).count()).toBe(1);
    expect(plan(noon)).toMatchObject({ due: 0 });
    expect(openPlanQueue(db, noon).count()).toBe(0);
  });

  test('has who just confirmed at its head, whatever the hour, and pages of any size', () => {
    const ids = Array.from({ length: 9 }, (_, n) =>
      addReader(db, `reader${n}@example.org`, inventSettings({ hour: n % 3 })),
    );
    for (const id of [ids[2], ids[7]]) confirmSubscriber(db, id ?? 0, noon);
    const queue = openPlanQueue(db, noon);
    expect(queue.count()).toBe(9);
    for (const size of [1, 2, 9, 10]) {
      const seen: number[] = [];
      for (let place = queue.start; ; ) {
        const { readers, next } = queue.page(place, size);
        if (readers.length === 0) break;
        expect(readers.length).toBeLessThanOrEqual(size);
        seen.push(...readers.map(({ id }) => id));
        place = next;
      }
      expect(seen).toEqual([3, 8, 1, 4, 7, 2, 5, 6, 9]);
    }
    expect(openPlanQueue(db, new Date('2026-03-20T00:00:00Z')).count()).toBe(5);
  });
});
