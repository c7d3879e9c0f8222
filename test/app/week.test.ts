import { beforeEach, describe, expect, test } from 'vitest';
import { planDigests } from '../../src/app/plan.ts';
import { ensureEdition } from '../../src/app/publish.ts';
import { listLastDigests } from '../../src/db/digests.ts';
import type { Db } from '../../src/db/open.ts';
import { listPapers } from '../../src/db/papers.ts';
import type { Settings } from '../../src/domain/subscription.ts';
import { tempDb } from '../db/temp-db.ts';
import { addReader, inventPaper, inventSettings, inventSignal, takeIn } from '../invent.ts';

let db: Db;
const friday = new Date('2026-03-20T12:00:00Z');
const at = (day: string) => ({ observedAt: new Date(`2026-03-${day}T12:00:00Z`) });

/** Had its day on Monday, and then nothing more. */
const peaked = inventPaper(1, { listedOn: '2026-03-15', featuredOn: '2026-03-15' });
/** Listed the day before, and rising. */
const rising = inventPaper(2, { listedOn: '2026-03-19', featuredOn: '2026-03-19' });
/** Had all it got before the week began. */
const past = inventPaper(3, { listedOn: '2026-03-05', featuredOn: '2026-03-05' });

beforeEach(async () => {
  db = tempDb();
  await takeIn(
    db,
    [peaked, rising, past],
    [
      ...[inventSignal(peaked.id, 200, at('16')), inventSignal(peaked.id, 230, at('18'))],
      ...[inventSignal(peaked.id, 230, at('19')), inventSignal(peaked.id, 230, at('20'))],
      ...[inventSignal(rising.id, 4, at('19')), inventSignal(rising.id, 9, at('20'))],
      ...[inventSignal(past.id, 300, at('10')), inventSignal(past.id, 301, at('20'))],
    ],
    { now: friday },
  );
});

const digestOf = (settings: Partial<Settings>, asOf = friday): readonly string[] => {
  const id = addReader(db, `${Math.random()}@example.org`, inventSettings(settings));
  planDigests(db, { asOf, now: asOf, reuseMs: 0 });
  return idsOf(id);
};
const idsOf = (reader: number): readonly string[] => {
  const papers = listLastDigests(db, reader, 1)[0]?.papers ?? [];
  const numbers = papers.map(({ paper }) => paper);
  return listPapers(db, numbers).map(({ id }) => id);
};

describe('a weekly digest', () => {
  test('is a review of the week: what peaked is in it, and leads by what the week brought', () => {
    const weekly = digestOf({ frequency: { kind: 'weekly', on: 'fri' } });
    expect(weekly.slice(0, 2)).toEqual([peaked.id, rising.id]);
    expect(digestOf({ frequency: { kind: 'daily' } })).not.toContain(peaked.id);
  });

  test('counts for each paper what came in the week, in words too', () => {
    const { lists } = ensureEdition(db, friday, friday, 0, undefined, 'week');
    const parts = lists[0]?.entries[0]?.parts.find(({ name }) => name === 'week');
    expect(parts).toMatchObject({ gained: 230, points: 230 });
    const total = lists[0]?.entries[0];
    const sum = total?.parts.reduce((points, part) => points + part.points, 0);
    expect(total?.score).toBeCloseTo(sum ?? 0, 5);
  });

  test('repeats no paper the reader had, and has an edition of its own', () => {
    const id = addReader(
      db,
      'mira@example.org',
      inventSettings({ frequency: { kind: 'weekly', on: 'fri' }, papers: 1 }),
    );
    const plan = (asOf: Date) => planDigests(db, { asOf, now: asOf, reuseMs: 0 });
    plan(friday);
    expect(idsOf(id)).toEqual([peaked.id]);
    // One that never left would give way to the next, and its papers would count as unseen.
    db.$client.prepare(`update deliveries set state = 'sent'`).run();
    plan(new Date('2026-03-27T12:00:00Z'));
    expect(idsOf(id)).toEqual([rising.id]);
    const kinds = db.$client.prepare('select distinct kind from editions').pluck().all();
    expect(kinds).toEqual(['week']);
  });
});
