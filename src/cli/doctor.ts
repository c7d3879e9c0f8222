import { existsSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DoctorDeps } from '../app/doctor/deps.ts';
import { type CheckName, checkNames, examine, isCheckName } from '../app/doctor.ts';
import { DatabaseError } from '../db/open.ts';
import { type Finding, finding } from '../domain/finding.ts';
import { createResolve } from '../lib/dns.ts';
import { fetchAnswer, HttpStatusError } from '../lib/http.ts';
import {
  type Command,
  type CommandContext,
  CommandFailure,
  noPositionals,
  parseCommand,
  textOption,
  UsageError,
} from './command.ts';
import { renderFindings, tellFaults } from './findings.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  usage: 'doctor [--only CHECK,…] [--json]',
  summary: 'checks settings, database, mail server, DNS, address and clock; says what to do',
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, {
      ...{ json: { type: 'boolean' }, only: { type: 'string' } },
      // Read by whoever opens the database.
      'read-only': { type: 'boolean' },
    });
    noPositionals(positionals);
    const findings = await examineAll(context, parseOnly(textOption(values, 'only')));
    context.print(renderFindings(findings, values['json'] === true));
    const told = tellFaults(findings);
    if (told !== undefined) throw new CommandFailure(told);
  },
};

/** A database that cannot be opened is a finding as well, and then the only one. */
const examineAll = async (
  context: CommandContext,
  only: readonly CheckName[],
): Promise<readonly Finding[]> => {
  try {
    context.openDb();
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const cure = 'do as the message says; nothing else was looked at';
    return [finding('fault', 'database.open', error.message, 'the service does not start', cure)];
  }
  return examine(doctorDeps(context), only);
};

const parseOnly = (text: string | undefined): readonly CheckName[] => {
  if (text === undefined) return checkNames;
  return text.split(',').map((each) => {
    const name = each.trim();
    if (isCheckName(name)) return name;
    throw new UsageError(`there is no check "${name}" (there are: ${checkNames.join(', ')})`);
  });
};

export const doctorDeps = (context: CommandContext): DoctorDeps => ({
  db: context.openDb(),
  config: context.config,
  clock: context.clock,
  secret: existingSecret(context),
  resolve: createResolve(),
  fetchHead,
  freeBytes: (folder) => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  },
});

const existingSecret = ({ config, secret }: CommandContext): string | undefined =>
  config.secret !== undefined || existsSync(join(dirname(config.databaseFile), 'secret'))
    ? secret()
    : undefined;

const fetchHead: DoctorDeps['fetchHead'] = async (url) => {
  try {
    return await fetchAnswer(url, {
      ...{ timeoutMs: 8_000, maxBytes: 1024 * 1024, userAgent: 'Paperboy doctor' },
    });
  } catch (error) {
    if (error instanceof HttpStatusError) return { status: error.status, headers: error.headers };
    throw error;
  }
};
