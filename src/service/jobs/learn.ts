/** The service's learning of the month's model, beside it and not in it. */
import { cutFor } from '../../app/models.ts';
import type { CommandContext } from '../../cli/command.ts';
import { countInUse } from '../../db/meanings.ts';
import { runOwnCommand } from '../own-command.ts';
import type { Job } from '../schedule.ts';

/** So many new papers at once are foreseen beside the service, not in it. */
const manyPapers = 1_000;

/**
 * A month's model takes seconds to learn, and no page and no mail should wait for it: ranking once,
 * in a process of its own, learns it and foresees every paper by it. That is due at the start, with
 * each new month, and after many new papers at once.
 */
export const learnJob = (context: CommandContext): Job => {
  let done = { cut: 0, papers: 0 };
  return {
    name: 'learn',
    run: async (signal) => {
      const cut = cutFor(context.clock()).getTime();
      const papers = countInUse(context.openDb());
      if (papers === 0 || (cut === done.cut && papers - done.papers < manyPapers)) return;
      done = { cut, papers };
      await runOwnCommand(['trending', '--limit', '1'], { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    },
  };
};
