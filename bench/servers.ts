/** Servers of the system that benches send to: they come with Debian's packages and end with the bench. */
import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const listens = (port: number): Promise<boolean> =>
  new Promise((answer) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      answer(true);
    });
    socket.on('error', () => answer(false));
  });

const start = async (
  program: string,
  args: readonly string[],
  port: number,
  from: string,
): Promise<ChildProcess> => {
  const child = spawn(program, args, { stdio: 'ignore' });
  child.on('error', () => {
    process.stderr.write(`${program} is missing: it comes with Debian's ${from} package\n`);
    process.exit(1);
  });
  for (let tries = 0; tries < 50; tries += 1) {
    if (await listens(port)) return child;
    await sleep(100);
  }
  throw new Error(`${program} does not listen`);
};

/** A mail server that throws away what it is given. */
export const startSink = (port: number): Promise<ChildProcess> => {
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const args = [...user, `127.0.0.1:${port}`, '1000'];
  return start('/usr/sbin/smtp-sink', args, port, 'postfix');
};

/** A Redis that keeps nothing on disk. */
export const startRedis = (port: number, folder: string): Promise<ChildProcess> => {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  return start('redis-server', args, port, 'redis-server');
};
