/** The database file, its log, and the disk under it. */
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Finding, finding, fine } from '../../domain/finding.ts';
import type { Check, DoctorDeps } from './deps.ts';

const megabyte = 1024 * 1024;

/** Reads the whole file: seconds for a large one, in which this process does nothing else. */
export const checkDatabase: Check = (deps) => [...integrity(deps), ...references(deps)];

export const checkDisk: Check = (deps) => [...log(deps), ...disk(deps)];

const integrity = ({ db, config }: DoctorDeps): readonly Finding[] => {
  const [first] = answersOf(() => db.$client.pragma('quick_check(1)') as readonly object[]);
  return first === 'ok'
    ? [fine('database', 'the database is sound')]
    : [
        finding(
          'fault',
          'database.damaged',
          `${config.databaseFile} is damaged: ${first}`,
          'what is read from it may be wrong, and writing makes it worse',
          'stop the service, keep the file aside and restore a backup',
        ),
      ];
};

const answersOf = (ask: () => readonly object[]): readonly string[] => {
  try {
    return ask().map((row) => String(Object.values(row)[0]));
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
};

const references = ({ db }: DoctorDeps): readonly Finding[] => {
  const [row] = db.$client.pragma('foreign_key_check') as readonly { table: string }[];
  return row === undefined
    ? []
    : [
        finding(
          'fault',
          'database.references',
          `rows of ${row.table} lead to nothing`,
          'someone wrote to the database with other programs',
          'restore a backup, or delete those rows: pragma foreign_key_check lists them',
        ),
      ];
};

/** Eight times what the service lets it grow to between two checkpoints. */
const mostLog = 256 * megabyte;

const log = ({ config }: DoctorDeps): readonly Finding[] => {
  const file = `${config.databaseFile}-wal`;
  const bytes = existsSync(file) ? statSync(file).size : 0;
  return bytes <= mostLog
    ? []
    : [
        finding(
          'warning',
          'database.wal',
          `${file} has grown to ${Math.round(bytes / megabyte)} MB`,
          'some program holds an old view of the database, so its log cannot be taken in',
          'end the program that holds it (a forgotten sqlite3 shell, a backup that hangs), then restart',
        ),
      ];
};

const disk = ({ config, freeBytes }: DoctorDeps): readonly Finding[] => {
  const folder = dirname(config.databaseFile);
  const free = freeBytes(folder);
  const size = existsSync(config.databaseFile) ? statSync(config.databaseFile).size : 0;
  const said = `${Math.round(free / megabyte)} MB are free on the disk of ${folder}`;
  // Backups and "prune --vacuum" write the whole database once more.
  if (free >= Math.max(1024 * megabyte, 2 * size)) return [fine('disk', said)];
  return [
    finding(
      free < 200 * megabyte ? 'fault' : 'warning',
      'disk.space',
      said,
      'a full disk stops planning, sending and fetching; a backup needs as much as the database again',
      'make room, or move DATABASE_URL to a larger disk',
    ),
  ];
};
