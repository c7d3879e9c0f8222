/** The service's own context over a new database in a folder, at a moment that stands still. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandContext } from '../../src/cli/command.ts';
import { parseConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/open.ts';
import { syncTopics } from '../../src/db/topics.ts';
import { createLog } from '../../src/lib/log.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** `settings` come on top of a database, an outbox and a secret of its own. */
export const stillContext = (
  folder: string,
  moment: Date,
  settings: Readonly<Record<string, string>>,
): CommandContext => {
  const parsed = parseConfig({
    DATABASE_URL: `file:${join(folder, 'paperboy.db')}`,
    OUTBOX_DIR: join(folder, 'outbox'),
    TEMPLATES_DIR: join(root, 'templates'),
    SECRET: 'only-for-a-trial-and-known-to-everybody',
    ...settings,
  });
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('; '));
  const { config } = parsed;
  const db = openDatabase(config.databaseFile, join(root, 'migrations'));
  syncTopics(db);
  return {
    config,
    clock: () => moment,
    log: createLog('error', true),
    openDb: () => db,
    secret: () => config.secret ?? '',
    print: () => undefined,
    note: () => undefined,
    terminal: false,
    stdin: process.stdin,
    signal: new AbortController().signal,
    owner: 'trial',
    isGone: () => false,
  };
};
