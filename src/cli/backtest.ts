import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { type BacktestRow, backtest, type WeeklyPick } from '../app/backtest.ts';
import { learn } from '../app/learn.ts';
import { modelOfCut, newestCut } from '../app/models.ts';
import { type RankerName, rankerNames } from '../domain/rankers.ts';
import { createProgress } from '../lib/progress.ts';
import { renderBacktestPlot } from './backtest-plot.ts';
import {
  type Command,
  type CommandContext,
  CommandFailure,
  noPositionals,
  parseCommand,
  printJson,
  textOption,
  UsageError,
  type Values,
} from './command.ts';

export const backtestCommand: Command = {
  name: 'backtest',
  usage:
    'backtest --from D --to D [--rankers a,b] [--picks FILE] [--plot FILE.svg] [--json] | --fit [--from D]',
  summary: 'replays history: how well did each ranker foresee the attention of the days after',
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, {
      from: { type: 'string' },
      to: { type: 'string' },
      rankers: { type: 'string' },
      picks: { type: 'string' },
      plot: { type: 'string' },
      fit: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    noPositionals(positionals);
    if (values.fit === true && values.from === undefined) return keepModel(context);
    const from = parseDay(values, 'from');
    if (values.fit === true) return printFit(context, from);
    const to = parseDay(values, 'to');
    if (to < from) throw new UsageError('--to is before --from');
    runBacktest(context, values, from, to);
  },
};

const runBacktest = (context: CommandContext, values: Values, from: Date, to: Date): void => {
  const rankers = parseRankers(values);
  const picksFile = textOption(values, 'picks');
  const picks = picksFile === undefined ? undefined : readPicks(picksFile);
  const bar = createProgress('backtest', context.terminal);
  const { rows } = backtest(context.openDb(), {
    from,
    to,
    rankers,
    ...(picks && { picks }),
    progress: bar.update,
  });
  bar.stop();
  const plot = textOption(values, 'plot');
  if (plot !== undefined) writeFileSync(plot, renderBacktestPlot(rows, dayOf(from), dayOf(to)));
  if (values.json === true) printJson(context, { from: dayOf(from), to: dayOf(to), rows });
  else printRows(context, rows);
};

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

const parseDay = (values: Values, name: string): Date => {
  const text = textOption(values, name);
  if (text === undefined) throw new UsageError(`--${name} is missing: a day such as 2026-03-01`);
  const at = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(at.getTime()) || dayOf(at) !== text)
    throw new UsageError(`--${name} ${text} is no day such as 2026-03-01`);
  return at;
};

const parseRankers = (values: Values): readonly RankerName[] => {
  const text = textOption(values, 'rankers');
  if (text === undefined) return rankerNames;
  return text.split(',').map((given) => {
    const name = rankerNames.find((known) => known === given.trim());
    if (!name) throw new UsageError(`--rankers ${given} is none of ${rankerNames.join(', ')}`);
    return name;
  });
};

const pickSchema = z.object({
  periodStart: z.iso.date(),
  periodEnd: z.iso.date(),
  arxivId: z.string(),
});

const readPicks = (file: string): readonly WeeklyPick[] => {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, i) => {
      const parsed = pickSchema.safeParse(toJson(line));
      if (!parsed.success)
        throw new CommandFailure(
          `${file}, line ${i + 1}: no pick {periodStart, periodEnd, arxivId}`,
        );
      return parsed.data;
    });
};

const toJson = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

const printRows = (context: CommandContext, rows: readonly BacktestRow[]): void => {
  const recall = rows.some((row) => row.recall !== undefined);
  context.print(
    `ranker             nDCG@10  overlap@10   days${recall ? '  recall of picks' : ''}`,
  );
  for (const row of rows)
    context.print(
      row.ranker.padEnd(18) +
        row.ndcg10.toFixed(3).padStart(8) +
        row.overlap10.toFixed(3).padStart(12) +
        String(row.days).padStart(7) +
        (row.recall === undefined ? '' : row.recall.toFixed(3).padStart(17)),
    );
  if (rows.every((row) => row.days === 0))
    context.note('no moment of that span has the fifteen observed papers a score needs');
};

/** Prints the rates learned from before a day, as they stand in `growth-default.ts`. */
const printFit = (context: CommandContext, from: Date): void => {
  const { growth } = learn(context.openDb(), from, (step) => context.note(`learning: ${step} …`));
  context.print(JSON.stringify(growth, undefined, 2));
};

/** Learns what ranks from now on, or from the month that begins next, and keeps it. */
const keepModel = (context: CommandContext): void => {
  const cut = newestCut(context.clock());
  const model = modelOfCut(context.openDb(), cut);
  context.note(
    model.cut === 0
      ? 'the ledger is too thin to learn from: the shipped rates stay in force'
      : `the model of what was known before ${cut.toISOString()} is in its place`,
  );
};
