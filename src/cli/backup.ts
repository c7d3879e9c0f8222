import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createProgress } from '../lib/progress.ts';
import { type Command, CommandFailure, parseCommand, UsageError } from './command.ts';

/** Pages a step; between two steps the service goes on. */
const pagesAStep = 2_000;

export const backupCommand: Command = {
  name: 'backup',
  usage: 'backup FILE',
  summary: 'a consistent copy of the database, also while the service runs',
  run: async (context, args) => {
    const [file, ...more] = parseCommand(args, {}).positionals;
    if (file === undefined || more.length > 0) throw new UsageError('name one file to write');
    if (existsSync(file))
      throw new CommandFailure(`${file} is there already and is not overwritten`);
    const progress = createProgress('backup', context.terminal);
    const unfinished = `${file}.unfinished`;
    try {
      await context.openDb().$client.backup(unfinished, {
        progress: ({ totalPages, remainingPages }) => {
          progress.update(totalPages - remainingPages, totalPages);
          if (context.signal.aborted) throw new Error('interrupted');
          return pagesAStep;
        },
      });
      await rename(unfinished, file);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw new CommandFailure(
        `no backup was made: ${error instanceof Error ? error.message : String(error)}`,
      );
    } finally {
      progress.stop();
    }
    context.print(`backed up to ${file}`);
  },
};
