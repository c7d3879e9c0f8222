import { existsSync } from 'node:fs';
import { copyDatabase } from '../db/copies.ts';
import { createProgress } from '../lib/progress.ts';
import { type Command, CommandFailure, parseCommand, UsageError } from './command.ts';

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
    try {
      await copyDatabase(context.openDb(), file, {
        signal: context.signal,
        onProgress: (done, of) => progress.update(done, of),
      });
    } catch (error) {
      throw new CommandFailure(
        `no backup was made: ${error instanceof Error ? error.message : String(error)}`,
      );
    } finally {
      progress.stop();
    }
    context.print(`backed up to ${file}`);
  },
};
