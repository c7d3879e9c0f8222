/** A Dockerfile read and followed by hand, for machines without a container runtime. */
import { cpSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, posix } from 'node:path';

export type Instruction = { readonly name: string; readonly rest: string };

/** The instructions in order: comments gone, lines that continue joined. */
export const readDockerfile = (text: string): readonly Instruction[] =>
  text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^\s*([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      if (name === '') throw new Error(`no instruction: ${line}`);
      return { name, rest: rest.trim() };
    });

/** A command in exec form, after options such as those of HEALTHCHECK. */
export const execForm = (rest: string): readonly string[] =>
  JSON.parse(rest.slice(rest.indexOf('['))) as string[];

/**
 * Copies to an empty folder what .dockerignore lets into the build. It is to say `*` and then name
 * files and folders to let in; anything cleverer would have to be taught here first.
 */
export const copyContext = (repository: string, to: string): void => {
  const [all, ...letIn] = readFileSync(join(repository, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  if (all !== '*') throw new Error('.dockerignore is to begin with *');
  for (const line of letIn) {
    const [, path] = /^!([\w./-]+)$/.exec(line) ?? [];
    if (path === undefined) throw new Error(`not understood in .dockerignore: ${line}`);
    cpSync(join(repository, path), join(to, path), { recursive: true });
  }
};

/** A stage of the build: a folder that stands for its root. */
export type Stage = {
  readonly root: string;
  readonly env: Record<string, string>;
  workdir: string;
  user: string;
};

/** A path of the image as a path of this machine. */
export const within = ({ root, workdir }: Stage, path: string): string =>
  join(root, posix.resolve(workdir, path));

/** COPY from a folder: into a folder where there are several or the target ends in a slash. */
export const copy = (stage: Stage, from: string, words: readonly string[]): void => {
  const target = words.at(-1) ?? '';
  for (const source of words.slice(0, -1)) {
    const path = join(from, source);
    const isFolder = statSync(path).isDirectory();
    // As Docker does it: a folder's content goes into the target, a file under its own name.
    const to = within(stage, target);
    const place = isFolder || !target.endsWith('/') ? to : join(to, basename(source));
    mkdirSync(isFolder ? place : join(place, '..'), { recursive: true });
    cpSync(path, place, { recursive: true, verbatimSymlinks: true });
  }
};

/** ENV NAME=value NAME=value … */
export const readEnv = (rest: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...rest.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
