import { existsSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DoctorDeps } from '../app/doctor/deps.ts';
import { examine } from '../app/doctor.ts';
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
  printJson,
} from './command.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  usage: 'doctor [--json]',
  summary: 'checks settings, database, mail server, DNS, address and clock; says what to do',
  run: async (context, args) => {
    const { values, positionals } = parseCommand(args, { json: { type: 'boolean' } });
    noPositionals(positionals);
    const findings = await examineAll(context);
    if (values['json'] === true) printJson(context, findings);
    else for (const each of findings) context.print(render(each));
    const faults = findings.filter(({ level }) => level === 'fault').length;
    if (faults > 0)
      throw new CommandFailure(`${faults} ${faults === 1 ? 'fault' : 'faults'} found`);
  },
};

/** A database that cannot be opened is a finding as well, and then the only one. */
const examineAll = async (context: CommandContext): Promise<readonly Finding[]> => {
  try {
    context.openDb();
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const cure = 'do as the message says; nothing else was looked at';
    return [finding('fault', 'database.open', error.message, 'the service does not start', cure)];
  }
  return examine(doctorDeps(context));
};

const render = (found: Finding): string =>
  found.level === 'ok'
    ? `ok       ${found.what}`
    : `${found.level.padEnd(8)} ${found.what}\n         ${found.why}\n         → ${found.do}   [${found.id}]`;

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
