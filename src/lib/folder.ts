/** Folders made where they are missing. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Folder by folder: where nothing can be made, as below `/proc`, Node's own recursion never ends. */
export const makeFolder = (folder: string): void => {
  if (existsSync(folder)) {
    refuseFile(folder);
    return;
  }
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(folder)) throw error;
  }
};

const refuseFile = (path: string): void => {
  if (statSync(path).isDirectory()) return;
  throw Object.assign(new Error(`ENOTDIR: ${path} is no folder`), { code: 'ENOTDIR' });
};
