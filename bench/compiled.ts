/** Benches of what runs in production: compiled as `npm run build` does, not translated while it loads. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
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
    execFileSync(tsc, ['-p', join(root, 'bench'), '--outDir', out], { stdio: 'inherit' });
    for (const name of beside) {
      mkdirSync(dirname(join(out, name)), { recursive: true });
      symlinkSync(join(root, name), join(out, name));
    }
    const args = [join(out, 'bench', `${bench}.js`), ...process.argv.slice(2)];
    const [code] = await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit');
    process.exitCode = code ?? 1;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
};
