/** The doctor: every check there is, and what it found. */
import { byLevel, type Finding, finding } from '../domain/finding.ts';
import { checkDatabase } from './doctor/database.ts';
import type { Check, DoctorDeps } from './doctor/deps.ts';
import { checkRecords } from './doctor/dns.ts';
import { checkFiles, checkOutbox, checkSettings, checkTemplates } from './doctor/settings.ts';
import { checkSmtp } from './doctor/smtp.ts';
import { checkState } from './doctor/state.ts';
import { checkBaseUrl, checkClock } from './doctor/web.ts';

const local: Readonly<Record<string, Check>> = {
  settings: checkSettings,
  files: checkFiles,
  outbox: checkOutbox,
  templates: checkTemplates,
  database: checkDatabase,
  state: checkState,
};

const abroad: Readonly<Record<string, Check>> = {
  smtp: checkSmtp,
  records: checkRecords,
  'base-url': checkBaseUrl,
  clock: checkClock,
};

/** Everything found, the worst first. `scope` `local` asks nothing of the network. */
export const examine = async (
  deps: DoctorDeps,
  scope: 'all' | 'local' = 'all',
): Promise<readonly Finding[]> => {
  const checks = Object.entries(scope === 'all' ? { ...local, ...abroad } : local);
  const found = await Promise.all(checks.map(([name, check]) => soundly(name, check, deps)));
  return byLevel(found.flat());
};

// A check that fails itself has found something, too, and must not hide what the others find.
const soundly = async (
  name: string,
  check: Check,
  deps: DoctorDeps,
): Promise<readonly Finding[]> => {
  try {
    return await check(deps);
  } catch (error) {
    return [
      finding(
        'fault',
        `${name}.failed`,
        `the check of ${name} failed: ${error instanceof Error ? error.message : error}`,
        'it is not known whether all is well there',
        'read the message; if it makes no sense, report it',
      ),
    ];
  }
};
