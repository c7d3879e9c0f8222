/** The doctor as the service asks it: what is quick at once, the rest in a process of its own. */
import { type Checkup, createCheckup } from '../app/checkup.ts';
import { examine, longChecks, networkChecks, quickChecks } from '../app/doctor.ts';
import type { CommandContext } from '../cli/command.ts';
import { doctorDeps } from '../cli/doctor.ts';
import type { Finding } from '../domain/finding.ts';
import { runOwnCommand } from './own-command.ts';

/** Longer than the doctor's own time-outs take together. */
const mostMs = 3 * 60_000;

/**
 * The slow checks, each time by a `paperboy doctor` of its own. Without a mail server this is
 * somebody trying it out, whose network is nobody's business.
 */
export const openCheckup = ({ config, clock, signal }: CommandContext): Checkup => {
  const network = config.mail.smtpUrl === undefined ? [] : networkChecks;
  const only = [...longChecks, ...network].join(',');
  const mode = config.readOnly ? ['--read-only'] : [];
  return createCheckup(clock, async () => {
    const args = ['doctor', '--json', '--only', only, ...mode];
    const { stdout, stderr } = await runOwnCommand(args, { signal, timeoutMs: mostMs });
    if (stdout === '') throw new Error(stderr.trim() || 'it said nothing');
    return JSON.parse(stdout) as Finding[];
  });
};

/** Beside the work, once: what an operator should know is better told than asked for. */
export const sayWhatAils = async (context: CommandContext, checkup: Checkup): Promise<void> => {
  const quick = await examine(doctorDeps(context), quickChecks);
  const slow = await checkup.renew();
  if (context.signal.aborted) return;
  for (const { level, id, what, do: cure } of [...quick, ...slow]) {
    if (level === 'fault') context.log.error({ id, do: cure }, `doctor: ${what}`);
    if (level === 'warning') context.log.warn({ id, do: cure }, `doctor: ${what}`);
  }
};
