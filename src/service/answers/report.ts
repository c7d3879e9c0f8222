/** The operator's page: who may see it, its report kept for a minute, and the doctor's last look. */
import type { Checkup } from '../../app/checkup.ts';
import { readOperatingReport, withFindings } from '../../app/operating-report.ts';
import type { CommandContext } from '../../cli/command.ts';
import { doctorDeps } from '../../cli/doctor.ts';
import { statusToken } from '../../cli/status-url.ts';
import type { OperatingReport } from '../../domain/operating-report.ts';
import { isSameText } from '../../lib/token.ts';
import type { WebDeps } from '../../web/deps.ts';

const keptMs = 60_000;

/** Without a checkup only what is quick is told of. */
export const createReport = (
  context: CommandContext,
  secret: string,
  checkup?: Checkup,
): Pick<WebDeps, 'report' | 'askDoctor'> => {
  const isOurs = (token: string) => isSameText(token, statusToken(context.config, secret));
  let kept: { readonly at: number; readonly report: Promise<OperatingReport> } | undefined;
  const readKept = (): Promise<OperatingReport> => {
    const now = context.clock().getTime();
    if (kept && Math.abs(now - kept.at) < keptMs) return kept.report;
    const report = readOperatingReport(doctorDeps(context));
    kept = { at: now, report };
    // What failed is asked anew.
    report.catch(() => {
      kept = undefined;
    });
    return report;
  };
  return {
    report: async (token) => {
      if (!isOurs(token)) return undefined;
      const report = await readKept();
      if (!checkup) return { report };
      const { findings, ...look } = checkup.look();
      return {
        report: withFindings(report, findings),
        look: { ...look, network: context.config.mail.smtpUrl !== undefined },
      };
    },
    askDoctor: (token) => {
      if (!isOurs(token)) return false;
      kept = undefined;
      void checkup?.renew();
      return true;
    },
  };
};
