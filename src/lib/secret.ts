/** The secret behind all tokens: made on first start, kept in a file only its owner can read. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { makeFolder } from './folder.ts';

/** The secret of a service that writes nothing: the one kept, or for want of it one for this run. */
export const readSecretOnly = (file: string): string =>
  existsSync(file) ? readKept(file) : randomBytes(32).toString('base64url');

/** Reads the secret, or makes it. Of two processes that start at once, both get the same. */
export const readSecret = (file: string): string => {
  makeFolder(dirname(resolve(file)));
  try {
    const made = randomBytes(32).toString('base64url');
    writeFileSync(file, `${made}\n`, { flag: 'wx', mode: 0o600 });
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readKept(file);
};

const readKept = (file: string): string => {
  const kept = readFileSync(file, 'utf8').trim();
  if (kept.length < 32)
    throw new Error(
      `${file} holds no secret of 32 characters: restore it, or remove it to end every link in mails sent`,
    );
  return kept;
};
