import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Job, type Schedule, startSchedule } from '../../src/service/schedule.ts';

/** A job whose runs end only when told to. */
const heldJob = (name: string) => {
  const ends: (() => void)[] = [];
  const signals: AbortSignal[] = [];
  const job: Job = {
    name,
    run: (signal) => {
      signals.push(signal);
      return new Promise((resolve) => ends.push(resolve));
    },
  };
  const endOldest = async (): Promise<void> => {
    ends.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { job, signals, endOldest, running: () => ends.length, runs: () => signals.length };
};

describe('the schedule', () => {
  const errors: { readonly details: object; readonly message: string }[] = [];
  const silent = (): void => undefined;
  const log = {
    debug: silent,
    info: silent,
    warn: silent,
    error: (details: object, message: string) => void errors.push({ details, message }),
  };
  let schedule: Schedule | undefined;
  const start = (...jobs: readonly Job[]): Schedule => {
    schedule = startSchedule(jobs, log);
    return schedule;
  };
  const minutes = (count: number) => vi.advanceTimersByTimeAsync(count * 60_000);

  beforeEach(() => {
    errors.length = 0;
    vi.useFakeTimers({ now: new Date('2026-03-20T11:59:30Z') });
  });
  afterEach(async () => {
    await schedule?.stop();
    schedule = undefined;
    vi.useRealTimers();
  });

  it('runs every job at once, and again with each minute', async () => {
    const runs = { mail: 0, ingest: 0 };
    const job = (name: keyof typeof runs): Job => ({
      name,
      run: async () => {
        runs[name] += 1;
      },
    });
    start(job('mail'), job('ingest'));
    expect(runs).toEqual({ mail: 1, ingest: 1 });
    await minutes(3);
    expect(runs).toEqual({ mail: 4, ingest: 4 });
  });

  it('never runs a job beside itself, and what it missed meanwhile is one more run', async () => {
    const slow = heldJob('mail');
    const other = heldJob('ingest');
    start(slow.job, other.job);
    await minutes(5);
    expect([slow.running(), slow.runs()]).toEqual([1, 1]);
    await slow.endOldest();
    expect([slow.running(), slow.runs()]).toEqual([1, 2]);
    await slow.endOldest();
    expect([slow.running(), slow.runs()]).toEqual([0, 2]);
    await other.endOldest();
    await other.endOldest();
  });

  it('a poke runs one job now, or once more when it is running', async () => {
    const mail = heldJob('mail');
    const ingest = heldJob('ingest');
    const { poke } = start(mail.job, ingest.job);
    await mail.endOldest();
    poke('mail');
    expect([mail.runs(), ingest.runs()]).toEqual([2, 1]);
    poke('mail');
    poke('mail');
    expect(mail.runs()).toBe(2);
    await mail.endOldest();
    expect(mail.runs()).toBe(3);
    await mail.endOldest();
    await ingest.endOldest();
  });

  it('a job that fails is logged, and neither it nor the others stop', async () => {
    let runs = 0;
    const run = async (): Promise<void> => {
      runs += 1;
      throw new Error('the press is jammed');
    };
    const steady = heldJob('ingest');
    start({ name: 'mail', run }, steady.job);
    await minutes(2);
    expect(runs).toBe(3);
    expect(errors).toHaveLength(3);
    expect(errors[0]).toMatchObject({
      details: { job: 'mail', err: { message: 'the press is jammed' } },
      message: 'job failed',
    });
    await steady.endOldest();
    expect(steady.runs()).toBe(2);
    await steady.endOldest();
  });

  it('stop tells what is running, waits for its end, and starts nothing more', async () => {
    const slow = heldJob('mail');
    const { stop, poke } = start(slow.job);
    poke('mail');
    let stopped = false;
    const stopping = stop().then(() => {
      stopped = true;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect([slow.signals[0]?.aborted, stopped]).toEqual([true, false]);
    await slow.endOldest();
    await stopping;
    poke('mail');
    await minutes(2);
    expect([slow.runs(), vi.getTimerCount()]).toEqual([1, 0]);
  });
});
