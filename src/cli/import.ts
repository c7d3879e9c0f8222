import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { emptyTally, type ImportTally, importRecords } from '../app/import.ts';
import { createProgress } from '../lib/progress.ts';
import { readRecords } from '../sources/records.ts';
import {
  type Command,
  type CommandContext,
  CommandFailure,
  parseCommand,
  printJson,
  UsageError,
} from './command.ts';
import { learnCorpus } from './learn-corpus.ts';

/** Rejections spelled out for a person; `--json` has them all. */
const shownRejections = 20;

export const importCommand: Command = {
  name: 'import',
  usage: 'import FILE… | - [--learn] [--json]',
  summary: 'reads papers and signals from files or standard input, in any known format',
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, {
      learn: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    if (positionals.length === 0) throw new UsageError('name a file, or - for standard input');
    const tally = emptyTally();
    const total = await totalBytes(positionals);
    const db = context.openDb();
    const progress = createProgress('import', context.terminal && total > 0);
    let read = 0;
    const onBytes = (bytes: number): void => {
      read += bytes;
      progress.update(read, total);
    };
    const unreadable: string[] = [];
    try {
      for (const file of positionals) {
        if (context.signal.aborted) break;
        const input = file === '-' ? context.stdin : createReadStream(file);
        const now = context.clock();
        try {
          const records = stopping(readRecords(input, { now, onBytes }), context.signal);
          await importRecords(db, records, { file, by: 'import', now }, tally);
        } catch (error) {
          if (!isFileFault(error)) throw error;
          unreadable.push(`${file}: ${fileFault(error)}`);
        }
      }
    } finally {
      progress.stop();
    }
    const taken = Object.values(tally.papers).concat(Object.values(tally.signals));
    const isNothing = taken.every((count) => count === 0);
    // Where nothing came of it but files that cannot be read, that is all there is to say.
    const isUnread = isNothing && tally.rejected.length === 0 && unreadable.length > 0;
    if (values.json === true || !isUnread) report(context, tally, values.json === true);
    // Left to the service, or to the first search, unless asked for: it takes as long as the import.
    if (values.learn === true) await learnCorpus(context);
    if (context.signal.aborted) throw new CommandFailure('interrupted; run it again to go on');
    if (unreadable.length > 0) throw new CommandFailure(unreadable.join('; '));
    if (tally.rejected.length > 0 && isNothing)
      throw new CommandFailure(`nothing could be read: ${describe(tally.rejected[0])}`);
  },
};

async function* stopping<T>(records: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  for await (const record of records) {
    yield record;
    if (signal.aborted) return;
  }
}

// Sizes are for the progress bar alone; a file that is not there is reported when it is read.
const totalBytes = async (files: readonly string[]): Promise<number> => {
  const sizes = await Promise.all(
    files.map((file) =>
      file === '-'
        ? 0
        : stat(file).then(
            (s) => s.size,
            () => 0,
          ),
    ),
  );
  return files.includes('-') ? 0 : sizes.reduce((sum, size) => sum + size, 0);
};

const isFileFault = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

const fileFault = (error: NodeJS.ErrnoException): string =>
  ({ ENOENT: 'there is no such file', EACCES: 'may not be read', EISDIR: 'is a folder' })[
    error.code ?? ''
  ] ?? error.message;

const describe = (rejection: ImportTally['rejected'][number] | undefined): string =>
  rejection ? `${rejection.file}, line ${rejection.line}: ${rejection.reason}` : '';

const report = (context: CommandContext, tally: ImportTally, json: boolean): void => {
  if (json) {
    printJson(context, tally);
    return;
  }
  const { papers, signals, rejected } = tally;
  context.print(
    [
      `papers: ${papers.new} new, ${papers.updated} updated, ${papers.unchanged} unchanged`,
      `signals: ${signals.new} new, ${signals.unchanged} unchanged`,
      `rejected: ${rejected.length}`,
    ].join('\n'),
  );
  for (const rejection of rejected.slice(0, shownRejections)) context.note(describe(rejection));
  if (rejected.length > shownRejections)
    context.note(`… and ${rejected.length - shownRejections} more (--json lists them)`);
};
