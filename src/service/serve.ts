/** The service: web, feeds, schedule and delivery in one process. */
import type { Delivery } from '../app/deliver.ts';
import { createMailCounts } from '../app/mail-counts.ts';
import type { MailKit } from '../app/mail-kit.ts';
import { loadMeaning } from '../app/meaning.ts';
import { createMetrics } from '../app/metrics.ts';
import { type Command, type CommandContext, noPositionals, parseCommand } from '../cli/command.ts';
import { openDelivery } from '../cli/delivery.ts';
import { checkOutbox, loadMailKit } from '../cli/wiring.ts';
import type { Config } from '../config.ts';
import { endLeases } from '../db/deliveries.ts';
import type { WebDeps } from '../web/deps.ts';
import { createPublicCache } from '../web/public-cache.ts';
import { createWeb } from '../web/routes.ts';
import { type RunningServer, startServer } from '../web/server.ts';
import { webDeps } from './answers/web-deps.ts';
import { openCheckup, sayWhatAils } from './check-up.ts';
import { type Duty, keepDuty } from './duty.ts';
import { serviceJobs } from './jobs.ts';
import { type Schedule, startSchedule } from './schedule.ts';

export const createServeCommand = (sampleFolder: string): Command => ({
  name: 'serve',
  usage: 'serve [--read-only]',
  summary: 'web, feeds, scheduler and delivery in one process',
  run: async (context, args) => {
    noPositionals(parseCommand(args, { 'read-only': { type: 'boolean' } }).positionals);
    if (context.config.readOnly) await serveOnly(context);
    else await serve(context, sampleFolder);
  },
});

/** Pages, feeds and API of a database that another service keeps, or of a copy of it. */
const serveOnly = async (context: CommandContext): Promise<void> => {
  const { config, log } = context;
  await loadMeaning(context.openDb(), context.signal);
  const kit = await loadMailKit(context);
  const server = await startWeb(webDeps(context, kit, { checkup: openCheckup(context) }), config);
  log.info({ url: config.baseUrl, port: server.port }, 'Paperboy is up, and writes nothing');
  await untilStopped(context);
  await server.close();
  log.info({}, 'stopped');
};

const serve = async (context: CommandContext, sampleFolder: string): Promise<void> => {
  const { config, log } = context;
  if (config.redisUrl === undefined) await checkOutbox(context);
  const db = context.openDb();
  // Before the first page and the first digest, which would hold up all others while it is read.
  await loadMeaning(db, context.signal);
  const kit = await loadMailKit(context);
  const delivery = await openDelivery(context, kit);
  try {
    await serveAndDeliver(context, { sampleFolder, kit, delivery });
  } finally {
    await delivery.close();
  }
  log.info({}, 'stopped');
};

type Parts = {
  readonly sampleFolder: string;
  readonly kit: MailKit;
  readonly delivery: Delivery;
};

const serveAndDeliver = async (
  context: CommandContext,
  { sampleFolder, kit, delivery }: Parts,
): Promise<void> => {
  const { config, log } = context;
  const db = context.openDb();
  // A service that stands by leaves a new mail to the one on duty, whose next tick sees it.
  let schedule: Schedule | undefined;
  const mails = createMailCounts(context.clock);
  let duty: Duty | undefined;
  const metrics = createMetrics(db, context.clock, {
    process: true,
    service: () => ({ mails, onDuty: duty?.isOurs() ?? false }),
  });
  const checkup = openCheckup(context);
  const server = await startWeb(
    webDeps(context, kit, { mailPlanned: () => schedule?.poke('mail'), metrics, checkup }),
    config,
  );
  // Whatever goes wrong from here on, an open server would keep a dead service alive.
  try {
    log.info({ url: config.baseUrl, port: server.port, mail: delivery.describe }, 'Paperboy is up');
    const jobs = serviceJobs(context, {
      ...{ kit, sampleFolder, mails, metrics, checkup, deliver: delivery.deliver },
      onPlanned: () => schedule?.poke('mail'),
    });
    duty = keepDuty({ ...context, db }, () => {
      endLeases(db, context.isGone, context.clock());
      schedule = startSchedule(jobs, log);
      return schedule;
    });
    void sayWhatAils(context, checkup);
    await untilStopped(context);
    log.info({}, 'stopping');
  } finally {
    await Promise.all([server.close(), duty?.stop()]);
  }
};

const startWeb = (deps: WebDeps, config: Config): Promise<RunningServer> => {
  const cache = createPublicCache(deps.contentVersion);
  return startServer(createWeb(deps, cache), config, { front: { cache, clock: deps.clock } });
};

const untilStopped = ({ signal }: CommandContext): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
