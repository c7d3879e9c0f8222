/** The operator's week in words: what the weekly mail says. */
import { deliveryStates } from './delivery.ts';
import {
  type Counts,
  type DayTotal,
  dayOf,
  type OperatingReport,
  sumOf,
} from './operating-report.ts';
import type { Day } from './paper.ts';
import { statuses } from './subscription.ts';

const dayMs = 86_400_000;

/** The Monday (UTC) on or before a moment. */
export const mondayOf = (at: Date): Day =>
  dayOf(new Date(at.getTime() - ((at.getUTCDay() + 6) % 7) * dayMs));

const daysBefore = (day: Day, count: number): Day =>
  dayOf(new Date(Date.parse(`${day}T00:00:00Z`) - count * dayMs));

export type WeekInWords = {
  readonly subject: string;
  readonly sections: readonly { readonly heading: string; readonly lines: readonly string[] }[];
};

const number = new Intl.NumberFormat('en-US');
const count = (value: number, one: string, many = `${one}s`): string =>
  `${number.format(value)} ${value === 1 ? one : many}`;

const listed = <K extends string>(names: readonly K[], counts: Counts<K>): string =>
  names
    .filter((name) => counts[name])
    .map((name) => `${number.format(counts[name] ?? 0)} ${name}`)
    .join(', ') || 'none';

/** The week that ended when `monday` began; the queue, sources and findings are of the moment. */
export const weekInWords = (report: OperatingReport, monday: Day): WeekInWords => {
  const [first, last] = [daysBefore(monday, 7), daysBefore(monday, 1)];
  const days = report.mailDays.filter(({ day }) => day >= first && day <= last);
  const mails = sumOf(days.map((day) => day.mails));
  const back = sumOf(days.map(({ bounces }) => bounces));
  const ailing = report.findings.filter(({ level }) => level === 'fault' || level === 'warning');
  const readers = grown(report.readersByDay, first, last);
  return {
    subject: `Paperboy, ${first} to ${last}: ${count(readers.total, 'reader')}, ${count(mails.sent ?? 0, 'mail')}`,
    sections: [
      {
        heading: 'Readers',
        lines: [
          `${count(readers.total, 'reader')} on the evening of ${last}, ${changed(readers.change)}.`,
          `Now: ${listed(statuses, report.readers)}. Never mailed again: ${count(report.suppressed, 'address', 'addresses')}.`,
        ],
      },
      {
        heading: 'Mails',
        lines: [
          `Of those planned in the week: ${listed(deliveryStates, mails)}.`,
          `Came back: ${listed(['hard', 'soft', 'complaint', 'opt-out'], back)}.`,
          ...queueLines(report),
        ],
      },
      { heading: 'Papers and editions', lines: paperLines(report, first, last) },
      { heading: 'Sources', lines: sourceLines(report) },
      {
        heading: 'What ails',
        lines:
          ailing.length === 0
            ? ['Nothing that the doctor would see.']
            : ailing.map((found) => `${found.level}: ${found.what}. ${found.do}.`),
      },
    ],
  };
};

const totalOn = (totals: readonly DayTotal[], day: Day): number =>
  totals.find((each) => each.day === day)?.total ?? 0;

/** A total at the end of the last day, and what it gained since the eve of the first. */
const grown = (totals: readonly DayTotal[], first: Day, last: Day) => {
  const total = totalOn(totals, last);
  return { total, change: total - totalOn(totals, daysBefore(first, 1)) };
};

const changed = (change: number): string => {
  if (change === 0) return 'as many as a week before';
  return `${number.format(Math.abs(change))} ${change > 0 ? 'more' : 'fewer'} than a week before`;
};

const queueLines = ({ queue }: OperatingReport): readonly string[] => [
  queue.waiting === 0
    ? 'No mail waits.'
    : `${count(queue.waiting, 'mail')} waiting, the oldest for ${count(Math.round(queue.oldestMs / 60_000), 'minute')}.`,
  ...queue.shut.map(
    ({ way, until, reason }) =>
      `Shut until ${until.toISOString().slice(0, 16)}Z: ${way} (${reason}).`,
  ),
];

const paperLines = (report: OperatingReport, first: Day, last: Day): readonly string[] => {
  const papers = grown(report.papersByDay, first, last);
  const editions = report.editions.filter(({ date }) => date >= first && date <= last);
  return [
    `${count(papers.total, 'paper')}, ${changed(papers.change)}.`,
    `${count(editions.length, 'edition')} in the week.`,
  ];
};

const sourceLines = ({ sources }: OperatingReport): readonly string[] =>
  sources.length === 0
    ? ['None has been asked.']
    : sources.map(({ source, succeededAt, failures, error, batch }) =>
        [
          `${source}: read ${succeededAt ? `${succeededAt.toISOString().slice(0, 16)}Z` : 'never'}`,
          ...(failures > 0 ? [`failed ${count(failures, 'time')} since (${error ?? ''})`] : []),
          ...(batch ? [`list of ${batch.day} ${batch.verdict}: ${batch.detail}`] : []),
        ].join('; '),
      );
