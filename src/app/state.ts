/** How the service stands: for probes, and for Prometheus. */
import { countDeliveries, nextAttemptAt } from '../db/deliveries.ts';
import type { Db } from '../db/open.ts';
import { countCorpus } from '../db/papers.ts';
import { listShutWays } from '../db/shut-ways.ts';
import { listBatches } from '../db/source-batches.ts';
import { listRequests } from '../db/source-requests.ts';
import { listSourceStates } from '../db/source-states.ts';
import { countSubscribers } from '../db/subscribers.ts';
import { batchVerdicts } from '../domain/batch.ts';
import { deliveryStates } from '../domain/delivery.ts';
import { statuses } from '../domain/subscription.ts';
import type { MailCounts } from './mail-counts.ts';

export type Readiness = {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
};

/** Ready means: the database answers and there are papers to show. Sources are told, not required. */
export const checkReadiness = (db: Db, now: Date): Readiness => {
  const { papers, sample } = countCorpus(db);
  const sources = listSourceStates(db).map((state) => [
    `source ${state.source}`,
    state.error ?? `read at ${state.succeededAt?.toISOString()}`,
  ]);
  const batches = listBatches(db, now).map(({ source, day, verdict, detail }) => [
    `batch ${source}`,
    `${day} ${verdict}: ${detail}`,
  ]);
  return {
    ready: papers > 0,
    checks: {
      database: 'answers',
      papers: sample > 0 ? `${papers}, of which ${sample} from the bundled sample` : String(papers),
      ...Object.fromEntries([...sources, ...batches]),
    },
  };
};

/** What only the running process knows. */
export type ServiceState = { readonly mails: MailCounts; readonly onDuty: boolean };

/** The service's counts in Prometheus' text format. */
export const renderMetrics = (db: Db, now: Date, service?: ServiceState): string => {
  const corpus = countCorpus(db);
  const subscribers = countSubscribers(db);
  const deliveries = countDeliveries(db);
  return [
    ...gauge('paperboy_papers', 'Papers in the corpus.', [['', corpus.papers]]),
    ...gauge('paperboy_signals', 'Observations in the ledger of signals.', [['', corpus.signals]]),
    ...gauge(
      'paperboy_subscribers',
      'Readers by status.',
      statuses.map((status) => [`{status="${status}"}`, subscribers[status] ?? 0]),
    ),
    ...gauge(
      'paperboy_deliveries',
      'Mails in the ledger by state.',
      deliveryStates.map((state) => [`{state="${state}"}`, deliveries[state] ?? 0]),
    ),
    ...deliveryMetrics(db, now),
    ...(service ? serviceMetrics(service) : []),
    ...gauge(
      'paperboy_source_success_timestamp_seconds',
      'When a source was last read, in seconds since 1970.',
      listSourceStates(db).map((state) => [
        `{source="${state.source}"}`,
        (state.succeededAt?.getTime() ?? 0) / 1000,
      ]),
    ),
    ...gauge(
      'paperboy_source_failures',
      'Failures in a row of a source.',
      listSourceStates(db).map((state) => [`{source="${state.source}"}`, state.failures]),
    ),
    ...gauge(
      'paperboy_source_batch',
      "What a source's newest list is: 1 for the verdict that holds, 0 for the others.",
      listBatches(db, now).flatMap(({ source, verdict }) =>
        batchVerdicts.map(
          (name) => [`{source="${source}",verdict="${name}"}`, name === verdict ? 1 : 0] as const,
        ),
      ),
    ),
    ...gauge(
      'paperboy_source_requests_today',
      'Requests made to a service since midnight UTC.',
      listRequests(db, now.toISOString().slice(0, 10)).map(({ service, requests }) => [
        `{service="${service}"}`,
        requests,
      ]),
    ),
    '',
  ].join('\n');
};

const deliveryMetrics = (db: Db, now: Date): readonly string[] => {
  const dueAt = nextAttemptAt(db) ?? now.getTime();
  return [
    ...gauge('paperboy_queue_age_seconds', 'How long the mail that is most overdue has waited.', [
      ['', Math.max(0, now.getTime() - dueAt) / 1000],
    ]),
    ...gauge(
      'paperboy_way_shut_timestamp_seconds',
      'Until when nothing is sent to a mail server or domain that failed; open ones are not listed.',
      listShutWays(db).map(({ way, until }) => [`{way="${way}"}`, until.getTime() / 1000]),
    ),
  ];
};

const serviceMetrics = ({ mails, onDuty }: ServiceState): readonly string[] => [
  ...metric(
    'counter',
    'paperboy_mails_total',
    'Mails planned, and attempts by how they ended, since this process started.',
    Object.entries(mails.totals()).map(([outcome, count]) => [`{outcome="${outcome}"}`, count]),
  ),
  ...gauge('paperboy_mails_per_second', 'Mails sent a second, over the last minute.', [
    ['', mails.sentPerSecond()],
  ]),
  ...gauge('paperboy_on_duty', 'Whether this process plans and delivers, or stands by.', [
    ['', onDuty ? 1 : 0],
  ]),
];

type Values = readonly (readonly [labels: string, value: number])[];

const gauge = (name: string, help: string, values: Values): readonly string[] =>
  metric('gauge', name, help, values);

const metric = (
  type: 'gauge' | 'counter',
  name: string,
  help: string,
  values: Values,
): readonly string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
  ...values.map(([labels, value]) => `${name}${labels} ${value}`),
];
