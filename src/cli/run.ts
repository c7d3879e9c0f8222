/** Choosing a command, running it, and saying in one line why it did not work. */
import { DatabaseError } from '../db/open.ts';
import { type Command, type CommandContext, CommandFailure, UsageError } from './command.ts';

export type CommandTable = { readonly [name: string]: () => Promise<Command> };

/** Loaded when called: `search` needs no mail templates, and starts in half the time. */
const commands: CommandTable = {
  import: async () => (await import('./import.ts')).importCommand,
  ingest: async () => (await import('./ingest.ts')).ingestCommand,
  trending: async () => (await import('./lists.ts')).trendingCommand,
  search: async () => (await import('./lists.ts')).searchCommand,
  similar: async () => (await import('./lists.ts')).similarCommand,
  topics: async () => (await import('./lists.ts')).topicsCommand,
  subscribers: async () => (await import('./subscribers.ts')).subscribersCommand,
  digest: async () => (await import('./digest.ts')).digestCommand,
  bounce: async () => (await import('./bounce.ts')).bounceCommand,
  suppressions: async () => (await import('./suppressions.ts')).suppressionsCommand,
  deliveries: async () => (await import('./deliveries.ts')).deliveriesCommand,
  worker: async () => (await import('./worker.ts')).workerCommand,
  feed: async () => (await import('./feed.ts')).feedCommand,
  backtest: async () => (await import('./backtest.ts')).backtestCommand,
  prune: async () => (await import('./prune.ts')).pruneCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  'status-url': async () => (await import('./status-url.ts')).statusUrlCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  backup: async () => (await import('./backup.ts')).backupCommand,
};

export type ExitCode = 0 | 1 | 2;

/** Runs `paperboy NAME ARGS…`; `own` holds the commands that stand above this folder. */
export const runCommand = async (
  own: CommandTable,
  context: CommandContext,
  [name, ...args]: readonly string[],
): Promise<ExitCode> => {
  const table = { ...own, ...commands };
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    context.print(renderHelp(await Promise.all(Object.values(table).map((load) => load()))));
    return name === undefined ? 2 : 0;
  }
  const load = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!load) {
    context.note(`paperboy: there is no command "${name}"; "paperboy help" lists them`);
    return 2;
  }
  const command = await load();
  if (args.includes('--help') || args.includes('-h')) {
    context.print(`paperboy ${command.usage}\n\n${command.summary}`);
    return 0;
  }
  try {
    await command.run(context, args);
    return 0;
  } catch (error) {
    return explain(context, command, error);
  }
};

const explain = (context: CommandContext, command: Command, error: unknown): ExitCode => {
  const reason = isRefusedWrite(context, error)
    ? 'nothing can be written to this database: READ_ONLY is set; run it where the writing service runs, without READ_ONLY'
    : error instanceof Error
      ? error.message
      : String(error);
  context.note(`paperboy ${command.name}: ${reason.replace(/\s*\n\s*/g, ' ')}`);
  if (error instanceof UsageError) {
    context.note(`usage: paperboy ${command.usage}`);
    return 2;
  }
  const expected =
    error instanceof CommandFailure ||
    error instanceof DatabaseError ||
    isRefusedWrite(context, error);
  // What nobody foresaw is worth its stack, where someone asks for it.
  if (!expected) context.log.debug({ err: error }, 'unforeseen');
  return 1;
};

const isRefusedWrite = ({ config }: CommandContext, error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'SQLITE_READONLY' && config.readOnly;

const renderHelp = (all: readonly Command[]): string =>
  [
    'Paperboy: trending papers by mail and feed',
    '',
    ...all.flatMap(({ usage, summary }) => [`  ${usage}`, `      ${summary}`]),
    '',
    'Settings come from the environment; README.md lists them. In the project’s folder "paperboy" is "npm run -s paperboy --".',
  ].join('\n');
