import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countRequests } from '../../src/db/source-requests.ts';
import { claimSource, findSourceState } from '../../src/db/source-states.ts';
import { loadSource, sourceNames } from '../../src/sources/live.ts';
import { openCorpus, startIngesting } from './ingesting.ts';
import { type Services, startServices } from './services.ts';

let services: Services;
beforeEach(async () => {
  services = await startServices();
});
afterEach(() => services.close());

const at = '2026-01-15T07:00:00.000Z';
const later = '2026-01-15T08:00:00.000Z';
const to = (path: string) => services.asked.filter(({ url }) => url.startsWith(path));

describe('asking politely', () => {
  test('arXiv hears from us once in three seconds, whichever of its interfaces is asked', async () => {
    const { run, slept } = startIngesting(services);
    await run(at, ['hackernews']);
    await run(at, ['arxiv']);
    expect(to('/atom/').length + to('/api/query').length).toBe(2);
    expect(slept).toEqual([3_000]);
    await run('2026-01-15T07:00:04.000Z', ['arxiv-oai']);
    expect(to('/oai')).toHaveLength(2);
    expect(slept).toEqual([3_000, 2_000, 3_000]);
  });

  test('so it does from two processes over one database', async () => {
    const db = openCorpus();
    const one = startIngesting(services, { db, owner: 'host/1/1' });
    const two = startIngesting(services, { db, owner: 'host/2/2' });
    await one.run(at, ['arxiv']);
    await two.run('2026-01-15T07:00:01.000Z', ['arxiv']);
    expect(two.slept).toEqual([2_000]);
  });

  test('two processes do not read one source at once, but one that is gone is not waited for', async () => {
    const { db, run } = startIngesting(services);
    const other = { owner: 'host/9/9', now: new Date(at), leaseMs: 600_000, isGone: () => false };
    expect(claimSource(db, 'arxiv', other)).toBe(true);
    const [row] = await run(at, ['arxiv']);
    expect(row?.error).toBe('another process is reading this source now');
    expect(services.asked).toEqual([]);
    const [after] = await run('2026-01-15T07:10:00.000Z', ['arxiv']);
    expect(after?.error).toBeUndefined();
  });

  test('every request says who asks, and repeats bring the validator of the last answer', async () => {
    const { run } = startIngesting(services);
    await run(at, ['huggingface', 'arxiv']);
    const first = services.asked.splice(0);
    expect(first.every(({ headers }) => headers['user-agent'] === 'paperboy test')).toBe(true);
    expect(first.every(({ headers }) => headers['if-none-match'] === undefined)).toBe(true);
    const [, repeat] = await run(later, ['huggingface', 'arxiv']);
    expect(services.asked.filter(({ url }) => !url.includes('id_list'))).toHaveLength(9);
    for (const { headers } of services.asked) expect(headers['if-none-match']).toMatch(/^"\w+"$/);
    expect(repeat?.papers).toMatchObject({ new: 0, updated: 0 });
  });

  test('an unchanged answer is still an observation of its own time', async () => {
    const { db, run } = startIngesting(services);
    await run(at, ['huggingface']);
    const [row] = await run(later, ['huggingface']);
    expect(row?.signals.new).toBeGreaterThan(10);
    const seen = db.$client
      .prepare(`select count(distinct observed_at) from signals where kind = 'upvotes'`)
      .pluck()
      .get();
    expect(seen).toBe(2);
  });

  test('half an answer is never kept for the whole, though it has an ETag', async () => {
    const { run } = startIngesting(services);
    services.fault = ({ url }) => (url.startsWith('/atom/') ? 'truncated' : undefined);
    await run(at, ['arxiv']);
    services.fault = () => undefined;
    services.asked.splice(0);
    const [row] = await run(later, ['arxiv']);
    expect(services.asked[0]?.headers['if-none-match']).toBeUndefined();
    expect(row?.papers.new).toBe(3);
  });

  test('a day of hourly reading stays within what each service allows', async () => {
    const { db, run } = startIngesting(services);
    for (let hour = 0; hour < 24; hour += 1)
      await run(`2026-01-15T${String(hour).padStart(2, '0')}:10:00.000Z`);
    // Published terms, per day: https://huggingface.co/docs/hub/rate-limits (500 in 5 minutes),
    // https://info.arxiv.org/help/api/tou.html (1 in 3 seconds), GitHub's REST limits without a
    // token (60 an hour), https://hn.algolia.com/api (10,000 an hour), and OpenAlex's free
    // allowance without a key (100 lists a day).
    const allowed = {
      ...{ huggingface: 144_000, arxiv: 28_800, github: 60, hackernews: 240_000, openalex: 100 },
    };
    for (const [service, most] of Object.entries(allowed)) {
      const requests = countRequests(db, service, '2026-01-15');
      expect(requests).toBeGreaterThan(0);
      expect(requests).toBeLessThanOrEqual(most);
    }
    expect(countRequests(db, 'huggingface', '2026-01-15')).toBe(24 * 8);
    expect(countRequests(db, 'arxiv', '2026-01-15')).toBeLessThanOrEqual(24 * 4);
  });

  test('the allowance we give ourselves ends the day for a service', async () => {
    const { db, run } = startIngesting(services);
    db.$client
      .prepare(`insert into source_requests values ('hackernews', '2026-01-15', 5000, 0)`)
      .run();
    const [row] = await run(at, ['hackernews']);
    expect(row?.error).toContain('asked 5000 times today');
    expect(services.asked).toEqual([]);
    expect(findSourceState(db, 'hackernews')?.askedToWaitUntil?.toISOString()).toBe(
      '2026-01-16T00:00:00.000Z',
    );
    const [next] = await run('2026-01-16T00:00:01.000Z', ['hackernews']);
    expect(next?.error).toBeUndefined();
  });

  test('every source has bounds', async () => {
    for (const name of sourceNames) {
      const { manners, everyMs } = await loadSource(name);
      expect(manners.mostADay).toBeLessThanOrEqual(5_000);
      expect(everyMs).toBeGreaterThanOrEqual(3_600_000);
      if (name.startsWith('arxiv')) expect(manners.intervalMs).toBe(3_000);
    }
  });
});

describe('secrets', () => {
  test('are in requests, and neither in errors nor in the database', async () => {
    const config = { openAlexKey: 'key-of-ours', githubToken: 'token-of-ours' };
    const { db, run } = startIngesting(services, { config });
    await run(at);
    expect(to('/works')[0]?.url).toContain('key-of-ours');
    services.fault = () => '503';
    const rows = await run('2026-02-20T07:00:00.000Z');
    expect(rows.every((row) => row.error !== undefined)).toBe(true);
    const told = JSON.stringify(rows) + db.$client.serialize().toString('latin1');
    expect(told).not.toMatch(/(?:key|token)-of-ours/);
  });
});

describe('a source in trouble', () => {
  test('is left alone as long as it asks, by the service and by hand', async () => {
    const { db, run } = startIngesting(services);
    services.fault = () => '429-long';
    const rows = await run(at, ['huggingface', 'hackernews']);
    expect(rows[0]?.error).toContain('asks us to wait until 2026-01-15T07:20:00.000Z');
    expect(to('/api/daily_papers')).toHaveLength(1);
    expect(findSourceState(db, 'huggingface')?.nextAt?.toISOString()).toBe(
      '2026-01-15T07:20:00.000Z',
    );
    services.fault = () => undefined;
    services.asked.splice(0);
    const [early] = await run('2026-01-15T07:19:59.000Z', ['huggingface']);
    expect(early?.error).toBe('the source asked us to wait until 2026-01-15T07:20:00.000Z');
    expect(services.asked).toEqual([]);
    const [again] = await run('2026-01-15T07:20:00.000Z', ['huggingface']);
    expect(again?.error).toBeUndefined();
    expect(findSourceState(db, 'huggingface')).toMatchObject({ failures: 0, error: undefined });
  });

  test('never stops another, and keeps what it told before', async () => {
    const { db, run } = startIngesting(services);
    await run(at);
    const before = db.$client.prepare('select count(*) from papers').pluck().get();
    services.fault = ({ url }) => (url.startsWith('/atom/') ? 'garbage' : undefined);
    const rows = await run('2026-01-16T07:00:00.000Z');
    expect(rows.filter((row) => row.error)).toEqual([]);
    expect(rows.find((row) => row.source === 'huggingface')?.papers.new).toBeGreaterThan(0);
    services.fault = ({ url }) => (url.startsWith('/atom/') ? '503' : undefined);
    const failing = await run('2026-01-16T08:00:00.000Z');
    expect(failing.flatMap((row) => (row.error ? [row.source] : []))).toEqual(['arxiv']);
    expect(db.$client.prepare('select count(*) from papers').pluck().get()).toBeGreaterThan(
      Number(before),
    );
    expect(findSourceState(db, 'arxiv')).toMatchObject({
      succeededAt: new Date('2026-01-16T07:00:00.000Z'),
      failures: 1,
    });
  });

  test('is asked less and less often', async () => {
    const { db, run } = startIngesting(services);
    services.fault = () => '503';
    const waits: number[] = [];
    for (let day = 10; day < 17; day += 1) {
      const now = `2026-01-${day}T07:00:00.000Z`;
      await run(now, ['hackernews']);
      const next = findSourceState(db, 'hackernews')?.nextAt?.getTime() ?? 0;
      waits.push((next - Date.parse(now)) / 60_000);
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 240, 240]);
  });

  test('that is down is not asked three times over for everything it has', async () => {
    const { run } = startIngesting(services);
    services.fault = () => '503';
    const [row] = await run(at, ['huggingface']);
    expect(row?.error).toContain('HTTP 503');
    expect(services.asked).toHaveLength(3 + 7);
  });

  test('a stale list is asked for again soon, until its day is well on', async () => {
    const { db, run } = startIngesting(services, { config: { categories: ['cs.CL'] } });
    await run('2026-01-15T07:00:00.000Z', ['arxiv']);
    const old = services;
    // The services' own day stands still; ours goes on.
    const { run: runNext } = startIngesting(old, { db });
    const realAnswerTime = new Date('2026-01-15T07:00:00.000Z');
    Object.defineProperty(old, 'at', { get: () => realAnswerTime, set: () => undefined });
    await runNext('2026-01-16T07:00:00.000Z', ['arxiv']);
    const state = () => findSourceState(db, 'arxiv')?.nextAt?.toISOString();
    expect(state()).toBe('2026-01-16T07:10:00.000Z');
    await runNext('2026-01-16T16:00:00.000Z', ['arxiv']);
    expect(state()).toBe('2026-01-16T17:00:00.000Z');
    const verdicts = db.$client.prepare('select verdict from source_batches').pluck().all();
    expect(verdicts).toEqual(['new', 'stale']);
  });
});
