/** The service: web, feeds, schedule and delivery in one process. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Deliver } from './app/deliver.ts';
import { examine } from './app/doctor.ts';
import { embedNewPapers } from './app/embed.ts';
import { ingest } from './app/ingest.ts';
import { keepMeaning } from './app/keep-meaning.ts';
import { createMailCounts, type MailCounts } from './app/mail-counts.ts';
import { loadMeaning } from './app/meaning.ts';
import { createMetrics, type Metrics } from './app/metrics.ts';
import { cutFor } from './app/models.ts';
import { planInSteps } from './app/plan.ts';
import { prune } from './app/prune.ts';
import { publishDailyInSteps } from './app/publish.ts';
import { loadSample } from './app/sample.ts';
import { bounceJobs } from './bounce-job.ts';
import { type Command, type CommandContext, noPositionals, parseCommand } from './cli/command.ts';
import { openDelivery } from './cli/delivery.ts';
import { doctorDeps } from './cli/doctor.ts';
import { checkOutbox, ingestDeps, loadMailKit } from './cli/wiring.ts';
import type { Config } from './config.ts';
import { endLeases } from './db/deliveries.ts';
import { deleteDeferralsBefore } from './db/delivery-history.ts';
import { oldestWaiting } from './db/health.ts';
import { countInUse } from './db/meanings.ts';
import { listSourceStates } from './db/source-states.ts';
import { type Duty, keepDuty } from './duty.ts';
import { hubJobs } from './hub-job.ts';
import { inTurns } from './lib/steps.ts';
import { operatorJobs } from './operator-job.ts';
import { type Job, type Schedule, startSchedule } from './schedule.ts';
import type { WebDeps } from './web/deps.ts';
import { createPublicCache } from './web/public-cache.ts';
import { createWeb } from './web/routes.ts';
import { type RunningServer, startServer } from './web/server.ts';
import { webDeps } from './web-deps.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** How long the answers to a mail's earlier attempts are kept. */
const historyKeptMs = 30 * 24 * 60 * minuteMs;

/** An edition serves every reader who falls due within this time of it. */
const editionReuseMs = 30 * minuteMs;

/** So many new papers at once are foreseen beside the service, not in it. */
const manyPapers = 1_000;

/** With an empty corpus the live sources get this long before the sample is shown. */
const sampleAfterMs = 8_000;

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
  const server = await startWeb(
    webDeps(context, kit, () => undefined),
    config,
  );
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
  // A service that stands by leaves a new mail to the one on duty, whose next tick sees it.
  let schedule: Schedule | undefined;
  const mails = createMailCounts(context.clock);
  let duty: Duty | undefined;
  const metrics = createMetrics(db, context.clock, {
    process: true,
    service: () => ({ mails, onDuty: duty?.isOurs() ?? false }),
  });
  const server = await startWeb(
    webDeps(context, kit, () => schedule?.poke('mail'), metrics),
    config,
  );
  log.info({ url: config.baseUrl, port: server.port, mail: delivery.describe }, 'Paperboy is up');
  const jobs = [
    ingestJob(context, sampleFolder),
    planJob(context, mails, () => schedule?.poke('mail')),
    mailJob(context, delivery.deliver, mails),
    ...bounceJobs(context, kit.secret),
    pruneJob(context),
    learnJob(context),
    meaningJob(context),
    ...embeddingsJobs(context),
    ...hubJobs(context),
    ...operatorJobs(context, kit),
  ].map((job) => timed(job, metrics));
  duty = keepDuty({ ...context, db }, () => {
    endLeases(db, context.isGone, context.clock());
    schedule = startSchedule(jobs, log);
    return schedule;
  });
  void sayWhatAils(context);
  await untilStopped(context);
  log.info({}, 'stopping');
  await Promise.all([server.close(), duty.stop()]);
  await delivery.close();
  log.info({}, 'stopped');
};

const startWeb = (deps: WebDeps, config: Config): Promise<RunningServer> => {
  const cache = createPublicCache(deps.contentVersion);
  return startServer(createWeb(deps, cache), config, { front: { cache, clock: deps.clock } });
};

const timed = (job: Job, metrics: Metrics): Job => ({
  name: job.name,
  run: async (signal) => {
    const from = performance.now();
    const note = (outcome: 'done' | 'failed') =>
      metrics.job(job.name, outcome, (performance.now() - from) / 1000);
    try {
      await job.run(signal);
      note('done');
    } catch (error) {
      note('failed');
      throw error;
    }
  },
});

// Beside the work, once: what an operator should know is better told than asked for. Without a mail
// server this is somebody trying it out, whose network is nobody's business.
const sayWhatAils = async (context: CommandContext): Promise<void> => {
  const scope = context.config.mail.smtpUrl === undefined ? 'local' : 'all';
  for (const { level, id, what, do: cure } of await examine(doctorDeps(context), scope)) {
    if (level === 'fault') context.log.error({ id, do: cure }, `doctor: ${what}`);
    if (level === 'warning') context.log.warn({ id, do: cure }, `doctor: ${what}`);
  }
};

const untilStopped = ({ signal }: CommandContext): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const ingestJob = (context: CommandContext, sampleFolder: string): Job => {
  const deps = ingestDeps(context);
  const { config, clock, log } = context;
  return {
    name: 'ingest',
    run: async (signal) => {
      const now = clock().getTime();
      const states = listSourceStates(deps.db);
      const due = config.sources.filter((name) => {
        const state = states.find((row) => row.source === name);
        // A clock that was set back must not silence a source until it has caught up.
        const isAhead = (state?.attemptedAt.getTime() ?? 0) > now;
        return isAhead || (state?.nextAt?.getTime() ?? 0) <= now;
      });
      const empty = countInUse(deps.db) === 0;
      const patience = empty ? setTimeout(() => void showSample(), sampleAfterMs) : undefined;
      const showSample = async (): Promise<void> => {
        if (countInUse(deps.db) > 0) return;
        const tally = await loadSample(deps.db, sampleFolder, clock());
        log.warn(
          { papers: tally.papers.new },
          'no source has answered yet: showing the bundled sample',
        );
      };
      try {
        if (due.length > 0) await ingest(deps, due, signal);
      } finally {
        clearTimeout(patience);
      }
      if (empty && !signal.aborted) await showSample();
    },
  };
};

/*
 * A month's model takes seconds to learn. From two days before the month on, a process of its own
 * does it (`backtest --fit` keeps what it learned), so that no page and no mail waits for it.
 */
// Ranking once, in a process of its own, learns the month's model and foresees every paper by it.
// It is due at the start, with each new month, and after many new papers at once.
const learnJob = (context: CommandContext): Job => {
  let done = { cut: 0, papers: 0 };
  return {
    name: 'learn',
    run: async (signal) => {
      const cut = cutFor(context.clock()).getTime();
      const papers = countInUse(context.openDb());
      if (papers === 0 || (cut === done.cut && papers - done.papers < manyPapers)) return;
      done = { cut, papers };
      const [program = ''] = process.argv.slice(1);
      const args = [...process.execArgv, program, 'trending', '--limit', '1'];
      const child = spawn(process.execPath, args, { signal, stdio: 'ignore' });
      await once(child, 'exit').catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    },
  };
};

// Once a day, in an hour without mails to send: which hour that is, the ledger knows best.
const pruneJob = ({ openDb, clock, log, config }: CommandContext): Job => {
  let lastAt = clock().getTime();
  return {
    name: 'prune',
    run: async (signal) => {
      const now = clock();
      if (now.getTime() - lastAt < dayMs || oldestWaiting(openDb())) return;
      lastAt = now.getTime();
      const pruned = await prune(openDb(), config.retention, now, signal);
      if (Object.values(pruned).some((count) => count > 0)) log.info(pruned, 'old rows deleted');
    },
  };
};

// A job beside that of the mails, which may take hours where the pace is slow.
const planJob = (
  { openDb, clock, log }: CommandContext,
  mails: MailCounts,
  onPlanned: () => void,
): Job => ({
  name: 'plan',
  run: async (signal) => {
    const [db, now] = [openDb(), clock()];
    await inTurns(publishDailyInSteps(db, now), signal);
    deleteDeferralsBefore(db, new Date(now.getTime() - historyKeptMs));
    const reuseMs = editionReuseMs;
    const steps = planInSteps(db, { asOf: now, now, reuseMs, learning: 'at-hand' });
    const plan = await inTurns(steps, signal);
    if (!plan) return;
    if (plan.due > 0) log.info(plan, 'digests planned');
    mails.add('planned', plan.planned);
    if (plan.planned > 0) onPlanned();
  },
});

const mailJob = (context: CommandContext, deliver: Deliver, mails: MailCounts): Job => ({
  name: 'mail',
  run: async (signal) => {
    const begunAt = context.clock().getTime();
    const before = mails.totals().unknown;
    const delivered = await deliver({ signal, onSettled: ({ state }) => mails.add(state) });
    // Those an earlier process left in doubt were nobody's attempt.
    mails.add('unknown', before + delivered.unknown - mails.totals().unknown);
    if (Object.values(delivered).every((count) => count === 0)) return;
    const seconds = (context.clock().getTime() - begunAt) / 1000;
    const perSecond = Math.round(delivered.sent / Math.max(seconds, 0.001));
    context.log.info({ ...delivered, seconds, perSecond }, 'mails delivered');
  },
});

const meaningJob = ({ openDb, log }: CommandContext): Job => ({
  name: 'meaning',
  run: async (signal) => {
    const kept = await keepMeaning(openDb(), signal);
    if (kept.learned || kept.folded > 0) log.info(kept, 'search is up to date with the corpus');
  },
});

// A job of its own: an endpoint that is slow or gone holds up neither mails nor learning.
const embeddingsJobs = ({ config, openDb, log }: CommandContext): readonly Job[] => {
  const { embeddings } = config;
  if (!embeddings) return [];
  const run = async (signal: AbortSignal): Promise<void> => {
    const embedded = await embedNewPapers(openDb(), embeddings, signal);
    if (embedded > 0) log.info({ embedded, model: embeddings.model }, 'papers embedded');
  };
  return [{ name: 'embeddings', run }];
};
