import { ingest } from '../app/ingest.ts';
import { isSourceName, sourceNames } from '../sources/live.ts';
import type { DayRange } from '../sources/live-source.ts';
import {
  type Command,
  type CommandContext,
  CommandFailure,
  parseCommand,
  printJson,
  textOption,
  UsageError,
  type Values,
} from './command.ts';
import { ingestDeps } from './wiring.ts';

export const ingestCommand: Command = {
  name: 'ingest',
  usage: 'ingest [SOURCE…] [--from DAY [--to DAY]] [--json]',
  summary: `fetches from the live sources (${sourceNames.join(', ')}): what is new, or days of the past`,
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, {
      json: { type: 'boolean' },
      from: { type: 'string' },
      to: { type: 'string' },
    });
    const range = parseRange(context, values);
    const named = positionals.filter(isSourceName);
    const unknown = positionals.find((name) => !isSourceName(name));
    if (unknown !== undefined)
      throw new UsageError(
        `there is no source "${unknown}" (there are: ${sourceNames.join(', ')})`,
      );
    const sources = named.length > 0 ? named : context.config.sources;
    const rows = await ingest(ingestDeps(context), sources, context.signal, range);
    if (values.json === true) printJson(context, { sources: rows });
    else
      for (const { source, papers, signals, rejected, error } of rows)
        context.print(
          `${source}: ${papers.new} new papers, ${papers.updated} updated; ${signals.new} new signals; ` +
            `${rejected.length} rejected${error ? `; failed: ${error}` : ''}`,
        );
    if (context.signal.aborted) throw new CommandFailure('interrupted; run it again to go on');
    const failed = rows.filter((row) => row.error !== undefined);
    if (failed.length > 0)
      throw new CommandFailure(failed.map((row) => `${row.source}: ${row.error}`).join('; '));
  },
};

/** `--from` and `--to`, both included; without `--to`, up to today (UTC). */
const parseRange = ({ clock }: CommandContext, values: Values): DayRange | undefined => {
  const today = clock().toISOString().slice(0, 10);
  const from = dayOption(values, 'from');
  const to = dayOption(values, 'to');
  if (from === undefined) {
    if (to !== undefined) throw new UsageError('--to needs --from');
    return undefined;
  }
  const last = to === undefined || to > today ? today : to;
  if (from > last) throw new UsageError(`--from ${from} is later than ${to ?? 'today'}`);
  return { from, to: last };
};

const dayOption = (values: Values, name: string): string | undefined => {
  const text = textOption(values, name);
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  const isDay = at && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
  if (!isDay) throw new UsageError(`--${name} ${text} is no day such as 2026-03-20`);
  return text;
};
