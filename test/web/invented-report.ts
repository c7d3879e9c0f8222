/** An operator's report as a service of some months would give it. */
import {
  lastDays,
  type OperatingReport,
  type SlowLook,
} from '../../src/domain/operating-report.ts';

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
      ...{ id: 'dkim.record', level: 'fault', what: 'there is no DKIM record at p1.example.org' },
      why: 'receivers cannot check the signature, and refuse the mail or file it as spam',
      do: 'publish TXT p1._domainkey.example.org with v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1',
    },
    {
      ...{ id: 'sources.stale', level: 'warning' },
      what: 'the source huggingface was last read 27 hours ago',
      why: 'what trends is ranked by what was known then',
      do: 'see what "paperboy ingest huggingface" says',
    },
    {
      ...{
        id: 'settings.open-port',
        level: 'note',
        what: 'TRUST_PROXY is true and HOST is 0.0.0.0',
      },
      why: 'whoever reaches this port directly can say they are anybody',
      do: 'let only the proxy reach the port, or set HOST=127.0.0.1',
    },
    { id: 'disk', level: 'ok', what: '52,000 MB are free', why: '', do: '' },
    { id: 'queue', level: 'ok', what: 'no mail waits long', why: '', do: '' },
  ],
});

/** The doctor looked an hour before. */
export const inventLook = (at: Date): SlowLook => ({
  at: new Date(at.getTime() - 3_600_000),
  running: false,
  network: true,
});
