/** The service's asking of the sources, each when its own time has come. */
import { ingest } from '../../app/ingest.ts';
import { loadSample } from '../../app/sample.ts';
import type { CommandContext } from '../../cli/command.ts';
import { ingestDeps } from '../../cli/wiring.ts';
import { countInUse } from '../../db/meanings.ts';
import { listSourceStates } from '../../db/source-states.ts';
import type { Job } from '../schedule.ts';

/** With an empty corpus the live sources get this long before the sample is shown. */
const sampleAfterMs = 8_000;

/** Asks the sources that are due; where none has ever answered, the sample stands in. */
export const ingestJob = (context: CommandContext, sampleFolder: string): Job => {
  const deps = ingestDeps(context);
  const { config, clock, log } = context;
  return {
    name: 'ingest',
    run: async (signal) => {
      const now = clock().getTime();
      const states = listSourceStates(deps.db);
      const due = config.sources.filter((name) => {
        const state = states.find((row) => row.source === name);
        // A clock that was set back must not silence a source until it has caught up.
        const isAhead = (state?.attemptedAt.getTime() ?? 0) > now;
        return isAhead || (state?.nextAt?.getTime() ?? 0) <= now;
      });
      const empty = countInUse(deps.db) === 0;
      let shown: Promise<void> | undefined;
      const patience = empty
        ? setTimeout(() => {
            shown = showSample();
            // Told below, with what else failed, and no reason to end the service before.
            shown.catch(() => undefined);
          }, sampleAfterMs)
        : undefined;
      const showSample = async (): Promise<void> => {
        if (countInUse(deps.db) > 0) return;
        const tally = await loadSample(deps.db, sampleFolder, clock());
        log.warn(
          { papers: tally.papers.new },
          'no source has answered yet: showing the bundled sample',
        );
      };
      try {
        if (due.length > 0) await ingest(deps, due, signal);
      } finally {
        clearTimeout(patience);
        await shown;
      }
      if (empty && !signal.aborted) await showSample();
    },
  };
};
