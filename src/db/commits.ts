/**
 * Commits that are written at once and made durable a little later, off this thread. SQLite's own
 * durable commit waits for the disk, and with it waits everything this process does.
 *
 * With `synchronous=NORMAL` a commit in WAL mode is appended to the log and not synced; a log is
 * replayed up to the last whole commit, so what is lost in a power cut is lost from the end. One sync
 * of the log therefore makes durable all that was committed before it, as `FULL` does commit by
 * commit (https://www.sqlite.org/pragma.html#pragma_synchronous). A checkpoint that comes between
 * syncs both files itself.
 */
import { close, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { type Db, inTransaction } from './open.ts';

export type Commits = {
  /** Runs `work` in one transaction, visible to everybody at once, durable after `synced`. */
  readonly commit: <T>(work: () => T) => T;
  /** Resolves once everything committed so far is durable. */
  readonly synced: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export const openCommits = (db: Db): Commits => {
  const { $client: client } = db;
  // A database in memory, or on a file system that has no WAL, is committed the usual way.
  const hasLog = client.pragma('journal_mode', { simple: true }) === 'wal';
  if (!hasLog)
    return {
      commit: (work) => inTransaction(db, work),
      synced: async () => undefined,
      close: async () => undefined,
    };
  const usual = client.pragma('synchronous', { simple: true });
  let log: number | undefined;
  return {
    commit: (work) => {
      client.pragma('synchronous = NORMAL');
      try {
        return inTransaction(db, work);
      } finally {
        client.pragma(`synchronous = ${usual}`);
      }
    },
    synced: async () => {
      // The log is there from the first commit until the last connection is closed. SQLite holds no
      // locks on it, which closing another descriptor of the file would let go.
      log ??= openSync(`${client.name}-wal`, 'r+');
      await promisify(fdatasync)(log);
    },
    close: async () => {
      if (log !== undefined) await promisify(close)(log);
      log = undefined;
    },
  };
};
