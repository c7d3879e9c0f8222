/** What Prometheus is told: the ledger's counts at each scrape, and how long requests and jobs take. */
import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { countBounces } from '../db/bounces.ts';
import { createDeliveryCount, nextAttemptAt } from '../db/delivery-counts.ts';
import { lastEditionAt, oldestWaiting } from '../db/health.ts';
import { countInUse } from '../db/meanings.ts';
import type { Db } from '../db/open.ts';
import { createRowCount } from '../db/row-count.ts';
import { listShutWays } from '../db/shut-ways.ts';
import { listBatches } from '../db/source-batches.ts';
import { listRequests } from '../db/source-requests.ts';
import { listSourceStates } from '../db/source-states.ts';
import { countSubscribers } from '../db/subscribers.ts';
import { countSuppressions } from '../db/suppressions.ts';
import { batchVerdicts } from '../domain/batch.ts';
import { deliveryStates } from '../domain/delivery.ts';
import { statuses } from '../domain/subscription.ts';
import type { MailCounts } from './mail-counts.ts';

export type Metrics = {
  /** Prometheus' text format. */
  readonly read: () => Promise<string>;
  readonly request: (route: string, method: string, status: number, seconds: number) => void;
  readonly job: (name: string, outcome: 'done' | 'failed', seconds: number) => void;
};

type Value = readonly [labels: Readonly<Record<string, string>>, value: number];

/** A number read from the database when it is asked for. */
type Reading = {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly read: (db: Db, now: Date) => readonly Value[];
};

const one = (value: number | undefined): readonly Value[] =>
  value === undefined ? [] : [[{}, value]];

const each = <K extends string>(
  label: string,
  names: readonly K[],
  counts: { readonly [name in K]?: number },
): readonly Value[] => names.map((name) => [{ [label]: name }, counts[name] ?? 0]);

const corpusReadings = (db: Db): readonly Reading[] => {
  const countSignals = createRowCount(db, 'signals');
  return [
    {
      name: 'paperboy_papers',
      help: 'Papers in the corpus.',
      read: (db) => one(countInUse(db)),
    },
    {
      name: 'paperboy_signals',
      help: 'Observations in the ledger of signals; what was thinned out counts for up to an hour.',
      read: (_, now) => one(countSignals(now)),
    },
    {
      name: 'paperboy_edition_timestamp_seconds',
      help: 'When the newest edition was published, in seconds since 1970.',
      read: (db) => one(lastEditionAt(db)?.getTime()).map(([none, ms]) => [none, ms / 1000]),
    },
  ];
};

const mailReadings = (db: Db): readonly Reading[] => {
  const countDeliveries = createDeliveryCount(db);
  return [
    {
      name: 'paperboy_subscribers',
      help: 'Readers by status.',
      labels: ['status'],
      read: (db) => each('status', statuses, countSubscribers(db)),
    },
    {
      name: 'paperboy_deliveries',
      help: 'Mails in the ledger by state; what was let go counts as sent for up to an hour.',
      labels: ['state'],
      read: (_, now) => each('state', deliveryStates, countDeliveries(now)),
    },
    {
      name: 'paperboy_delivery_oldest_waiting_seconds',
      help: 'How long the oldest mail that has not left has been waiting, in seconds; 0 when none is.',
      read: (db, now) => {
        const waiting = oldestWaiting(db);
        return one(waiting ? (now.getTime() - waiting.since.getTime()) / 1000 : 0);
      },
    },
    {
      name: 'paperboy_queue_age_seconds',
      help: 'How long the mail that is most overdue by its own time has waited, in seconds.',
      read: (db, now) =>
        one(Math.max(0, now.getTime() - (nextAttemptAt(db) ?? now.getTime())) / 1000),
    },
    {
      name: 'paperboy_way_shut_timestamp_seconds',
      help: 'Until when nothing is sent to a mail server or domain that failed; open ones are not listed.',
      labels: ['way'],
      read: (db) => listShutWays(db).map(({ way, until }) => [{ way }, until.getTime() / 1000]),
    },
    {
      name: 'paperboy_bounces',
      help: 'What came back, by verdict: one a reader, day and verdict.',
      labels: ['verdict'],
      read: (db) => each('verdict', ['hard', 'soft', 'complaint', 'opt-out'], countBounces(db)),
    },
    {
      name: 'paperboy_suppressions',
      help: 'Addresses never mailed again, by reason.',
      labels: ['reason'],
      read: (db) => Object.entries(countSuppressions(db)).map(([reason, n]) => [{ reason }, n]),
    },
  ];
};

const sources: readonly Reading[] = [
  {
    name: 'paperboy_source_success_timestamp_seconds',
    help: 'When a source was last read, in seconds since 1970; 0 for never.',
    labels: ['source'],
    read: (db) =>
      listSourceStates(db).map(({ source, succeededAt }) => [
        { source },
        (succeededAt?.getTime() ?? 0) / 1000,
      ]),
  },
  {
    name: 'paperboy_source_failures',
    help: 'Failures in a row of a source.',
    labels: ['source'],
    read: (db) => listSourceStates(db).map(({ source, failures }) => [{ source }, failures]),
  },
  {
    name: 'paperboy_source_batch',
    help: "What a source's newest list is: 1 for the verdict that holds, 0 for the others.",
    labels: ['source', 'verdict'],
    read: (db, now) =>
      listBatches(db, now).flatMap(({ source, verdict: held }) =>
        batchVerdicts.map((verdict): Value => [{ source, verdict }, verdict === held ? 1 : 0]),
      ),
  },
  {
    name: 'paperboy_source_requests_today',
    help: 'Requests made to a service since midnight UTC.',
    labels: ['service'],
    read: (db, now) =>
      listRequests(db, now.toISOString().slice(0, 10)).map(({ service, requests }) => [
        { service },
        requests,
      ]),
  },
];

const bytesOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

const storage: readonly Reading[] = [
  {
    name: 'paperboy_database_bytes',
    help: 'Size of the database file, in bytes.',
    read: (db) => one(bytesOf(db.$client.name)),
  },
  {
    name: 'paperboy_database_log_bytes',
    help: 'Size of the log (-wal) beside the database, in bytes.',
    read: (db) => one(bytesOf(`${db.$client.name}-wal`)),
  },
  {
    name: 'paperboy_disk_free_bytes',
    help: 'Room left on the disk of the database, in bytes.',
    read: (db) => {
      if (db.$client.memory) return [];
      const { bavail, bsize } = statfsSync(dirname(db.$client.name));
      return one(bavail * bsize);
    },
  },
];

/** What only the running process knows. */
export type ServiceState = { readonly mails: MailCounts; readonly onDuty: boolean };

export type MetricsOptions = {
  /** Adds Node's own: memory, processor, event loop, garbage collection. */
  readonly process?: boolean;
  readonly service?: () => ServiceState;
};

/** Metrics over an open database, in a registry of their own. */
export const createMetrics = (
  db: Db,
  clock: () => Date,
  { process = false, service }: MetricsOptions = {},
): Metrics => {
  const registry = new Registry();
  if (process) collectDefaultMetrics({ register: registry });
  if (service) tellService(registry, service);
  for (const { name, help, labels = [], read } of [
    ...corpusReadings(db),
    ...mailReadings(db),
    ...sources,
    ...storage,
  ]) {
    const gauge: Gauge = new Gauge({
      ...{ name, help, labelNames: [...labels], registers: [registry] },
      collect: () => {
        // A source or reason that is no longer there must not go on being told.
        gauge.reset();
        for (const [given, value] of read(db, clock())) gauge.set(given, value);
      },
    });
  }
  return { read: () => registry.metrics(), ...timers(registry) };
};

const tellService = (registry: Registry, service: () => ServiceState): void => {
  const mails: Counter = new Counter({
    name: 'paperboy_mails_total',
    help: 'Mails planned, and attempts by how they ended, since this process started.',
    labelNames: ['outcome'],
    registers: [registry],
    collect: () => {
      mails.reset();
      for (const [outcome, count] of Object.entries(service().mails.totals()))
        mails.inc({ outcome }, count);
    },
  });
  const pace: Gauge = new Gauge({
    name: 'paperboy_mails_per_second',
    help: 'Mails sent a second, over the last minute.',
    registers: [registry],
    collect: () => pace.set(service().mails.sentPerSecond()),
  });
  const duty: Gauge = new Gauge({
    name: 'paperboy_on_duty',
    help: 'Whether this process plans and delivers (1), or stands by (0).',
    registers: [registry],
    collect: () => duty.set(service().onDuty ? 1 : 0),
  });
};

const timers = (registry: Registry): Pick<Metrics, 'request' | 'job'> => {
  const requests = new Histogram({
    name: 'paperboy_http_request_duration_seconds',
    help: 'How long answers took, in seconds, by the pattern of the route.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.002, 0.01, 0.05, 0.2, 1, 5],
    registers: [registry],
  });
  const jobs = new Histogram({
    name: 'paperboy_job_duration_seconds',
    help: 'How long the runs of a scheduled job took, in seconds.',
    labelNames: ['job', 'outcome'],
    buckets: [0.01, 0.1, 1, 10, 60, 600],
    registers: [registry],
  });
  return {
    request: (route, method, status, seconds) =>
      requests.observe({ route, method, status: `${Math.floor(status / 100)}xx` }, seconds),
    job: (job, outcome, seconds) => jobs.observe({ job, outcome }, seconds),
  };
};
