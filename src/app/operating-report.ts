/** The operator's report, read from the service's own books. */
import { listEditionDays } from '../db/editions.ts';
import {
  countBouncesByDay,
  countMailsByDay,
  type Growth,
  paperGrowth,
  readerGrowth,
} from '../db/growth.ts';
import { oldestWaiting } from '../db/health.ts';
import type { Db } from '../db/open.ts';
import { listShutWays } from '../db/shut-ways.ts';
import { listBatches } from '../db/source-batches.ts';
import { listSourceStates } from '../db/source-states.ts';
import { countSubscribers } from '../db/subscribers.ts';
import { countSuppressions } from '../db/suppressions.ts';
import { byLevel, type Finding } from '../domain/finding.ts';
import {
  type DayTotal,
  lastDays,
  type MailDay,
  type OperatingReport,
  type SourceReport,
  totalsOver,
  withoutAddresses,
} from '../domain/operating-report.ts';
import type { DoctorDeps } from './doctor/deps.ts';
import { examine, quickChecks } from './doctor.ts';

/** Days of mails and editions told of. */
const mailDaysTold = 14;
/** Days of growth told of. */
const growthDays = 90;

/** Reads the report. It goes over every reader and paper, so keep it for a minute. */
export const readOperatingReport = async (deps: DoctorDeps): Promise<OperatingReport> => {
  const { db } = deps;
  const now = deps.clock();
  const findings = await examine(deps, quickChecks);
  return {
    at: now,
    sources: sourcesOf(db, now),
    editions: listEditionDays(db, mailDaysTold),
    mailDays: mailDaysOf(db, now),
    queue: queueOf(db, now),
    readers: countSubscribers(db),
    suppressed: Object.values(countSuppressions(db)).reduce((sum, count) => sum + count, 0),
    readersByDay: growth(now, (from) => readerGrowth(db, from)),
    papersByDay: growth(now, (from) => paperGrowth(db, from)),
    findings: findings.map(tellable),
  };
};

/** The report with what else the doctor found. */
export const withFindings = (
  report: OperatingReport,
  found: readonly Finding[],
): OperatingReport => ({
  ...report,
  findings: byLevel([...report.findings, ...found.map(tellable)]),
});

// Servers quote the addresses they refuse.
const tellable = (found: Finding): Finding => ({ ...found, what: withoutAddresses(found.what) });

const sourcesOf = (db: Db, now: Date): readonly SourceReport[] => {
  const batches = listBatches(db, now);
  return listSourceStates(db).map(({ source, succeededAt, failures, error }) => {
    const batch = batches.find((each) => each.source === source);
    return {
      ...{ source, failures },
      ...(succeededAt && { succeededAt }),
      ...(error !== undefined && { error: withoutAddresses(error) }),
      ...(batch && { batch }),
    };
  });
};

const startOf = (day: string | undefined): Date => new Date(`${day}T00:00:00Z`);

const mailDaysOf = (db: Db, now: Date): readonly MailDay[] => {
  const days = lastDays(now, mailDaysTold);
  const from = startOf(days[0]);
  const mails = countMailsByDay(db, from);
  const bounces = countBouncesByDay(db, from);
  return days.map((day) => ({
    day,
    mails: Object.fromEntries(
      mails.filter((row) => row.day === day).map(({ state, count }) => [state, count]),
    ),
    bounces: Object.fromEntries(
      bounces.filter((row) => row.day === day).map(({ verdict, count }) => [verdict, count]),
    ),
  }));
};

const queueOf = (db: Db, now: Date): OperatingReport['queue'] => {
  const waiting = oldestWaiting(db);
  return {
    waiting: waiting?.count ?? 0,
    oldestMs: waiting ? Math.max(0, now.getTime() - waiting.since.getTime()) : 0,
    shut: listShutWays(db).map(({ way, since, until, reason }) => ({
      ...{ way, since, until },
      reason: withoutAddresses(reason),
    })),
  };
};

const growth = (now: Date, read: (from: Date) => Growth): readonly DayTotal[] => {
  const days = lastDays(now, growthDays);
  const { before, changes } = read(startOf(days[0]));
  return totalsOver(days, before, changes);
};
