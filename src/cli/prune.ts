import { countPrunable, type Pruned, prune } from '../app/prune.ts';
import { vacuum } from '../db/pruning.ts';
import { type Command, noPositionals, parseCommand, printJson } from './command.ts';

export const pruneCommand: Command = {
  name: 'prune',
  usage: 'prune [--dry-run] [--vacuum] [--json]',
  summary: 'deletes old mails and thins old signals, by KEEP_MAIL_DAYS and KEEP_SIGNALS_DAYS',
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, {
      'dry-run': { type: 'boolean' },
      vacuum: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    noPositionals(positionals);
    const dry = values['dry-run'] === true;
    const db = context.openDb();
    const { retention } = context.config;
    const now = context.clock();
    const pruned = dry
      ? countPrunable(db, retention, now)
      : await prune(db, retention, now, context.signal);
    if (values['vacuum'] === true && !dry) vacuum(db);
    if (values['json'] === true) printJson(context, { pruned, dryRun: dry });
    else context.print(render(pruned, dry));
  },
};

const render = (pruned: Pruned, dry: boolean): string =>
  `${dry ? 'would delete' : 'deleted'} ${Object.entries(pruned)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ')}`;
