import { createReadStream } from 'node:fs';
import { CsvFault } from '../app/csv-rows.ts';
import { erase } from '../app/reader.ts';
import { exportSubscribers, importSubscribers, toRow } from '../app/subscribers-csv.ts';
import { findByEmail, iterateSubscribers } from '../db/subscribers.ts';
import { parseEmail } from '../domain/subscription.ts';
import {
  type Command,
  type CommandContext,
  CommandFailure,
  noPositionals,
  parseCommand,
  printJson,
  textOption,
  UsageError,
} from './command.ts';

export const subscribersCommand: Command = {
  name: 'subscribers',
  usage: 'subscribers import FILE.csv|- [--topics A,B] | export | list | erase EMAIL [--json]',
  summary: 'takes subscribers in and out as CSV, lists them, erases one',
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, {
      json: { type: 'boolean' },
      topics: { type: 'string' },
    });
    const json = values.json === true;
    const [verb, ...rest] = positionals;
    switch (verb) {
      case 'import':
        return importFile(context, rest, json, textOption(values, 'topics'));
      case 'export':
        noPositionals(rest);
        return exportAll(context, json);
      case 'list':
        noPositionals(rest);
        return list(context, json);
      case 'erase':
        return eraseOne(context, rest, json);
      default:
        throw new UsageError(`say what to do: import FILE.csv, export, list or erase EMAIL`);
    }
  },
};

const importFile = async (
  context: CommandContext,
  [file, ...more]: readonly string[],
  json: boolean,
  topics: string | undefined,
): Promise<void> => {
  if (file === undefined || more.length > 0) throw new UsageError('name one CSV file, or -');
  const input = file === '-' ? context.stdin : createReadStream(file);
  const tally = await importSubscribers(
    context.openDb(),
    input,
    file,
    context.clock(),
    topics?.replaceAll(',', ';'),
  ).catch((error: unknown) => {
    if (error instanceof CsvFault) throw new CommandFailure(`${file}: ${error.message}`);
    if (error instanceof Error && 'code' in error)
      throw new CommandFailure(
        isMissing(error) ? `there is no file ${file}` : `${file} cannot be read: ${error.message}`,
      );
    throw error;
  });
  if (json) {
    // Whoever scripts the import reads what was taken; who is due is for people.
    const { rejected, ignored, due: _, ...subscribers } = tally;
    printJson(context, {
      subscribers,
      rejected,
      ...(ignored.length > 0 && { ignored }),
    });
  } else {
    context.print(
      `subscribers: ${tally.new} new, ${tally.updated} updated, ${tally.unchanged} unchanged; ${tally.rejected.length} rejected`,
    );
    if (tally.due > 0)
      context.print(
        `due now: ${tally.due} of the new ones; the service mails them within a minute, else digest send does`,
      );
    if (tally.ignored.length > 0)
      context.note(`${file}: columns that are not read: ${tally.ignored.join(', ')}`);
    for (const { line, reason } of tally.rejected.slice(0, 50))
      context.note(`${file}, line ${line}: ${reason}`);
  }
  if (tally.rejected.length > 0 && tally.new + tally.updated + tally.unchanged === 0)
    throw new CommandFailure(`${file}: no row could be taken`);
};

const isMissing = (error: Error): boolean => 'code' in error && error.code === 'ENOENT';

const exportAll = (context: CommandContext, json: boolean): void => {
  if (json) list(context, true);
  else
    for (const piece of exportSubscribers(context.openDb()))
      context.print(piece.replace(/\n$/, ''));
};

const list = (context: CommandContext, json: boolean): void => {
  const rows = [...iterateSubscribers(context.openDb())].map(toRow);
  if (json) printJson(context, { subscribers: rows });
  else
    for (const row of rows)
      context.print(
        `${row.email}\t${row.status}\t${row.frequency} ${row.hour}:00 ${row.timezone}\t${row.topics}`,
      );
};

const eraseOne = (
  context: CommandContext,
  [given, ...more]: readonly string[],
  json: boolean,
): void => {
  if (given === undefined || more.length > 0) throw new UsageError('name one e-mail address');
  const email = parseEmail(given);
  if (!email) throw new UsageError(`"${given}" is no e-mail address`);
  const db = context.openDb();
  const reader = findByEmail(db, email);
  if (!reader) throw new CommandFailure(`${email} is not known`);
  erase(db, reader);
  if (json) printJson(context, { erased: email });
  else context.print(`erased ${email} and all that was kept of them`);
};
