/** The operator's page: who may see it, and its report kept for a minute. */
import { readOperatingReport } from '../../app/operating-report.ts';
import type { CommandContext } from '../../cli/command.ts';
import { doctorDeps } from '../../cli/doctor.ts';
import { statusToken } from '../../cli/status-url.ts';
import type { OperatingReport } from '../../domain/operating-report.ts';
import { isSameToken } from '../../lib/token.ts';
import type { WebDeps } from '../../web/deps.ts';

const keptMs = 60_000;

export const createReport = (context: CommandContext, secret: string): WebDeps['report'] => {
  const own = statusToken(context.config, secret);
  let kept: { readonly at: number; readonly report: Promise<OperatingReport> } | undefined;
  return async (token) => {
    if (!isSameToken(token, own)) return undefined;
    const now = context.clock().getTime();
    if (!kept || Math.abs(now - kept.at) >= keptMs) {
      const report = readOperatingReport(doctorDeps(context));
      kept = { at: now, report };
      // What failed is asked anew.
      report.catch(() => {
        kept = undefined;
      });
    }
    return kept.report;
  };
};
