/** Another command of this program, in a process of its own: what takes long stops no page and no mail. */
import { execFile } from 'node:child_process';

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs `paperboy ARGS…` with this process's settings. @throws when it cannot be run, or is ended. */
export const runOwnCommand = (
  args: readonly string[],
  { signal, timeoutMs = 0 }: { readonly signal: AbortSignal; readonly timeoutMs?: number },
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const [program = ''] = process.argv.slice(1);
    const whole = [...process.execArgv, program, ...args];
    const options = { signal, timeout: timeoutMs, maxBuffer: 16 * 1024 * 1024 };
    execFile(process.execPath, whole, options, (error, stdout, stderr) => {
      if (!error) resolve({ code: 0, stdout, stderr });
      else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
      else reject(error);
    });
  });
