/** The operator's weekly mail: a real database, a real mail server, and a clock of our own. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isOperatorMailDue, sendOperatorMail } from '../../../src/app/operator-mail.ts';
import { parseConfig } from '../../../src/config.ts';
import type { Db } from '../../../src/db/open.ts';
import { isWeekTold } from '../../../src/db/operator-mails.ts';
import { mondayOf, weekInWords } from '../../../src/domain/operator-week.ts';
import type { Transport } from '../../../src/mail/transport.ts';
import { operatorJobs } from '../../../src/service/jobs/operator.ts';
import { mailKit, openPostOffice } from '../../app/post.ts';
import { connect, newDbFile } from '../../db/temp-db.ts';
import { silentLog } from '../../invent.ts';
import { inventReport } from '../../web/invented-report.ts';

const running = new AbortController().signal;
const to = 'operator@papers.example';

let db: Db;
let outbox: string;
beforeEach(() => {
  db = connect(newDbFile());
  outbox = mkdtempSync(join(tmpdir(), 'paperboy-operator-'));
});
afterEach(() => rmSync(outbox, { recursive: true }));

/** The job of a service that has just started. */
const startedJob = async (clock: () => Date, env: Readonly<Record<string, string>> = {}) => {
  const parsed = parseConfig({ OUTBOX_DIR: outbox, OPERATOR_EMAIL: to, ...env });
  if (parsed.kind !== 'ok') throw new Error(parsed.problems.join());
  const context = { config: parsed.config, clock, log: silentLog, openDb: () => db };
  const [job] = operatorJobs({ ...context, secret: () => 'x' } as never, await mailKit());
  return job;
};

const words = (at: Date) => weekInWords(inventReport(at), mondayOf(at));

describe('the week in words', () => {
  it('is the seven days before Monday, whatever day of the week it is told on', () => {
    expect(mondayOf(new Date('2026-03-23T00:00:00Z'))).toBe('2026-03-23');
    expect(mondayOf(new Date('2026-03-22T23:59:59Z'))).toBe('2026-03-16');
    const { subject, sections } = words(new Date('2026-03-29T12:00:00Z'));
    // The invented report has 1,900 + 17n a day, 1,400 fewer on two days of seven, 10 new readers a day.
    const sent = [0, 1, 2, 3, 4, 5, 6].reduce((sum, n) => sum + 1_900 + 17 * n, 0) - 2 * 1_400;
    expect(subject).toBe(
      `Paperboy, 2026-03-16 to 2026-03-22: 2,020 readers, ${sent.toLocaleString('en-US')} mails`,
    );
    const text = sections.flatMap(({ lines }) => lines).join('\n');
    expect(text).toContain(
      '2,020 readers on the evening of 2026-03-22, 70 more than a week before',
    );
    expect(text).toContain('1,960 more than a week before');
    expect(text).toContain('Came back: 3 hard, 21 soft.');
    expect(text).toContain('huggingface: read 2026-03-28T12:00Z; failed 2 times since (HTTP 503');
    expect(text).toContain('warning: the source huggingface was last read 27 hours ago');
  });
});

describe('the weekly mail', () => {
  it('goes once a week, across restarts, and on a later day when Monday was missed', async () => {
    let now = new Date('2026-03-23T00:00:00Z');
    const clock = () => now;
    const tick = async (instant: string, job?: Awaited<ReturnType<typeof startedJob>>) => {
      now = new Date(instant);
      await (job ?? (await startedJob(clock)))?.run(running);
      return readdirSync(outbox).toSorted();
    };
    const job = await startedJob(clock);
    const first = ['operator-2026-03-23.eml'];
    expect(await tick('2026-03-23T00:00:00Z', job)).toEqual(first);
    rmSync(join(outbox, 'operator-2026-03-23.eml'));
    expect(await tick('2026-03-23T00:01:00Z', job)).toEqual([]);
    expect(await tick('2026-03-23T09:00:00Z')).toEqual([]);
    expect(await tick('2026-03-29T23:59:00Z', job)).toEqual([]);
    expect(await tick('2026-04-01T10:00:00Z')).toEqual(['operator-2026-03-30.eml']);
    const mail = await simpleParser(readFileSync(join(outbox, 'operator-2026-03-30.eml')));
    expect(mail).toMatchObject({
      to: { text: to },
      subject: 'Paperboy, 2026-03-23 to 2026-03-29: 0 readers, 0 mails',
      text: expect.stringMatching(/READERS\n- 0 readers .*\/status\/[\w-]{43}\n/s),
      html: expect.stringContaining('<h2 style="font-size:18px">Sources</h2>'),
    });
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('is no job where no address is set', async () => {
    expect(await startedJob(() => new Date(), { OPERATOR_EMAIL: '' })).toBeUndefined();
  });

  it('waits for a server that says later, and goes out when it is taken', async () => {
    const at = new Date('2026-03-24T08:00:00Z');
    let code = 450;
    const office = await openPostOffice(() => (code > 0 ? { code, text: 'not now' } : undefined));
    const transport = office.transport();
    const deps = { db, kit: await mailKit(), to, pageUrl: 'https://papers.example/status/x' };
    const send = () =>
      sendOperatorMail({ ...deps, transport, report: async () => inventReport(at) }, at);
    expect(await send()).toMatchObject({ kind: 'deferred' });
    expect(isWeekTold(db, '2026-03-23')).toBe(false);
    code = 0;
    expect(await send()).toMatchObject({ kind: 'sent' });
    expect(isWeekTold(db, '2026-03-23')).toBe(true);
    await expect(send()).rejects.toThrow('the mail of the week of 2026-03-23 is out already');
    expect(office.letters.map((letter) => letter.to)).toEqual([to]);
    await transport.close();
  });

  it('is not sent again when the answer of the server is lost', async () => {
    const at = new Date('2026-03-24T08:00:00Z');
    const transport: Transport = {
      describe: 'a server that hangs up after the end of the message',
      send: async (_mail, beforeFinalDot) => {
        await beforeFinalDot();
        return { kind: 'unknown', reason: 'no answer to the whole message' };
      },
      close: async () => undefined,
    };
    const deps = { db, kit: await mailKit(), to, pageUrl: 'https://papers.example/status/x' };
    const report = async () => inventReport(at);
    expect(await sendOperatorMail({ ...deps, transport, report }, at)).toMatchObject({
      kind: 'unknown',
    });
    expect(isOperatorMailDue(db, at)).toBe(false);
  });
});
