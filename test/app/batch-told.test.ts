import { describe, expect, test } from 'vitest';
import { batchNews } from '../../src/app/batches.ts';
import { createMetrics } from '../../src/app/metrics.ts';
import { checkReadiness } from '../../src/app/state.ts';
import { openDatabase } from '../../src/db/open.ts';
import { appendBatch } from '../../src/db/source-batches.ts';
import type { JudgedBatch } from '../../src/domain/batch.ts';

const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 27, hour));
const judged = (verdict: JudgedBatch['verdict'], fresh = 0): JudgedBatch => ({
  ...{ day: '2026-11-27', verdict, papers: 3, fresh, detail: 'because' },
});

const start = () => {
  const db = openDatabase(':memory:', 'migrations');
  appendBatch(db, 'arxiv', judged('stale'), at(6));
  appendBatch(db, 'arxiv', judged('new', 3), at(9));
  return db;
};

describe('the verdict on a batch', () => {
  test('is in the first lines of a digest, as it was known then', () => {
    const db = start();
    expect(batchNews(db, at(5))).toEqual([]);
    expect(batchNews(db, at(7))).toEqual([
      { source: 'arXiv', verdict: 'stale', day: '2026-11-27' },
    ]);
    expect(batchNews(db, at(10))).toEqual([]);
  });

  test('is not told when it is days old', () => {
    const db = openDatabase(':memory:', 'migrations');
    appendBatch(db, 'arxiv', judged('stale'), new Date('2026-11-20T06:00:00Z'));
    expect(batchNews(db, at(7))).toEqual([]);
  });

  test('is in readiness and metrics', async () => {
    const db = start();
    const { checks } = checkReadiness(db, at(10));
    expect(checks['batch arxiv']).toBe('2026-11-27 new: because');
    const metrics = await createMetrics(db, () => at(7)).read();
    expect(metrics).toContain('paperboy_source_batch{source="arxiv",verdict="stale"} 1');
    expect(metrics).toContain('paperboy_source_batch{source="arxiv",verdict="new"} 0');
  });

  test('is a row for each change of it, and none for a repeat', () => {
    const db = start();
    expect(appendBatch(db, 'arxiv', judged('new', 3), at(11))).toBe(false);
    expect(appendBatch(db, 'arxiv', judged('partial', 3), at(12))).toBe(true);
    expect(db.$client.prepare('select count(*) from source_batches').pluck().get()).toBe(3);
  });
});
