import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ExportFile, exportFiles, type Piece } from '../app/export.ts';
import { countRows } from '../db/export.ts';
import { makeFolder } from '../lib/folder.ts';
import { createProgress } from '../lib/progress.ts';
import {
  type Command,
  type CommandContext,
  CommandFailure,
  parseCommand,
  printJson,
  UsageError,
} from './command.ts';

export const exportCommand: Command = {
  name: 'export',
  usage: 'export DIR [--force] [--json]',
  summary: 'papers, signals, subscribers and suppressions as files that import reads',
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, {
      force: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const [folder, ...more] = positionals;
    if (folder === undefined || more.length > 0)
      throw new UsageError('name one folder to write to');
    const there = exportFiles.map(({ name }) => join(folder, name)).filter(existsSync);
    if (there.length > 0 && values['force'] !== true)
      throw new CommandFailure(`${there.join(', ')} would be overwritten; --force allows it`);
    const rows = await writeAll(context, folder).catch((error: Error) => {
      throw new CommandFailure(
        context.signal.aborted
          ? 'interrupted; no file was written'
          : `nothing was exported: ${error.message}`,
      );
    });
    if (values['json'] === true) printJson(context, rows);
    else
      for (const { name, what } of exportFiles)
        context.print(`${join(folder, name)}: ${rows[what]} ${what}`);
  },
};

type Rows = { readonly [what in ExportFile['what']]?: number };

/** All files, or none: they get their names once every one of them is whole. */
const writeAll = async (context: CommandContext, folder: string): Promise<Rows> => {
  const db = context.openDb();
  const progress = createProgress('export', context.terminal);
  const total = countRows(db);
  const unfinished = (name: string): string => join(folder, `${name}.unfinished`);
  const rows: { [what in ExportFile['what']]?: number } = {};
  let done = 0;
  makeFolder(folder);
  try {
    for (const { name, what, pieces } of exportFiles) {
      rows[what] = 0;
      const texts = counted(pieces(db), (count) => {
        rows[what] = (rows[what] ?? 0) + count;
        done += count;
        progress.update(done, Math.max(total, done));
      });
      // Readers' addresses are for the operator's eyes alone.
      const file = createWriteStream(unfinished(name), { mode: 0o600 });
      await pipeline(Readable.from(texts), file, { signal: context.signal });
    }
    for (const { name } of exportFiles) await rename(unfinished(name), join(folder, name));
  } catch (error) {
    for (const { name } of exportFiles) await rm(unfinished(name), { force: true });
    throw error;
  } finally {
    progress.stop();
  }
  return rows;
};

function* counted(pieces: Iterable<Piece>, onRows: (rows: number) => void): Generator<string> {
  for (const { text, rows } of pieces) {
    yield text;
    onRows(rows);
  }
}
