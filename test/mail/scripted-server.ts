/** A mail server that misbehaves on cue, where smtp-server is too well mannered. */
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';

/** `end` is the final dot; `data` the first bytes of the message. */
export type Step = 'connect' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'data' | 'end' | 'RSET' | 'QUIT';
/** A reply to give, or what to do instead; `dribble`: line after line of an answer without end. */
export type Cue = string | 'hang up' | 'say nothing' | 'stop reading' | 'dribble';

const manners: Partial<Record<Step, string>> = {
  connect: '220 test ESMTP',
  EHLO: '250-test\r\n250 SIZE 1000000',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go on',
  data: 'say nothing',
  end: '250 2.0.0 taken',
  RSET: '250 ok',
  QUIT: '221 bye',
};

export type ScriptedServer = {
  readonly url: string;
  /** What was said, a list for each connection. */
  readonly connections: readonly (readonly string[])[];
  /** Bodies whose final dot came. */
  readonly messages: readonly string[];
  /** Resolves when no connection is left. */
  readonly allGone: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** `script(step, connection)` overrides the good manners; connections count from 0. */
export const scriptedServer = async (
  script: (step: Step, connection: number) => Cue | undefined,
): Promise<ScriptedServer> => {
  const connections: string[][] = [];
  const messages: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const number = connections.push([]) - 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    const act = (step: Step): Cue => {
      const cue = script(step, number) ?? manners[step] ?? '502 not here';
      if (cue === 'hang up') socket.destroy();
      else if (cue === 'stop reading') socket.pause();
      else if (cue === 'dribble') dribble(socket, step === 'connect' ? '220' : '250');
      else if (cue !== 'say nothing') socket.write(`${cue}\r\n`);
      if (step === 'QUIT') socket.end();
      return cue;
    };
    converse(socket, connections[number] ?? [], messages, act);
    act('connect');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections,
    messages,
    allGone: async () => {
      await Promise.all(
        [...sockets].map((socket) => new Promise((gone) => socket.on('close', gone))),
      );
    },
    close: () =>
      new Promise((closed) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => closed());
      }),
  };
};

const dribble = (socket: Socket, code: string): void => {
  const drip = setInterval(() => socket.write(`${code}-and\r\n`), 20);
  socket.on('close', () => clearInterval(drip));
};

const converse = (
  socket: Socket,
  said: string[],
  messages: string[],
  act: (step: Step) => Cue,
): void => {
  let input = '';
  let inData = false;
  let first = true;
  socket.on('data', (chunk) => {
    input += chunk.toString('latin1');
    for (;;) {
      if (inData) {
        if (first) act('data');
        first = false;
        const end = input.indexOf('\r\n.\r\n');
        if (end < 0) return;
        messages.push(input.slice(0, end + 2));
        input = input.slice(end + 5);
        inData = false;
        act('end');
      }
      const newline = input.indexOf('\r\n');
      if (newline < 0) return;
      const line = input.slice(0, newline);
      input = input.slice(newline + 2);
      said.push(line);
      const step = line.slice(0, 4).toUpperCase() as Step;
      inData = act(step).startsWith('354');
      first = inData;
    }
  });
};
