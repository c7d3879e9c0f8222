/**
 * The schedule: one tick a minute in UTC, and the data decides what is to be done. No reader, zone
 * or source has a cron entry of its own, so nothing is missed that a later tick does not see.
 */
import { schedule as cron } from 'node-cron';
import type { Log } from '../lib/log.ts';

export type Job = {
  readonly name: string;
  /** One run; it must come to its end soon after the signal is given. */
  readonly run: (signal: AbortSignal) => Promise<void>;
};

export type Schedule = {
  /** Runs a job now, or once more when it is running already. */
  readonly poke: (name: string) => void;
  /** Takes no new tick, and waits for what is running. */
  readonly stop: () => Promise<void>;
};

type Running = { current: Promise<void> | undefined; again: boolean };

/** Starts the ticks. A job never runs beside itself; one that fails is logged and ticks on. */
export const startSchedule = (jobs: readonly Job[], log: Log): Schedule => {
  const stopping = new AbortController();
  const states = new Map(
    jobs.map((job) => [job.name, { current: undefined, again: false } as Running]),
  );
  const start = (job: Job): void => {
    const state = states.get(job.name);
    if (!state || stopping.signal.aborted) return;
    if (state.current) {
      state.again = true;
      return;
    }
    state.current = job
      .run(stopping.signal)
      .catch((error: unknown) => log.error({ job: job.name, err: error }, 'job failed'))
      .finally(() => {
        state.current = undefined;
        if (!state.again) return;
        state.again = false;
        start(job);
      });
  };
  const task = cron('* * * * *', () => jobs.forEach(start), { timezone: 'UTC' });
  jobs.forEach(start);
  return {
    poke: (name) => jobs.filter((job) => job.name === name).forEach(start),
    stop: async () => {
      stopping.abort();
      await task.destroy();
      await Promise.all([...states.values()].map((state) => state.current));
    },
  };
};
