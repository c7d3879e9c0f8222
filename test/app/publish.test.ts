import { beforeEach, describe, expect, test } from 'vitest';
import { ensureEdition, publishDaily } from '../../src/app/publish.ts';
import { listEntries } from '../../src/db/editions.ts';
import type { Db } from '../../src/db/open.ts';
import { findTopic } from '../../src/db/topics.ts';
import { rowsOf, tempDb } from '../db/temp-db.ts';
import {
  addReader,
  dayMs,
  inventPaper,
  inventSettings,
  inventSignal,
  later,
  noon,
  takeIn,
} from '../invent.ts';

let db: Db;
beforeEach(async () => {
  db = tempDb();
  await takeIn(db, [inventPaper(1), inventPaper(2)], [inventSignal('2603.10002', 9)]);
});

const minuteMs = 60_000;
const editions = (): number => rowsOf(db, 'select 1 from editions').length;

describe('publishing', () => {
  test('ranks everything and every topic in use, empty ones too', () => {
    addReader(db, 'mira@example.org', inventSettings({ topics: ['cs.RO', 'query:unheard of'] }));
    addReader(db, 'jonas@example.org', inventSettings({ topics: ['cs.CV'] }), 'paused');
    const { lists, papersRead } = ensureEdition(db, noon, noon, 0);
    expect(lists.map(({ entries }) => entries.length)).toEqual([2, 2, 0]);
    expect(lists[0]?.topicId).toBe(findTopic(db, 'all')?.id);
    expect(lists[0]?.entries[0]?.paper).toBe(2);
    expect(papersRead).toBe(2);
  });

  test('reuses an edition young enough that covers all topics in use, else makes a new one', () => {
    const first = ensureEdition(db, noon, noon, 0);
    const soon = later(noon, 10 * minuteMs);
    expect(ensureEdition(db, soon, soon, 10 * minuteMs)).toEqual(first);
    expect(ensureEdition(db, soon, soon, 9 * minuteMs).id).not.toBe(first.id);
    addReader(db, 'mira@example.org', inventSettings({ topics: ['cs.RO'] }));
    expect(editions()).toBe(2);
    ensureEdition(db, soon, soon, 10 * minuteMs);
    expect(editions()).toBe(3);
  });

  test('is final: what is learned later changes nothing that was published', async () => {
    const { id, lists } = ensureEdition(db, noon, noon, 0);
    await takeIn(db, [inventPaper(3)], [inventSignal('2603.10001', 500, { kind: 'comments' })]);
    expect(listEntries(db, id, lists[0]?.topicId ?? 0)).toEqual(lists[0]?.entries);
  });

  test('waits while there is nothing but the bundled sample', async () => {
    const at = new Date('2026-03-20T07:00:00Z');
    db = tempDb();
    addReader(db, 'mira@example.org', inventSettings({ topics: ['all'] }));
    expect([publishDaily(db, at), editions()]).toEqual([false, 0]);
    await takeIn(db, [inventPaper(1)], [], { by: 'sample' });
    expect(publishDaily(db, at)).toBe(false);
    await takeIn(db, [inventPaper(2)]);
    expect([publishDaily(db, at), editions()]).toEqual([true, 1]);
  });

  test('happens once a day from six in the morning UTC, subscribers or not', () => {
    const at = (time: string): boolean => publishDaily(db, new Date(`2026-03-20T${time}Z`));
    expect(at('05:59:59')).toBe(false);
    expect(at('06:00:00')).toBe(true);
    expect(at('06:01:00')).toBe(false);
    expect(at('23:59:00')).toBe(false);
    expect(publishDaily(db, later(noon, dayMs))).toBe(true);
  });
});
