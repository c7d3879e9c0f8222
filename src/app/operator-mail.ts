/** The weekly mail to the operator: at most one a week, whatever happens in between. */
import { createHmac } from 'node:crypto';
import type { Db } from '../db/open.ts';
import { forgetWeekTold, isWeekTold, noteWeekTold } from '../db/operator-mails.ts';
import type { SendOutcome } from '../domain/delivery.ts';
import type { OperatingReport } from '../domain/operating-report.ts';
import { mondayOf, type WeekInWords, weekInWords } from '../domain/operator-week.ts';
import { escapeHtml } from '../lib/html.ts';
import { composeMessage } from '../mail/compose.ts';
import type { Transport } from '../mail/transport.ts';
import { hostIn, type MailKit } from './mail-kit.ts';
import { listId } from './preview-mail.ts';

export type OperatorMailDeps = {
  readonly db: Db;
  readonly kit: MailKit;
  readonly to: string;
  /** The address of the operator's page. */
  readonly pageUrl: string;
  readonly report: () => Promise<OperatingReport>;
  readonly transport: Transport;
};

/** Whether the week that begins with the last Monday (UTC) is still to be told. */
export const isOperatorMailDue = (db: Db, now: Date): boolean => !isWeekTold(db, mondayOf(now));

/**
 * Sends this week's mail. The week is noted durably just before the server may have the mail, and
 * the note taken back only when the server says that it has not: a mail in doubt is not sent again.
 */
export const sendOperatorMail = async (deps: OperatorMailDeps, now: Date): Promise<SendOutcome> => {
  const { db, kit, to, transport } = deps;
  const monday = mondayOf(now);
  const key = `operator-${monday}`;
  const bytes = await compose(deps, weekInWords(await deps.report(), monday), { key, now });
  const mail = { key, envelope: { from: kit.returnPath, to }, bytes };
  let noted = false;
  const outcome = await transport.send(mail, () => {
    noted = noteWeekTold(db, monday, now);
    if (!noted) throw new Error(`the mail of the week of ${monday} is out already`);
  });
  if (outcome.kind === 'deferred' && noted) forgetWeekTold(db, monday);
  // Refused for good: to ask each hour would not change it, to ask next week may.
  if (outcome.kind === 'rejected') noteWeekTold(db, monday, now);
  return outcome;
};

const compose = (
  { kit, to, pageUrl }: OperatorMailDeps,
  week: WeekInWords,
  { key, now }: { readonly key: string; readonly now: Date },
): Promise<Buffer> => {
  const hash = createHmac('sha256', kit.secret).update(`message-id\0${key}`).digest('hex');
  return composeMessage(
    {
      ...{ kind: 'notice', from: kit.from, to, returnPath: kit.returnPath, date: now },
      ...{ subject: week.subject, listId: listId(kit.baseUrl) },
      messageId: `${hash.slice(0, 32)}@${kit.from.address.split('@')[1] ?? 'localhost'}`,
      feedbackId: `operator:paperboy:${hostIn(kit.baseUrl)}`,
      text: toText(week, pageUrl),
      html: toHtml(week, pageUrl),
    },
    kit.dkim,
  );
};

const toText = ({ sections }: WeekInWords, pageUrl: string): string =>
  [
    ...sections.map(({ heading, lines }) =>
      [heading.toUpperCase(), ...lines.map((line) => `- ${line}`)].join('\n'),
    ),
    `All of it, day by day: ${pageUrl}\nWho has this address may see the page.`,
  ].join('\n\n');

const toHtml = ({ subject, sections }: WeekInWords, pageUrl: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title></head>
<body style="font-family:Georgia,serif;font-size:16px;line-height:1.5;max-width:40em">
<h1 style="font-size:24px">${escapeHtml(subject)}</h1>
${sections
  .map(
    ({ heading, lines }) =>
      `<h2 style="font-size:18px">${escapeHtml(heading)}</h2>\n<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('\n')}</ul>`,
  )
  .join('\n')}
<p><a href="${escapeHtml(pageUrl)}">All of it, day by day</a>. Who has this address may see the page.</p>
</body></html>`;
