/** How the service stands, for probes. */
import type { Db } from '../db/open.ts';
import { type CorpusCounts, countCorpus } from '../db/papers.ts';
import { listBatches } from '../db/source-batches.ts';
import { listSourceStates } from '../db/source-states.ts';

export type Readiness = {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
};

/**
 * Ready means: the database answers and there are papers to show. Sources are told, not required.
 * Probes ask often and counting reads every paper: who has counted already says so.
 */
export const checkReadiness = (
  db: Db,
  now: Date,
  { papers, sample }: CorpusCounts = countCorpus(db),
): Readiness => {
  const sources = listSourceStates(db).map((state) => [
    `source ${state.source}`,
    state.error ?? `read at ${state.succeededAt?.toISOString()}`,
  ]);
  const batches = listBatches(db, now).map(({ source, day, verdict, detail }) => [
    `batch ${source}`,
    `${day} ${verdict}: ${detail}`,
  ]);
  return {
    ready: papers > 0,
    checks: {
      database: 'answers',
      papers: sample > 0 ? `${papers}, of which ${sample} from the bundled sample` : String(papers),
      ...Object.fromEntries([...sources, ...batches]),
    },
  };
};
