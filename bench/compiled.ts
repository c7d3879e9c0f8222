/** Benches of what runs in production: compiled as `npm run build` does, not translated while it loads. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './lib.ts';

/** What compiled modules look for beside themselves. */
const beside = ['package.json', 'templates', 'migrations', 'src/sample'];

/** Whether the module that asks is compiled. */
export const isCompiled = (moduleUrl: string): boolean => moduleUrl.endsWith('.js');

/**
 * Compiles sources and benches into a folder that is removed afterwards, and runs one of them with the
 * arguments this process was given. Exits as it does.
 */
export const runCompiled = async (bench: string): Promise<void> => {
  // Below the packages, which are looked for upwards.
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const out = mkdtempSync(join(cache, 'paperboy-bench-'));
  try {
    const tsc = join(root, 'node_modules', '.bin', 'tsc');
    process.exitCode = await exitOf(tsc, ['-p', join(root, 'bench'), '--outDir', out]);
    if (process.exitCode !== 0) return;
    for (const name of beside) {
      mkdirSync(dirname(join(out, name)), { recursive: true });
      symlinkSync(join(root, name), join(out, name));
    }
    const args = [join(out, 'bench', `${bench}.js`), ...process.argv.slice(2)];
    process.exitCode = await exitOf(process.execPath, args);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
};

/** How a program ended, which gets the signals meant to stop this one. */
const exitOf = async (program: string, args: readonly string[]): Promise<number> => {
  const child = spawn(program, args, { stdio: 'inherit' });
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  const [code, signal]: (number | NodeJS.Signals | null)[] = await once(child, 'exit');
  process.off('SIGINT', pass).off('SIGTERM', pass);
  return typeof code === 'number' ? code : 128 + constants.signals[signal as NodeJS.Signals];
};
