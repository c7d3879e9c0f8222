import { describe, expect, test } from 'vitest';
import { createRowCount } from '../../src/db/row-count.ts';
import { appendSignal, listSignals } from '../../src/db/signals.ts';
import { dayMs, inventSignal, later } from '../invent.ts';
import { rowsOf, tempDb } from './temp-db.ts';

const signal = inventSignal('2603.10001', 12, { listedOn: '2026-03-20' });

describe('the ledger of signals', () => {
  test('keeps an observation as told, of papers not known yet too', () => {
    const db = tempDb();
    expect(appendSignal(db, signal)).toEqual({ kind: 'new' });
    expect(listSignals(db, signal.paperId, signal.observedAt)).toEqual([signal]);
  });

  test('does not change when told the same again', () => {
    const db = tempDb();
    appendSignal(db, signal);
    const before = rowsOf(db, 'select * from signals');
    expect(appendSignal(db, signal)).toEqual({ kind: 'unchanged' });
    expect(rowsOf(db, 'select * from signals')).toEqual(before);
  });

  test('keeps the first of two contradicting values and says which that was', () => {
    const db = tempDb();
    appendSignal(db, signal);
    expect(appendSignal(db, { ...signal, value: 13 })).toEqual({
      kind: 'contradiction',
      recorded: 12,
    });
    expect(listSignals(db, signal.paperId, signal.observedAt)).toEqual([signal]);
  });

  test('tells sources, kinds and moments apart, and only what was observed until then', () => {
    const db = tempDb();
    const tomorrow = { ...signal, observedAt: later(signal.observedAt, dayMs) };
    for (const one of [
      signal,
      { ...signal, source: 'other' },
      { ...signal, kind: 'comments' as const },
      tomorrow,
    ])
      expect(appendSignal(db, one).kind).toBe('new');
    expect(listSignals(db, signal.paperId, signal.observedAt)).toHaveLength(3);
    expect(listSignals(db, signal.paperId, tomorrow.observedAt)).toHaveLength(4);
  });

  test('is counted whole once in an hour, and by what is new in between', () => {
    const db = tempDb();
    const at = signal.observedAt;
    const count = createRowCount(db, 'signals');
    expect(count(at)).toBe(0);
    for (let n = 0; n < 5; n += 1)
      appendSignal(db, inventSignal(`2603.1000${n}`, n, { observedAt: at }));
    expect(count(at)).toBe(5);
    appendSignal(db, inventSignal('2603.10009', 9, { observedAt: at }));
    expect(count(later(at, 60_000))).toBe(6);
    db.$client.exec('delete from signals where value < 3');
    expect(count(later(at, 120_000))).toBe(6);
    expect(count(later(at, dayMs))).toBe(3);
  });
});
