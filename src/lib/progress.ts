/** Progress on standard error: a bar where that is a terminal, nothing where it is a file. */
import { Presets, SingleBar } from 'cli-progress';

export type Progress = {
  /** `done` of `total`, in the unit the bar was made with. */
  readonly update: (done: number, total: number) => void;
  readonly stop: () => void;
};

export const createProgress = (label: string, terminal: boolean): Progress => {
  if (!terminal) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar(
    {
      format: `${label} [{bar}] {percentage}% · {eta_formatted} left`,
      stream: process.stderr,
      clearOnComplete: true,
    },
    Presets.rect,
  );
  let started = false;
  return {
    update: (done, total) => {
      if (!started) bar.start(total, done);
      else {
        bar.setTotal(total);
        bar.update(done);
      }
      started = true;
    },
    stop: () => {
      if (started) bar.stop();
    },
  };
};
