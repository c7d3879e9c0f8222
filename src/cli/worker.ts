/** A process that prints and sends what the service hands out over Redis; it has no database. */
import { randomBytes } from 'node:crypto';
import { openLetters } from '../app/letters.ts';
import { createPrinter } from '../app/print-mail.ts';
import { askedArchive, type WorkDeps, workBundle } from '../app/work-bundle.ts';
import { takeBundles } from '../queue/bundles.ts';
import { connectRedis, redisNames } from '../queue/redis.ts';
import { openReporting } from '../queue/reports.ts';
import { NoWord, openAsking } from '../queue/word.ts';
import {
  type Command,
  type CommandContext,
  CommandFailure,
  noPositionals,
  parseCommand,
  textOption,
  UsageError,
} from './command.ts';
import { describeRedis } from './delivery-by-workers.ts';
import { checkOutbox, loadMailKit, makeTransport } from './wiring.ts';

const usualConnections = 10;
const mostConnections = 200;

/** While one bundle's last mails are answered, the next one's first go out. */
const bundlesAtOnce = 2;

/** The service may be ranking, which takes seconds. Longer, and the mail server would lose patience. */
const patienceMs = 10_000;

export const workerCommand: Command = {
  name: 'worker',
  usage: 'worker [--connections N]',
  summary: 'prints and sends what a service with the same REDIS_URL and SECRET hands out',
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, { connections: { type: 'string' } });
    noPositionals(positionals);
    const text = textOption(values, 'connections') ?? String(usualConnections);
    const count = Number(text);
    if (!/^\d+$/.test(text) || count < 1 || count > mostConnections)
      throw new UsageError(`--connections ${text} is no whole number from 1 to ${mostConnections}`);
    await work(context, count);
  },
};

const work = async (context: CommandContext, connections: number): Promise<void> => {
  const { config, log, signal } = context;
  if (config.redisUrl === undefined)
    throw new CommandFailure('REDIS_URL is not set: it is where the service hands out its mails');
  if (config.secret === undefined)
    throw new CommandFailure('SECRET is not set: a worker needs the one of the service');
  await checkOutbox(context);
  const kit = await loadMailKit(context);
  const names = redisNames(kit.secret);
  const redis = await connectRedis(config.redisUrl, (reason) =>
    log.warn({ reason }, 'Redis is away'),
  );
  const name = randomBytes(6).toString('hex');
  const asking = await openAsking(redis, names, name, patienceMs);
  const letters = openLetters(asking.ask, openReporting(redis, names));
  asking.onLost(letters.lost);
  const transport = makeTransport(context, connections);
  const deps: WorkDeps = {
    ask: asking.ask,
    letters,
    print: createPrinter(kit, askedArchive(asking.ask)),
    transport,
    log,
    // Over all bundles, twice as many as there are connections: the next one begins on each while the
    // answer to the one before is on its way.
    concurrency: Math.ceil((2 * connections) / bundlesAtOnce),
  };
  const onFault = (error: unknown): void => {
    // Each connection tells at each attempt to come back what was said once: Redis is away.
    const isKnown = error instanceof NoWord || redis.status !== 'ready';
    if (!isKnown) log.error({ err: error }, 'the queue broke');
  };
  const worker = takeBundles(
    redis,
    names,
    { atOnce: Math.min(bundlesAtOnce, connections), onFault },
    (bundle) => workBundle(deps, bundle, signal),
  );
  log.info(
    { redis: describeRedis(config.redisUrl), mail: transport.describe, connections },
    'worker is up',
  );
  if (!signal.aborted)
    await new Promise<void>((stop) => signal.addEventListener('abort', () => stop()));
  log.info({}, 'stopping');
  await worker.close();
  await transport.close();
  asking.close();
  redis.disconnect();
  log.info({}, 'stopped');
};
