/** The transport without a mail server: each message a file, to be looked at by people. */
import {
  access,
  constants,
  mkdtemp,
  open,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { SendOutcome } from '../domain/delivery.ts';
import { makeFolder } from '../lib/folder.ts';
import type { OutgoingMail, Trace, Traces, Transport } from './transport.ts';

/**
 * Writes each message to `KEY.eml` in `dir`, which is made when it is missing. The name follows
 * from the key alone, so a message sent twice is one file. A file is there whole or not at all.
 */
export const outboxTransport = (dir: string): Transport => {
  const pending = new Set<Promise<SendOutcome>>();
  return {
    describe: `files in ${dir}`,
    send: async (mail, beforeFinalDot) => {
      const writing = writeMail(dir, mail, beforeFinalDot);
      pending.add(writing);
      return writing.finally(() => pending.delete(writing));
    },
    traces: outboxTraces(dir),
    close: async () => {
      await Promise.allSettled(pending);
    },
  };
};

/**
 * The files are the proof: a message is out when its file is there. Its draft is durable before the
 * ledger is told, and becomes the file, so a draft alone says that the message is not out. Where
 * neither is there the mail went another way, or somebody tidied up.
 */
const outboxTraces = (dir: string): Traces => {
  const drafts = async (keys: readonly string[]): Promise<readonly (readonly [string, string])[]> =>
    (await readdir(dir).catch((): string[] => [])).flatMap((name) => {
      const key = keys.find((each) => name.startsWith(`.${each}.`) && name.endsWith('.draft'));
      return key === undefined ? [] : [[key, join(dir, name)] as const];
    });
  return {
    find: async (keys) => {
      const found = new Map<string, Trace>();
      for (const [key] of await drafts(keys)) found.set(key, 'not-sent');
      for (const key of keys)
        if (await isThere(join(dir, outboxFileName(key)))) found.set(key, 'sent');
      return found;
    },
    clear: async (keys) => {
      for (const [, file] of await drafts(keys)) await rm(file, { force: true });
    },
  };
};

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** The file a delivery key names. @throws for a key that could leave the folder. */
export const outboxFileName = (key: string): string => {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(key)) return `${key}.eml`;
  throw new Error(`not a delivery key: ${JSON.stringify(key)}`);
};

/** Why no message can be written to `dir`, if so; makes nothing that stays. */
export const outboxFault = async (dir: string): Promise<string | undefined> => {
  try {
    const found = await nearest(resolve(dir));
    if (!found.isFolder) return `${found.path} is no folder`;
    await access(found.path, constants.W_OK | constants.X_OK);
    // The superuser may do anything, except where nobody can, as below `/proc`.
    await rmdir(await mkdtemp(join(found.path, '.paperboy-')));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

/** The path itself, or for want of it the folder it would be made in. */
const nearest = async (path: string): Promise<{ path: string; isFolder: boolean }> => {
  try {
    return { path, isFolder: (await stat(path)).isDirectory() };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    return nearest(dirname(path));
  }
};

const writeMail = async (
  dir: string,
  { key, bytes }: OutgoingMail,
  beforeFinalDot: () => void | Promise<void>,
): Promise<SendOutcome> => {
  const file = join(dir, outboxFileName(key));
  // Another process may be writing the same key; each needs a draft of its own.
  const draft = join(dir, `.${key}.${process.pid}.draft`);
  const written = await attempt(async () => {
    makeFolder(resolve(dir));
    await writeDurably(draft, bytes);
  });
  if (written) return cannotWrite(dir, written);
  try {
    await beforeFinalDot();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  // A rename happens or does not, so even its failure leaves nothing in doubt.
  const renamed = await attempt(() => rename(draft, file));
  if (renamed) return cannotWrite(dir, renamed);
  return { kind: 'sent', reply: file };
};

const writeDurably = async (file: string, bytes: Buffer): Promise<void> => {
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const attempt = async (work: () => Promise<void>): Promise<NodeJS.ErrnoException | undefined> => {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

const cannotWrite = (dir: string, error: NodeJS.ErrnoException): SendOutcome => ({
  kind: 'deferred',
  scope: 'host',
  reason: `cannot write to ${dir}: ${error.message}`,
});
