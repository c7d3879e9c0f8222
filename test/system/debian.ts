/** Programs of the system, for tests of what other people's software makes of our mail. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';

/** Runs a program to its end. @throws when it is not installed. */
export const run = (command: string, args: readonly string[]) => {
  const ended = spawnSync(command, args, { encoding: 'utf8' });
  if (ended.error) throw new Error(`${command} is needed here: ${ended.error.message}`);
  return ended;
};

/** Starts a program that stays. @throws when it is not installed. */
export const start = (file: string, args: readonly string[]): ChildProcess => {
  if (!existsSync(file)) throw new Error(`${file} is needed here, and not installed`);
  return spawn(file, args, { stdio: 'ignore' });
};

export const isListening = (port: number): Promise<boolean> =>
  new Promise((answer) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      answer(true);
    });
    socket.on('error', () => answer(false));
  });
