/**
 * The image, made by hand. There is no container runtime where these tests run, so each step of the
 * Dockerfile is done in empty folders that stand for its stages. Two steps are not done as written:
 *
 * - `apt-get install`: it is looked up that the packages exist, and nothing is installed.
 * - `npm ci`: better-sqlite3 compiles for minutes where no prebuilt binary can be had. That the lock
 *   and package.json go together is asked of `npm ci --dry-run`; the packages installed here take
 *   the place of those it would have installed.
 *
 * The service runs as a user without rights (where this runs as root), from files it cannot write.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig, settingNames } from '../../src/config.ts';
import { freePort } from '../cli/paperboy.ts';
import {
  copy,
  copyContext,
  execForm,
  type Instruction,
  readDockerfile,
  readEnv,
  type Stage,
  within,
} from './dockerfile.ts';

const isRoot = process.getuid?.() === 0;
/** `nobody`, who is on every Linux. */
const nobody = 65_534;
const asNobody = isRoot ? { uid: nobody, gid: nobody } : {};

const folder = mkdtempSync(join(tmpdir(), 'paperboy-image-'));
const context = join(folder, 'context');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Image = Stage & {
  entrypoint: readonly string[];
  cmd: readonly string[];
  healthcheck: readonly string[];
};

const shell = (stage: Stage, command: string): void => {
  const env = { PATH: process.env.PATH, HOME: folder, npm_config_offline: 'true', ...stage.env };
  const ended = spawnSync('sh', ['-ec', command], {
    ...{ cwd: within(stage, '.'), env, encoding: 'utf8' },
  });
  if (ended.status !== 0) throw new Error(`RUN ${command}\n${ended.stdout}${ended.stderr}`);
};

/** Whether the packages of an `apt-get install` are installed here or known to apt. */
const lookUpPackages = (command: string): void => {
  const names = /apt-get install -y --no-install-recommends ([\w+ -]+?)\s*&&/.exec(command)?.[1];
  if (!command.startsWith('apt-get update && ') || names === undefined)
    throw new Error(`an apt-get line of another form: ${command}`);
  for (const name of names.split(' ')) {
    const { stdout } = spawnSync('apt-cache', ['show', '--no-all-versions', name], {
      encoding: 'utf8',
    });
    const { status } = spawnSync('dpkg-query', ['-W', name]);
    expect(status === 0 || stdout.includes(`Package: ${name}`), name).toBe(true);
  }
};

const install = (stage: Stage, command: string): void => {
  const cwd = within(stage, '.');
  shell(stage, `${command} --dry-run`);
  // Links where it can be, since nothing below writes into a package; but npm keeps its own list.
  const to = join(cwd, 'node_modules');
  const linked = spawnSync('cp', ['-al', 'node_modules', to]).status === 0;
  if (!linked) cpSync('node_modules', to, { recursive: true, verbatimSymlinks: true });
  const list = join(to, '.package-lock.json');
  rmSync(list, { force: true });
  cpSync('node_modules/.package-lock.json', list);
};

const runStep = (stage: Stage, rest: string): void => {
  if (rest.startsWith('apt-get ')) lookUpPackages(rest);
  else if (rest.startsWith('npm ci ')) install(stage, rest);
  else if (rest.startsWith('install -d ')) {
    const [, mode = '', path = ''] =
      /^install -d -o node -g node -m (\d+) (\/\S+)$/.exec(rest) ?? [];
    const made = within(stage, path);
    mkdirSync(made, { recursive: true });
    chmodSync(made, Number.parseInt(mode, 8));
    if (isRoot) chownSync(made, nobody, nobody);
  } else shell(stage, rest);
};

const build = (instructions: readonly Instruction[]): Image => {
  const stages = new Map<string, Stage>();
  let image: Image | undefined;
  for (const { name, rest } of instructions) {
    if (name === 'FROM') {
      const [, as = `stage-${stages.size}`] = / AS (\w+)$/.exec(rest) ?? [];
      expect(rest).toMatch(/^node:\d+-\w+-slim\b/);
      const root = join(folder, as);
      mkdirSync(root);
      image = {
        root,
        env: {},
        workdir: '/',
        user: 'root',
        entrypoint: [],
        cmd: [],
        healthcheck: [],
      };
      stages.set(as, image);
      continue;
    }
    if (!image) throw new Error('there is an instruction before FROM');
    const words = rest.split(/\s+/);
    switch (name) {
      case 'WORKDIR':
        image.workdir = rest;
        mkdirSync(within(image, '.'), { recursive: true });
        break;
      case 'ENV':
        Object.assign(image.env, readEnv(rest));
        break;
      case 'COPY': {
        const [, from] = /^--from=(\w+)$/.exec(words[0] ?? '') ?? [];
        if (from === undefined) copy(image, context, words);
        else copyBetween(image, stages.get(from), words.slice(1));
        break;
      }
      case 'RUN':
        runStep(image, rest);
        break;
      case 'USER':
        image.user = rest;
        break;
      case 'VOLUME':
        expect(existsSync(within(image, rest)), rest).toBe(true);
        break;
      case 'EXPOSE':
        expect(rest).toBe('3000');
        break;
      case 'HEALTHCHECK':
        image.healthcheck = execForm(rest);
        break;
      case 'ENTRYPOINT':
        image.entrypoint = execForm(rest);
        break;
      case 'CMD':
        image.cmd = execForm(rest);
        break;
      default:
        throw new Error(`nobody has taught this test ${name}`);
    }
  }
  if (!image) throw new Error('no stage');
  return image;
};

const copyBetween = (stage: Stage, from: Stage | undefined, words: readonly string[]): void => {
  if (!from) throw new Error('COPY from a stage that is not there');
  const [source = '', target = ''] = words;
  const made = within(stage, target);
  // As with the packages above: links are enough, since an image's files are not written to.
  if (spawnSync('cp', ['-al', join(from.root, source), made]).status !== 0)
    copy(stage, from.root, words);
};

describe('the image', () => {
  const instructions = readDockerfile(readFileSync('deploy/Dockerfile', 'utf8'));
  let image: Image;
  let env: Record<string, string>;
  const running = new Set<ChildProcess>();

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    copyContext('.', context);
    image = build(instructions);
    // Absolute paths of the image lie within the folder that stands for its root.
    const settings = Object.entries(image.env).map(([name, value]) => [
      name,
      value.replace(/(?<=^|file:)\/data/, within(image, '/data')),
    ]);
    env = {
      ...{ PATH: process.env.PATH ?? '', PORT: String(await freePort()), SOURCES: ',' },
      ...Object.fromEntries(settings),
    };
  }, 180_000);
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL');
  });

  const run = (words: readonly string[]) => {
    const [command = '', ...args] = words;
    return spawnSync(command, args, {
      ...{ ...asNobody, cwd: within(image, '.'), env, encoding: 'utf8', timeout: 30_000 },
    });
  };

  it('holds what runs, and neither sources nor what only developers need', () => {
    expect(readdirSync(within(image, '.')).toSorted()).toEqual(
      ['dist', 'migrations', 'node_modules', 'package.json', 'templates'].toSorted(),
    );
    const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    const there = (name: string) => existsSync(within(image, `node_modules/${name}`));
    expect(Object.keys(dependencies).filter((name) => !there(name))).toEqual([]);
    // What is needed at run time may need the types of node itself.
    const needless = Object.keys(devDependencies).filter(
      (name) => there(name) && !name.startsWith('@types/'),
    );
    expect(needless).toEqual([]);
    expect(image.user).toBe('node');
    expect(Object.keys(image.env).filter((name) => name !== 'NODE_ENV')).toEqual(
      expect.arrayContaining(['DATABASE_URL', 'OUTBOX_DIR', 'HOST']),
    );
    for (const name of Object.keys(image.env))
      expect([...settingNames, 'NODE_ENV'], name).toContain(name);
    expect(parseConfig(image.env).kind).toBe('ok');
  });

  it('serves, is found healthy, takes other commands, and stops cleanly', async () => {
    // Nothing answers yet.
    expect(run(image.healthcheck).status).toBe(1);
    const [command = '', ...args] = [...image.entrypoint, ...image.cmd];
    const service = spawn(command, args, { ...asNobody, cwd: within(image, '.'), env });
    running.add(service);
    let log = '';
    service.stderr.on('data', (text: Buffer) => {
      log += text;
    });
    await expect
      .poll(() => run(image.healthcheck).status, { timeout: 20_000, interval: 200 })
      .toBe(0)
      .catch((error: unknown) => {
        throw new Error(log, { cause: error });
      });
    const doctor = run([...image.entrypoint, 'doctor', '--json']);
    expect(JSON.parse(doctor.stdout)).toContainEqual(
      expect.objectContaining({ id: 'files.outbox', level: 'ok' }),
    );
    const page = await (await fetch(`http://127.0.0.1:${env['PORT']}/`)).text();
    expect(page).toContain('action="/subscribe"');

    service.kill('SIGTERM');
    expect(await once(service, 'close')).toEqual([0, null]);
    expect(readdirSync(within(image, '/data'))).toEqual(
      expect.arrayContaining(['paperboy.db', 'secret']),
    );
  });

  it('can be written to in /data alone', () => {
    if (!isRoot) return;
    for (const path of ['/app', '/app/dist', '/app/node_modules', '/app/templates'])
      expect(run(['touch', within(image, `${path}/new`)]).status, path).not.toBe(0);
    expect(run(['touch', within(image, '/data/new')]).status).toBe(0);
  });
});
