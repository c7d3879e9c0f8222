/** The doctor as the service asks it: what is quick at once, the rest in a process of its own. */
import { setTimeout as sleep } from 'node:timers/promises';
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

/** The first seconds of a service are for its first pages; another process would take half of them. */
const startQuietMs = 15_000;

/** Beside the work, once: what an operator should know is better told than asked for. */
export const sayWhatAils = async (context: CommandContext, checkup: Checkup): Promise<void> => {
  const { signal, log } = context;
  say(log, await examine(doctorDeps(context), quickChecks));
  await sleep(startQuietMs, undefined, { signal }).catch(() => undefined);
  if (signal.aborted) return;
  const slow = await checkup.renew();
  // A look that was broken off by the service's own end has found nothing.
  if (!signal.aborted) say(log, slow);
};

const say = (log: CommandContext['log'], findings: readonly Finding[]): void => {
  for (const { level, id, what, do: cure } of findings) {
    if (level === 'fault') log.error({ id, do: cure }, `doctor: ${what}`);
    if (level === 'warning') log.warn({ id, do: cure }, `doctor: ${what}`);
  }
};
