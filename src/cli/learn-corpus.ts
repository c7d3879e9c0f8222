/** What search and topics know of the corpus, brought up to date before a command needs it. */
import { keepMeaning } from '../app/keep-meaning.ts';
import { createProgress } from '../lib/progress.ts';
import type { CommandContext } from './command.ts';

/** Never fails the command: what was imported is kept, and search answers by words alone. */
export const learnCorpus = async (context: CommandContext): Promise<void> => {
  const progress = createProgress('learning what the papers mean', context.terminal);
  try {
    await keepMeaning(context.openDb(), context.signal, (done, of) => progress.update(done, of));
  } catch (error) {
    context.log.warn({ err: error }, 'learning failed: search goes by words alone');
  } finally {
    progress.stop();
  }
};
