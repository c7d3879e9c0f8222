/** The doctor: every check there is, and what it found. */
import { byLevel, type Finding, finding } from '../domain/finding.ts';
import { checkDatabase, checkDisk } from './doctor/database.ts';
import type { Check, DoctorDeps } from './doctor/deps.ts';
import { checkRecords } from './doctor/dns.ts';
import { checkFiles, checkOutbox, checkSettings, checkTemplates } from './doctor/settings.ts';
import { checkSmtp } from './doctor/smtp.ts';
import { checkState } from './doctor/state.ts';
import { checkBaseUrl, checkClock } from './doctor/web.ts';

/** Each check by its name, as `doctor --only` takes it. */
const checks = {
  settings: checkSettings,
  files: checkFiles,
  outbox: checkOutbox,
  disk: checkDisk,
  state: checkState,
  templates: checkTemplates,
  database: checkDatabase,
  smtp: checkSmtp,
  records: checkRecords,
  'base-url': checkBaseUrl,
  clock: checkClock,
} satisfies Readonly<Record<string, Check>>;

export type CheckName = keyof typeof checks;

export const checkNames = Object.keys(checks) as readonly CheckName[];

export const isCheckName = (name: string): name is CheckName => Object.hasOwn(checks, name);

/** Those that take milliseconds and ask nobody. */
export const quickChecks: readonly CheckName[] = ['settings', 'files', 'outbox', 'disk', 'state'];

/** Those that read the whole database or every template, and still ask nobody. */
export const longChecks: readonly CheckName[] = ['templates', 'database'];

/** Those that ask the network, and may wait for its answers. */
export const networkChecks: readonly CheckName[] = ['smtp', 'records', 'base-url', 'clock'];

/** What the checks find, the worst first. */
export const examine = async (
  deps: DoctorDeps,
  only: readonly CheckName[] = checkNames,
): Promise<readonly Finding[]> => {
  const found = await Promise.all(only.map((name) => soundly(name, checks[name], deps)));
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
