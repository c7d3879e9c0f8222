import { afterEach, describe, expect, test } from 'vitest';
import { dump, startIngesting } from './ingesting.ts';
import { type Fault, faults, type Services, startServices } from './services.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const start = async (): Promise<Services> => {
  const services = await startServices();
  stops.push(services.close);
  return services;
};

// Thursday to Wednesday: a weekend, and Tuesday the morrow of a holiday.
const week = [15, 16, 17, 18, 19, 20, 21].map((day) => `2026-01-${day}T07:00:00.000Z`);

/**
 * The week through services whose every request fails once, before it is answered: request number
 * n with fault n + `first`, so that over all values of `first` each request meets each fault.
 */
const replay = async (first: number | undefined) => {
  const services = await start();
  const { db, run } = startIngesting(services, { timeoutMs: first === undefined ? 20_000 : 1_000 });
  const errors: unknown[] = [];
  const met: Fault[] = [];
  for (const at of week) {
    const failed = new Set<string>();
    services.fault = ({ url }) => {
      if (first === undefined || failed.has(url)) return undefined;
      failed.add(url);
      met.push(faults[(met.length + first) % faults.length] ?? 'drop');
      return met.at(-1);
    };
    for (const row of await run(at)) if (row.error) errors.push([at, row.source, row.error]);
  }
  return { dump: dump(db), errors, met, db, asked: services.asked };
};

describe('a week of live sources', () => {
  test('ends with the same database whatever fails at whichever request', async () => {
    const faultless = await replay(undefined);
    expect(faultless.errors).toEqual([]);
    expect(faultless.dump.papers?.length).toBeGreaterThan(20);
    expect(faultless.dump.signals?.length).toBeGreaterThan(200);
    const replays = await Promise.all(faults.map((_fault, first) => replay(first)));
    for (const { errors, met, dump: found } of replays) {
      expect(errors).toEqual([]);
      expect(new Set(met)).toEqual(new Set(faults));
      expect(met.length).toBeGreaterThan(80);
      expect(found).toEqual(faultless.dump);
    }
  }, 180_000);

  test('tells new days from a weekend and a holiday', async () => {
    const { db } = await replay(undefined);
    const verdicts = db.$client
      .prepare(`select day, verdict from source_batches where source = 'arxiv' order by id`)
      .raw()
      .all();
    expect(verdicts).toEqual([
      ['2026-01-15', 'new'],
      ['2026-01-16', 'new'],
      ['2026-01-17', 'quiet'],
      ['2026-01-18', 'quiet'],
      ['2026-01-19', 'new'],
      ['2026-01-20', 'holiday'],
      ['2026-01-21', 'new'],
    ]);
  });

  test('interrupted at any request, a run started again ends where the whole one does', async () => {
    const services = await start();
    const [at = ''] = week;
    const whole = startIngesting(services);
    await whole.run(at);
    const requests = services.asked.length;
    // Once more, so that what the last source speaks of has been looked up.
    await whole.run(at);
    expect(requests).toBeGreaterThan(12);
    for (let stopAt = 0; stopAt < requests; stopAt += 1) {
      const { db, run } = startIngesting(services);
      const stop = new AbortController();
      let count = 0;
      services.fault = () => {
        count += 1;
        if (count <= stopAt) return undefined;
        stop.abort(new Error('stopped'));
        return 'drop';
      };
      await run(at, undefined, stop.signal);
      services.fault = () => undefined;
      const rows = await run(at);
      expect(rows.flatMap((row) => row.error ?? [])).toEqual([]);
      await run(at);
      expect(dump(db)).toEqual(dump(whole.db));
    }
  }, 120_000);
});
