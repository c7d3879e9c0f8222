/** The service's weekly word to its operator. */
import type { Checkup } from '../../app/checkup.ts';
import type { MailKit } from '../../app/mail-kit.ts';
import { readOperatingReport, withFindings } from '../../app/operating-report.ts';
import { isOperatorMailDue, sendOperatorMail } from '../../app/operator-mail.ts';
import type { CommandContext } from '../../cli/command.ts';
import { doctorDeps } from '../../cli/doctor.ts';
import { statusUrl } from '../../cli/status-url.ts';
import { makeTransport } from '../../cli/wiring.ts';
import { withoutAddresses } from '../../domain/operating-report.ts';
import type { Job } from '../schedule.ts';

/** A server that is away is asked again after this time. */
const againAfterMs = 60 * 60_000;

/** Mails `OPERATOR_EMAIL` once a week, from Monday 00:00 UTC on; no job where that is unset. */
export const operatorJobs = (
  context: CommandContext,
  kit: MailKit,
  checkup?: Checkup,
): readonly Job[] => {
  const { config, clock, log } = context;
  const to = config.operatorEmail;
  if (to === undefined) return [];
  const db = context.openDb();
  const pageUrl = statusUrl(config, kit.secret);
  const report = async () =>
    withFindings(await readOperatingReport(doctorDeps(context)), checkup?.look().findings ?? []);
  let triedAt = Number.NEGATIVE_INFINITY;
  const run: Job['run'] = async () => {
    const now = clock();
    if (now.getTime() - triedAt < againAfterMs || !isOperatorMailDue(db, now)) return;
    triedAt = now.getTime();
    const transport = makeTransport(context, 1);
    try {
      const outcome = await sendOperatorMail({ db, kit, to, pageUrl, report, transport }, now);
      if (outcome.kind === 'sent') log.info({}, 'the operator has the report of the week');
      else
        log.warn(
          { outcome: outcome.kind, reason: withoutAddresses(outcome.reason) },
          'the report of the week did not reach the operator',
        );
    } finally {
      await transport.close();
    }
  };
  return [{ name: 'operator', run }];
};
