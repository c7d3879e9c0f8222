/** Composition root: the only reader of the environment and of the clock. */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command, CommandContext } from './cli/command.ts';
import { renderFindings, tellFaults } from './cli/findings.ts';
import { runCommand } from './cli/run.ts';
import { type Config, parseConfig } from './config.ts';
import { DatabaseError, type Db, openDatabase, openReadOnly } from './db/open.ts';
import { syncTopics } from './db/topics.ts';
import type { Finding } from './domain/finding.ts';
import { createLog } from './lib/log.ts';
import { readSecret, readSecretOnly } from './lib/secret.ts';

const here = dirname(fileURLToPath(import.meta.url));
const migrationsFolder = join(here, '..', 'migrations');
const sampleFolder = join(here, 'sample');

const terminal = process.stderr.isTTY === true;
const note = (text: string): void => void process.stderr.write(`${text}\n`);
const clock = (): Date => new Date();

/** They are about what a service has gathered. Where there is nothing, its settings may be missing. */
const askForData: readonly string[] = ['backup', 'bounce', 'deliveries', 'export', 'prune'];

const onceOpened = (config: Config, command = ''): { open: () => Db; close: () => void } => {
  let db: Db | undefined;
  return {
    open: () => {
      if (db) return db;
      if (askForData.includes(command) && !existsSync(config.databaseFile)) {
        const what = `there is no database at ${config.databaseFile}: is DATABASE_URL that of the service?`;
        // A copy of nothing would be found out when it is needed.
        if (command === 'backup') throw new DatabaseError(what);
        note(`paperboy ${command}: ${what} A new one is made.`);
      }
      if (config.readOnly) db = openReadOnly(config.databaseFile, migrationsFolder);
      else {
        db = openDatabase(config.databaseFile, migrationsFolder);
        syncTopics(db);
      }
      return db;
    },
    close: () => db?.$client.close(),
  };
};

const startedAt = clock().getTime();
const owner = `${hostname()}/${process.pid}/${startedAt}`;

// Only of this machine's processes can anything be known; others' leases are waited for.
const isGone = (name: string): boolean => {
  const [host, pid] = name.split('/');
  if (host !== hostname() || name === owner) return false;
  if (Number(pid) === process.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
};

const onceMs = 1_000;

const stopSignal = (): AbortSignal => {
  const stopping = new AbortController();
  let askedAt = 0;
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.on(name, () => {
      const now = clock().getTime();
      // Asked a second time: whoever asks does not want to wait. But npm passes on what Ctrl-C or a
      // supervisor has already told the whole group: one wish, heard twice within a moment.
      if (stopping.signal.aborted && now - askedAt > onceMs) process.exit(1);
      askedAt ||= now;
      stopping.abort();
    });
  return stopping.signal;
};

const serve = async (): Promise<Command> =>
  (await import('./service/serve.ts')).createServeCommand(sampleFolder);

/** Nothing runs with them; the doctor has them among its findings. */
const tellWrongSettings = (findings: readonly Finding[], args: readonly string[]): 1 => {
  if (args[0] === 'doctor') {
    process.stdout.write(`${renderFindings(findings, args.includes('--json'))}\n`);
    note(`paperboy doctor: ${tellFaults(findings)}; nothing else was looked at`);
    return 1;
  }
  note('paperboy: wrong settings:');
  for (const { what, do: cure } of findings) note(`  ${what}\n    → ${cure}`);
  return 1;
};

const main = async (): Promise<number> => {
  // The database, its log and the outbox hold addresses and readers' tokens: nobody else reads them.
  process.umask(process.umask() | 0o077);
  const args = process.argv.slice(2);
  // A switch that must be known before the database is opened.
  const readOnly = /^(?:serve|doctor)$/.test(args[0] ?? '') && args.includes('--read-only');
  const parsed = parseConfig({ ...process.env, ...(readOnly && { READ_ONLY: 'true' }) });
  if (parsed.kind === 'invalid') {
    return tellWrongSettings(parsed.findings, args);
  }
  const { config } = parsed;
  const database = onceOpened(config, args[0]);
  const secretFile = join(dirname(config.databaseFile), 'secret');
  const context: CommandContext = {
    config,
    clock,
    log: createLog(config.logLevel, terminal),
    openDb: database.open,
    secret: () => config.secret ?? (config.readOnly ? readSecretOnly : readSecret)(secretFile),
    print: (text) => void process.stdout.write(`${text}\n`),
    note,
    terminal,
    stdin: process.stdin,
    signal: stopSignal(),
    owner,
    isGone,
  };
  try {
    return await runCommand({ serve }, context, args);
  } finally {
    database.close();
  }
};

// A reader of our output that has seen enough ("| head") is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.exitCode = await main();
