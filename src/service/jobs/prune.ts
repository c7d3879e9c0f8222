/** The service's letting go of what is old. */
import { prune } from '../../app/prune.ts';
import type { CommandContext } from '../../cli/command.ts';
import { oldestWaiting } from '../../db/health.ts';
import type { Job } from '../schedule.ts';

const dayMs = 24 * 60 * 60_000;

/** Once a day, in an hour without mails to send: which hour that is, the ledger knows best. */
export const pruneJob = ({ openDb, clock, log, config }: CommandContext): Job => {
  let lastAt = clock().getTime();
  return {
    name: 'prune',
    run: async (signal) => {
      const now = clock();
      if (now.getTime() - lastAt < dayMs || oldestWaiting(openDb())) return;
      lastAt = now.getTime();
      const pruned = await prune(openDb(), config.retention, now, signal);
      if (Object.values(pruned).some((count) => count > 0)) log.info(pruned, 'old rows deleted');
    },
  };
};
