import { ingest } from '../app/ingest.ts';
import { sourceNames } from '../config.ts';
import { type Command, CommandFailure, parseCommand, printJson, UsageError } from './command.ts';
import { learnCorpus } from './learn-corpus.ts';
import { ingestDeps } from './wiring.ts';

export const ingestCommand: Command = {
  name: 'ingest',
  usage: 'ingest [SOURCE…] [--json]',
  summary: `fetches from the live sources (${sourceNames.join(', ')})`,
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, { json: { type: 'boolean' } });
    const unknown = positionals.find((name) => !sourceNames.some((known) => known === name));
    if (unknown !== undefined)
      throw new UsageError(
        `there is no source "${unknown}" (there are: ${sourceNames.join(', ')})`,
      );
    const sources = positionals.length > 0 ? positionals : context.config.sources;
    const rows = await ingest(ingestDeps(context), sources, context.signal);
    if (values.json === true) printJson(context, { sources: rows });
    else
      for (const { source, papers, signals, rejected, error } of rows)
        context.print(
          `${source}: ${papers.new} new papers, ${papers.updated} updated; ${signals.new} new signals; ` +
            `${rejected.length} rejected${error ? `; failed: ${error}` : ''}`,
        );
    await learnCorpus(context);
    if (context.signal.aborted) throw new CommandFailure('interrupted; run it again to go on');
    const failed = rows.filter((row) => row.error !== undefined);
    if (failed.length > 0)
      throw new CommandFailure(failed.map((row) => `${row.source}: ${row.error}`).join('; '));
  },
};
