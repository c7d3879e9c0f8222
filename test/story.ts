/**
 * The whole service for a test: real database, real web, real mail server, all in this process.
 * Only the clock is ours. The service believes it stands behind `address`; `visit` takes a link as
 * a mail holds it and asks the same thing of the server on this machine, as a proxy would.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { CommandContext } from '../src/cli/command.ts';
import { runCommand } from '../src/cli/run.ts';
import { loadMailKit } from '../src/cli/wiring.ts';
import { parseConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/open.ts';
import { syncTopics } from '../src/db/topics.ts';
import { webDeps } from '../src/service/answers/web-deps.ts';
import { createWeb } from '../src/web/routes.ts';
import { startServer } from '../src/web/server.ts';

export const address = 'https://papers.example';

/** A mail as the server took it: who it was for, its bytes as they came, and what they say. */
export type Letter = { readonly to: string; readonly raw: string; readonly mail: ParsedMail };

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

export type Story = {
  /** Sets the clock. */
  readonly itIs: (instant: string) => void;
  /** Runs a command as the command line does. */
  readonly run: (args: readonly string[], input?: string) => Promise<Ended>;
  /** Runs `paperboy NAME ARGS… --json` and gives the document it prints. @throws when it fails. */
  readonly paperboy: (args: readonly string[], input?: string) => Promise<unknown>;
  readonly visit: (link: string, init?: RequestInit) => Promise<Response>;
  /** Every letter the mail server has taken, oldest first. */
  readonly letters: readonly Letter[];
  readonly end: () => Promise<void>;
};

type MailServer = {
  readonly url: string;
  readonly letters: Letter[];
  readonly close: () => Promise<void>;
};

const startMailServer = async (): Promise<MailServer> => {
  const letters: Letter[] = [];
  const server = new SMTPServer({
    logger: false,
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const bytes = Buffer.concat(chunks);
        for (const { address: to } of session.envelope.rcptTo)
          letters.push({ to, raw: bytes.toString('latin1'), mail: await simpleParser(bytes) });
        done();
      });
    },
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    letters,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
};

export const startStory = async (): Promise<Story> => {
  const folder = await mkdtemp(join(tmpdir(), 'paperboy-story-'));
  const mailServer = await startMailServer();
  let now = new Date(0);
  let printed: string[] = [];
  let noted: string[] = [];
  const context = makeContext(folder, mailServer.url, {
    clock: () => now,
    print: (text) => printed.push(text),
    note: (text) => noted.push(text),
  });
  const run: Story['run'] = async (args, input = '') => {
    [printed, noted] = [[], []];
    const stdin = Readable.from([Buffer.from(input)]);
    const code = await runCommand({}, { ...context, stdin }, args);
    return { code, stdout: printed.join('\n'), stderr: noted.join('\n') };
  };
  const web = createWeb(webDeps(context, await loadMailKit(context)));
  const server = await startServer(web, { host: '127.0.0.1', port: 0 });
  return {
    itIs: (instant) => {
      now = new Date(instant);
    },
    run,
    paperboy: async (args, input) => {
      const { code, stdout, stderr } = await run([...args, '--json'], input);
      if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
      return JSON.parse(stdout);
    },
    visit: (link, init = {}) => {
      const { pathname, search } = new URL(link, address);
      const here = `http://127.0.0.1:${server.port}${pathname}${search}`;
      return fetch(here, { redirect: 'manual', ...init });
    },
    letters: mailServer.letters,
    end: async () => {
      await server.close();
      await mailServer.close();
      context.openDb().$client.close();
      await rm(folder, { recursive: true });
    },
  };
};

const makeContext = (
  folder: string,
  smtpUrl: string,
  given: Pick<CommandContext, 'clock' | 'print' | 'note'>,
): CommandContext => {
  const parsed = parseConfig({
    DATABASE_URL: `file:${join(folder, 'paperboy.db')}`,
    BASE_URL: address,
    SMTP_URL: smtpUrl,
    MAIL_FROM: 'Paperboy <round@papers.example>',
    BOUNCE_ADDRESS: 'bounces@papers.example',
  });
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('\n'));
  const db = openDatabase(parsed.config.databaseFile, 'migrations');
  syncTopics(db);
  const silent = (): void => undefined;
  return {
    config: parsed.config,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    openDb: () => db,
    secret: () => 'a secret that only this story knows',
    terminal: false,
    stdin: Readable.from([]),
    signal: new AbortController().signal,
    owner: 'story',
    isGone: () => false,
    ...given,
  };
};

/** A form's fields as a browser posts them. */
export const form = (
  fields: readonly (readonly [name: string, value: string])[],
): { readonly method: 'POST'; readonly body: URLSearchParams } => ({
  method: 'POST',
  body: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])),
});
