import { type ToldDelivery, tellDeliveries } from '../app/delivery-story.ts';
import { createDeliveryCount } from '../db/delivery-counts.ts';
import { type DeliveryRecord, listDeliveries } from '../db/delivery-history.ts';
import { deliveryStates } from '../domain/delivery.ts';
import type { StoryEvent } from '../domain/delivery-story.ts';
import {
  type Command,
  type CommandContext,
  CommandFailure,
  noPositionals,
  parseCommand,
  parseLimit,
  printJson,
  textOption,
  UsageError,
  type Values,
} from './command.ts';

export const deliveriesCommand: Command = {
  name: 'deliveries',
  usage: `deliveries show KEY|EMAIL|ID [--limit N] | deliveries list [--state ${deliveryStates.join('|')}] [--limit N] [--json]`,
  summary: "any mail's story: when it was planned, tried, answered, sent, and what came back",
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, {
      state: { type: 'string' },
      limit: { type: 'string' },
      json: { type: 'boolean' },
    });
    const [verb, ...rest] = positionals;
    if (verb === 'show') return show(context, rest, values);
    if (verb !== 'list') throw new UsageError('say what to do: show or list');
    noPositionals(rest);
    list(context, values);
  },
};

const show = (context: CommandContext, rest: readonly string[], values: Values): void => {
  const [name, ...more] = rest;
  if (name === undefined || more.length > 0)
    throw new UsageError("name one mail by its key or number, or a reader's address");
  if (values.state !== undefined) throw new UsageError('--state belongs to list');
  const told = tellDeliveries(context.openDb(), name, parseLimit(values, 5, 5_000));
  if (told.length === 0) throw new CommandFailure(`the ledger has no mail of "${name}"`);
  if (values.json === true) printJson(context, { deliveries: told });
  else context.print(told.map(renderStory).join('\n\n'));
};

const renderStory = ({ id, key, kind, email, papers, events }: ToldDelivery): string =>
  [
    `${key} (${id}): ${kind}${papers > 0 ? ` of ${papers} papers` : ''} to ${email}`,
    ...events.map((event) => `  ${event.at.toISOString()}  ${renderEvent(event)}`),
  ].join('\n');

const renderEvent = ({ what, attempt, detail, until }: StoryEvent): string =>
  what +
  (attempt === undefined ? '' : `, attempt ${attempt}`) +
  (detail ? `: ${detail.replace(/\s*\n\s*/g, ' ')}` : '') +
  (until ? ` (until ${until.toISOString()})` : '');

const list = (context: CommandContext, values: Values): void => {
  const asked = textOption(values, 'state');
  const state = deliveryStates.find((known) => known === asked);
  if (asked !== undefined && state === undefined)
    throw new UsageError(`--state ${asked} is none of ${deliveryStates.join(', ')}`);
  const db = context.openDb();
  const records = listDeliveries(db, state, parseLimit(values, 50, 5_000));
  const counts = createDeliveryCount(db)(context.clock());
  if (values.json === true) {
    printJson(context, { deliveries: records.map(toRow), counts });
    return;
  }
  for (const record of records) context.print(renderRow(record));
  context.note(`${records.length} shown; the ledger holds ${sayCounts(counts)}`);
};

const sayCounts = (counts: Readonly<Record<string, number | undefined>>): string =>
  deliveryStates
    .filter((state) => (counts[state] ?? 0) > 0)
    .map((state) => `${counts[state]} ${state}`)
    .join(', ') || 'no mail';

const toRow = (record: DeliveryRecord) => {
  const { id, key, kind, email, state, attempts, plannedAt, settledAt, reason } = record;
  const waits = state === 'planned' || state === 'deferred';
  return {
    ...{ id, key, kind, email, state, attempts, plannedAt },
    settledAt: settledAt ?? null,
    nextAttemptAt: waits ? record.nextAttemptAt : null,
    reason: reason ?? null,
  };
};

const renderRow = (record: DeliveryRecord): string => {
  const { id, key, email, state, attempts, plannedAt, reason } = record;
  return [id, key, email, state, attempts, plannedAt.toISOString(), reason ?? '']
    .join('\t')
    .replace(/[\r\n]+/g, ' ');
};
