/** The command line as people meet it: a process of its own, with a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Ended = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type Place = {
  readonly folder: string;
  /** Writes a file into the folder and gives its path. */
  readonly file: (name: string, content: string | Buffer) => string;
  readonly run: (
    args: readonly string[],
    more?: { readonly input?: string | Buffer; readonly env?: Readonly<Record<string, string>> },
  ) => Promise<Ended>;
  /** Starts a command and leaves it running. */
  readonly start: (args: readonly string[], env?: Readonly<Record<string, string>>) => ChildProcess;
  readonly remove: () => void;
};

/** A fresh folder with its own database and outbox; nothing of this process's environment leaks in. */
export const makePlace = (): Place => {
  const folder = mkdtempSync(join(tmpdir(), 'paperboy-cli-'));
  const children = new Set<ChildProcess>();
  const start: Place['start'] = (args, env = {}) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args], {
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: `file:${join(folder, 'data', 'paperboy.db')}`,
        OUTBOX_DIR: join(folder, 'outbox'),
        LOG_LEVEL: 'warn',
        ...env,
      },
    });
    children.add(child);
    child.on('close', () => children.delete(child));
    return child;
  };
  return {
    folder,
    start,
    file: (name, content) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    run: (args, { input = '', env = {} } = {}) => ended(start(args, env), input),
    remove: () => {
      for (const child of children) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const ended = (child: ChildProcess, input: string | Buffer): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
      });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
    // A command that does not read its input closes it, which is no failure of the test.
    child.stdin?.on('error', () => undefined).end(input);
  });

/** Waits for the log line with this message and gives it. @throws when the process ends before. */
export const logged = (child: ChildProcess, message: string): Promise<Record<string, unknown>> =>
  new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const line = text.split('\n').find((each) => each.includes(`"msg":"${message}"`));
      if (line) resolve(JSON.parse(line));
    });
    child.on('close', () => reject(new Error(`ended without saying "${message}": ${text}`)));
  });

/** The JSON document a successful command printed, and that it printed nothing else. */
export const documentOf = ({ code, stdout, stderr }: Ended): unknown => {
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
  return JSON.parse(stdout);
};

/** The reason a command gives: the first line it wrote to standard error. */
export const reasonOf = ({ stderr }: Ended): string => stderr.split('\n', 1)[0] ?? '';

/** Holds a port of this machine. */
export const takePort = async (): Promise<{ readonly port: number; readonly server: Server }> => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('no port was given');
  return { port: at.port, server };
};

/** A port nobody listens on. */
export const freePort = async (): Promise<number> => {
  const { port, server } = await takePort();
  await new Promise((closed) => server.close(closed));
  return port;
};
