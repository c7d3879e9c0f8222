/** Progress on standard error: a bar where that is a terminal, nothing where it is a file. */
import { Presets, SingleBar } from 'cli-progress';

export type Progress = {
  /** `done` of `total`, in the unit the bar was made with, and what else is worth knowing. */
  readonly update: (done: number, total: number, note?: string) => void;
  readonly stop: () => void;
};

export const createProgress = (label: string, terminal: boolean): Progress => {
  if (!terminal) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar(
    {
      format: `${label} [{bar}] {percentage}% · {eta_formatted} left{note}`,
      stream: process.stderr,
      clearOnComplete: true,
    },
    Presets.rect,
  );
  let started = false;
  return {
    update: (done, total, text) => {
      const note = text ? ` · ${text}` : '';
      if (!started) bar.start(total, done, { note });
      else {
        bar.setTotal(total);
        bar.update(done, { note });
      }
      started = true;
    },
    stop: () => {
      if (started) bar.stop();
    },
  };
};
