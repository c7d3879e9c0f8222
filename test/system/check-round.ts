/**
 * Holds a round of digests against what ought to have happened:
 * `check-round.ts READERS.csv AS-OF REPORT.json MAILS.jsonl [EARLIER-MAILS.jsonl]`. Who is due is
 * worked out here a second time, from the CSV and the zones alone. Prints what is wrong, or a line
 * of counts.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { linkedPapers, type ReadMail, readKeptMails } from './kept-mail.ts';

const [csv = '', asOf = '', reportFile = '', mailFile = '', earlierFile] = process.argv.slice(2);

type Row = Readonly<Record<'email' | 'frequency' | 'hour' | 'timezone' | 'status', string>>;
type Report = Readonly<Record<'due' | 'sent' | 'deferred' | 'failed' | 'unknown', number>> & {
  readonly skipped: Readonly<Record<string, number>>;
};

const isDue = ({ frequency, hour, timezone, status }: Row): boolean => {
  const at = new Date(asOf);
  const read = (options: Intl.DateTimeFormatOptions): string =>
    at.toLocaleString('en-GB', { timeZone: timezone, ...options });
  const weekday = read({ weekday: 'short' }).toLowerCase();
  const today =
    frequency === 'daily' ||
    (frequency === 'weekdays' && weekday !== 'sat' && weekday !== 'sun') ||
    frequency === `weekly:${weekday}`;
  return status === 'active' && today && Number(read({ hour: '2-digit' })) >= Number(hour);
};

const problems: string[] = [];
const hold = (truth: boolean, otherwise: string): void => {
  if (!truth) problems.push(otherwise);
};

const oneEach = ['date', 'from', 'to', 'subject', 'message-id', 'mime-version', 'list-id'];
const others = [
  'list-unsubscribe',
  'list-unsubscribe-post',
  'auto-submitted',
  'precedence',
  'feedback-id',
];

const checkMail = ({ to, bytes, parsed, papers }: ReadMail): void => {
  for (const name of [...oneEach, ...others]) {
    const found = parsed.headerLines.filter(({ key }) => key === name).length;
    hold(found === 1, `${to}: ${found} headers ${name}`);
  }
  const line = (name: string): string =>
    parsed.headerLines.find(({ key }) => key === name)?.line.replace(/\s+/g, ' ') ?? '';
  hold(
    /<https?:[^>]+>, ?<mailto:[^>]+>$/.test(line('list-unsubscribe')),
    `${to}: List-Unsubscribe`,
  );
  hold(line('list-unsubscribe-post').endsWith(': List-Unsubscribe=One-Click'), `${to}: one-click`);
  const text = bytes.toString('latin1');
  hold(/^[\t\r\n -~]*$/.test(text), `${to}: an undeclared octet`);
  hold(!/[\r\n]/.test(text.replaceAll('\r\n', '')), `${to}: a line not ended by CRLF`);
  hold(!/[^\r\n]{999}/.test(text), `${to}: a line of more than 998 octets`);
  const html = parsed.html || '';
  hold(Buffer.byteLength(html) < 90_000, `${to}: HTML of ${Buffer.byteLength(html)} bytes`);
  hold(papers.length > 0 && papers.length <= 10, `${to}: ${papers.length} papers`);
  hold(linkedPapers(html).join() === papers.join(), `${to}: text and HTML differ`);
};

const due = new Set(
  (parse(readFileSync(csv, 'utf8'), { columns: true }) as Row[])
    .filter(isDue)
    .map((row) => row.email),
);
const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
const mails = await readKeptMails(mailFile);
const skipped = Object.values(report.skipped).reduce((sum, count) => sum + count, 0);

hold(report.due === due.size, `${report.due} were due, not ${due.size}`);
hold(report.sent + skipped === due.size, `${report.sent} sent and ${skipped} skipped`);
hold(report.sent === mails.length, `${report.sent} sent, and ${mails.length} arrived`);
hold(
  report.deferred + report.failed + report.unknown === 0,
  `not all well: ${JSON.stringify(report)}`,
);
hold(new Set(mails.map(({ to }) => to)).size === mails.length, 'somebody got two mails');
hold(
  new Set(mails.map(({ parsed }) => parsed.messageId)).size === mails.length,
  'a Message-ID twice',
);
for (const { to } of mails) hold(due.has(to), `${to} was not due`);
for (const mail of mails) checkMail(mail);

if (earlierFile !== undefined) {
  const before = new Map((await readKeptMails(earlierFile)).map(({ to, papers }) => [to, papers]));
  const both = mails.filter(({ to }) => before.has(to));
  hold(both.length > 0, 'nobody got a mail on both days');
  for (const { to, papers } of both)
    for (const id of papers) hold(!before.get(to)?.includes(id), `${to} was sent ${id} twice`);
}

const papers = new Set(mails.flatMap((mail) => mail.papers)).size;
const counts = `${due.size} due, ${mails.length} mails of ${papers} different papers, ${skipped} skipped`;
process.stdout.write(problems.length > 0 ? `${problems.slice(0, 20).join('\n')}\n` : `${counts}\n`);
process.exitCode = problems.length > 0 || mails.length === 0 ? 1 : 0;
