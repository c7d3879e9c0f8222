import { createReadStream } from 'node:fs';
import {
  addSuppression,
  exportSuppressions,
  importSuppressions,
  removeSuppression,
  toSuppressionRow,
} from '../app/suppressions.ts';
import { iterateSuppressions, suppressionReasons } from '../db/suppressions.ts';
import { parseEmail } from '../domain/subscription.ts';
import {
  type Command,
  type CommandContext,
  CommandFailure,
  noPositionals,
  parseCommand,
  printJson,
  UsageError,
} from './command.ts';

export const suppressionsCommand: Command = {
  name: 'suppressions',
  usage: 'suppressions list | import FILE.csv | export | add EMAIL | remove EMAIL [--json]',
  summary: 'the addresses never mailed again: lists them, takes them in and out as CSV',
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, { json: { type: 'boolean' } });
    const json = values.json === true;
    const [verb, ...rest] = positionals;
    switch (verb) {
      case 'list':
        noPositionals(rest);
        return list(context, json);
      case 'export':
        noPositionals(rest);
        return exportAll(context, json);
      case 'import':
        return importFile(context, rest, json);
      case 'add':
        return add(context, oneAddress(rest), json);
      case 'remove':
        return remove(context, oneAddress(rest), json);
      default:
        throw new UsageError('say list, import, export, add or remove');
    }
  },
};

const oneAddress = ([given, ...more]: readonly string[]): string => {
  if (given === undefined || more.length > 0) throw new UsageError('name one e-mail address');
  const email = parseEmail(given);
  if (!email) throw new UsageError(`"${given}" is no e-mail address`);
  return email;
};

const list = (context: CommandContext, json: boolean): void => {
  const rows = [...iterateSuppressions(context.openDb())].map(toSuppressionRow);
  if (json) printJson(context, { suppressions: rows });
  else
    for (const { email, reason, since, detail } of rows)
      context.print(`${email}\t${reason}\t${since}\t${detail}`);
};

const exportAll = (context: CommandContext, json: boolean): void => {
  if (json) list(context, true);
  else
    for (const piece of exportSuppressions(context.openDb()))
      context.print(piece.replace(/\n$/, ''));
};

const importFile = async (
  context: CommandContext,
  [file, ...more]: readonly string[],
  json: boolean,
): Promise<void> => {
  if (file === undefined || more.length > 0) throw new UsageError('name one CSV file, or -');
  const input = file === '-' ? context.stdin : createReadStream(file);
  const db = context.openDb();
  const tally = await importSuppressions(db, input, file, context.clock()).catch(
    (error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT'
        ? new CommandFailure(`${file}: there is no such file`)
        : new CommandFailure(`${file}: ${error.message}`);
    },
  );
  const { rejected, supposed, ...suppressions } = tally;
  if (json) return printJson(context, { suppressions, supposed, rejected });
  context.print(
    `suppressions: ${tally.new} new, ${tally.unchanged} unchanged; ${rejected.length} rejected`,
  );
  if (supposed.reason > 0)
    context.note(
      `${supposed.reason} with a reason not known here, taken as manual (known: ${suppressionReasons.join(', ')})`,
    );
  if (supposed.since > 0)
    context.note(`${supposed.since} with a moment that cannot be read or is to come, taken as now`);
  for (const { line, reason } of rejected.slice(0, 50))
    context.note(`${file}, line ${line}: ${reason}`);
};

const add = (context: CommandContext, email: string, json: boolean): void => {
  const isNew = addSuppression(context.openDb(), email, 'manual', context.clock());
  if (json) printJson(context, { suppressed: email, new: isNew });
  else context.print(isNew ? `${email} is never mailed again` : `${email} was suppressed already`);
};

const remove = (context: CommandContext, email: string, json: boolean): void => {
  if (!removeSuppression(context.openDb(), email))
    throw new CommandFailure(`${email} is not suppressed`);
  if (json) printJson(context, { removed: email });
  else context.print(`${email} may be mailed again`);
};
