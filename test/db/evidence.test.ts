import { beforeEach, describe, expect, test } from 'vitest';
import { loadEvidence, newestFact, type PaperEvidence } from '../../src/db/evidence.ts';
import type { Db } from '../../src/db/open.ts';
import { hideSample } from '../../src/db/papers.ts';
import { dayMs, hourMs, inventPaper, inventSignal, later, noon, takeIn } from '../invent.ts';
import { tempDb } from './temp-db.ts';

let db: Db;
beforeEach(() => {
  db = tempDb();
});

const at = noon.getTime();
const midnight = Date.parse('2026-03-20T00:00:00Z');
const known = (asOf = at): readonly PaperEvidence[] => loadEvidence(db, asOf, asOf);
const ids = (asOf = at): readonly string[] => known(asOf).map(({ id }) => id);
const first = (asOf = at): PaperEvidence | undefined => known(asOf)[0];
/** The standing totals of the first paper, by kind. */
const totals = (asOf = at): object =>
  Object.fromEntries(
    Object.entries(first(asOf)?.attention ?? {}).map(([kind, standing]) => [kind, standing.total]),
  );
const id = inventPaper(1).id;
const undated = () => {
  const { listedOn: _, ...paper } = inventPaper(1);
  return paper;
};

describe('what was known at a moment', () => {
  test('holds no paper listed later', async () => {
    await takeIn(db, [inventPaper(1), inventPaper(2, { listedOn: '2026-03-21' })]);
    expect(ids()).toEqual([id]);
    expect(ids(midnight - 1)).toEqual([]);
    expect(ids(midnight + dayMs)).toHaveLength(2);
  });

  test('holds no signal observed later', async () => {
    await takeIn(
      db,
      [inventPaper(1)],
      [
        inventSignal(id, 5, { observedAt: later(noon, -hourMs) }),
        inventSignal(id, 50, { observedAt: later(noon, 1) }),
      ],
    );
    expect(totals()).toEqual({ upvotes: 5 });
    expect(totals(at + 1)).toEqual({ upvotes: 50 });
    expect(totals(at - 2 * hourMs)).toEqual({});
  });

  test('does not know a feature of a later day', async () => {
    const paper = { ...undated(), publishedAt: new Date('2026-03-18T00:00:00Z') };
    await takeIn(db, [paper]);
    const before = first();
    await takeIn(db, [inventPaper(1, { listedOn: '2026-03-18', featuredOn: '2026-03-21' })]);
    expect(first()?.startedAt).toBe(before?.startedAt);
    expect(first(midnight + dayMs)?.startedAt).toBe(midnight + dayMs);
  });

  test('counts a paper without any date from when it was first seen', async () => {
    await takeIn(db, [undated()]);
    expect(ids(at - 1)).toEqual([]);
    expect(first()).toMatchObject({ id, startedAt: undefined });
    await takeIn(db, [], [inventSignal(id, 3, { observedAt: later(noon, -hourMs) })]);
    expect(first()?.startedAt).toBe(at - hourMs);
  });

  test('leaves out what is past its month, and what is hidden', async () => {
    await takeIn(db, [inventPaper(1, { listedOn: '2026-02-01' })]);
    await takeIn(db, [inventPaper(2)], [], { by: 'sample' });
    expect(ids()).toEqual(['2603.10002']);
    hideSample(db);
    expect(ids()).toEqual([]);
  });
});

describe('totals', () => {
  test('are the last ones told, falling or not, and the higher of two sources', async () => {
    await takeIn(
      db,
      [inventPaper(1)],
      [
        inventSignal(id, 90, { observedAt: later(noon, -3 * hourMs) }),
        inventSignal(id, 40, { observedAt: later(noon, -hourMs) }),
        inventSignal(id, 30, { observedAt: later(noon, -2 * hourMs), source: 'other' }),
        inventSignal(id, 2, { kind: 'comments' }),
      ],
    );
    expect(totals()).toEqual({ upvotes: 40, comments: 2 });
  });

  test('do not add up over duplicates told in any order', async () => {
    const told = [3, 1, 2].map((hours) =>
      inventSignal(id, 100 - hours, { observedAt: later(noon, -hours * hourMs) }),
    );
    await takeIn(db, [inventPaper(1)], [...told, ...told]);
    expect(totals()).toEqual({ upvotes: 99 });
  });

  test('pass over an absurd observation and keep the last that can be believed', async () => {
    await takeIn(
      db,
      [inventPaper(1)],
      [
        inventSignal(id, 7, { observedAt: later(noon, -2 * hourMs) }),
        inventSignal(id, 1e9, { observedAt: later(noon, -hourMs) }),
      ],
    );
    expect(totals()).toEqual({ upvotes: 7 });
  });
});

describe('the newest fact', () => {
  test('is the latest observation or listing known then', async () => {
    expect(newestFact(db, at)).toBeUndefined();
    await takeIn(db, [inventPaper(1)], [inventSignal(id, 5, { observedAt: later(noon, -hourMs) })]);
    expect(newestFact(db, at)).toBe(at - hourMs);
    expect(newestFact(db, at - 2 * hourMs)).toBe(midnight);
    expect(newestFact(db, midnight - 1)).toBeUndefined();
  });
});
