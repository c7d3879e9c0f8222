/** Whole copies of a database: while it is in use, and the one kept from before an upgrade. */
import { chmodSync, renameSync, rmSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import Database from 'better-sqlite3';

/** Pages a step; between two steps the service goes on. */
const pagesAStep = 2_000;

export type CopyOptions = {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
};

/** Writes a consistent copy to a file that must not be there; nothing is left when it fails. */
export const copyDatabase = async (
  db: { readonly $client: Database.Database },
  file: string,
  { signal, onProgress }: CopyOptions = {},
): Promise<void> => {
  const unfinished = `${file}.unfinished`;
  try {
    await db.$client.backup(unfinished, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress?.(totalPages - remainingPages, totalPages);
        signal?.throwIfAborted();
        return pagesAStep;
      },
    });
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
};

/** Where the copy from before the last upgrade lies. */
export const beforeUpgrade = (file: string): string => `${file}.before-upgrade`;

/**
 * Keeps a copy of a database as it is before its tables change, in place of the one kept before.
 * `isOld` looks at the copy: where another process has upgraded meanwhile, the copy is not kept, or
 * it would take the place of the one that process made.
 */
export const keepBeforeUpgrade = (
  client: Database.Database,
  file: string,
  isOld: (copy: Database.Database) => boolean,
): void => {
  const unfinished = `${beforeUpgrade(file)}.${process.pid}`;
  try {
    // Not the asynchronous way: the database is being opened. A read transaction of its own, so
    // that other processes go on meanwhile.
    client.prepare('vacuum into ?').run(unfinished);
    chmodSync(unfinished, statSync(file).mode & 0o777);
    const copy = new Database(unfinished, { readonly: true });
    const old = isOld(copy);
    copy.close();
    if (old) renameSync(unfinished, beforeUpgrade(file));
  } finally {
    rmSync(unfinished, { force: true });
  }
};
