/** The service's keeping of search by meaning up to date with the corpus, its own and an endpoint's. */
import { embedNewPapers } from '../../app/embed.ts';
import { keepMeaning } from '../../app/keep-meaning.ts';
import type { CommandContext } from '../../cli/command.ts';
import type { Job } from '../schedule.ts';

/** Folds new papers in, and learns anew when the corpus has grown enough. */
export const meaningJob = ({ openDb, log }: CommandContext): Job => ({
  name: 'meaning',
  run: async (signal) => {
    const kept = await keepMeaning(openDb(), signal);
    if (kept.learned || kept.folded > 0) log.info(kept, 'search is up to date with the corpus');
  },
});

/**
 * New papers' vectors of `EMBEDDINGS_URL`; no job where that is unset. A job of its own: an endpoint
 * that is slow or gone holds up neither mails nor learning.
 */
export const embeddingsJobs = ({ config, openDb, log }: CommandContext): readonly Job[] => {
  const { embeddings } = config;
  if (!embeddings) return [];
  const run = async (signal: AbortSignal): Promise<void> => {
    const embedded = await embedNewPapers(openDb(), embeddings, signal);
    if (embedded > 0) log.info({ embedded, model: embeddings.model }, 'papers embedded');
  };
  return [{ name: 'embeddings', run }];
};
