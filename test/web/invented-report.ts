/** An operator's report as a service of some months would give it. */
import { lastDays, type OperatingReport } from '../../src/domain/operating-report.ts';

export const inventReport = (at: Date): OperatingReport => ({
  at,
  sources: [
    {
      ...{ source: 'arxiv', succeededAt: at, failures: 0 },
      batch: {
        ...{ day: '2026-03-20', verdict: 'new', papers: 812, fresh: 790 },
        detail: '812 papers, 790 of them new',
      },
    },
    {
      ...{ source: 'huggingface', succeededAt: new Date(at.getTime() - 86_400_000), failures: 2 },
      error: 'HTTP 503 Service Unavailable',
    },
  ],
  editions: lastDays(at, 5)
    .toReversed()
    .map((date) => ({ date, publishedAt: new Date(`${date}T06:10:00Z`), papers: 143 })),
  mailDays: lastDays(at, 14).map((day, index) => ({
    day,
    mails: {
      sent: 1_900 + index * 17 - (index % 7 > 4 ? 1_400 : 0),
      failed: index % 3,
      deferred: 2,
    },
    bounces: { hard: index % 2, soft: 3 },
  })),
  queue: {
    ...{ waiting: 12, oldestMs: 4_000_000 },
    shut: [
      {
        ...{ way: 'slow.example', since: at, until: new Date(at.getTime() + 600_000) },
        reason: '451 4.7.1 too many from you, try later',
      },
    ],
  },
  readers: { active: 2_104, paused: 31, unconfirmed: 55, unsubscribed: 240 },
  suppressed: 18,
  readersByDay: lastDays(at, 90).map((day, index) => ({ day, total: 1_200 + index * 10 })),
  papersByDay: lastDays(at, 90).map((day, index) => ({ day, total: 31_000 + index * 280 })),
  findings: [
    {
      ...{ level: 'warning', what: 'the source huggingface was last read 27 hours ago' },
      do: 'see what "paperboy ingest huggingface" says',
    },
  ],
});
