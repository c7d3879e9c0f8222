import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { SendOutcome } from '../../src/domain/delivery.ts';
import type { SmtpOptions } from '../../src/mail/smtp.ts';
import { NotBegun } from '../../src/mail/transport.ts';
import type { Cue, Step } from './scripted-server.ts';
import { at, cleanUp, letter, scripted, sendTo, transportTo } from './smtp-parts.ts';

afterEach(cleanUp);

/** More than the buffers on the way hold, so that the server's cue comes before the end. */
const large = letter('mira@example.org', Buffer.alloc(12_000_000, 'sixteen octets\r\n'));
const inLarge =
  (cue: Cue) =>
  (step: Step): Cue | undefined =>
    step === 'EHLO' ? '250 test' : step === 'data' ? cue : undefined;

describe('a recipient refused for the sender’s sake', () => {
  const from = 'bounces@paperboy.example';
  const mail = { ...letter(), envelope: { from, to: 'mira@example.org' } };

  test.each([
    `550 5.1.0 <${from}>: Sender address rejected: User unknown in local recipient table`,
    `550 5.1.8 <${from}>: Sender address rejected: Domain not found`,
    `550-Verification failed for <${from}>\r\n550-No Such User Here\r\n550 Sender verify failed`,
    `550 <${from}> unknown user`,
    '550 5.1.7 bad return path',
    '550 relay not permitted',
    '553 sorry, that domain is not in my list of allowed rcpthosts',
    '550 Blocked - see https://www.spamhaus.org/',
    '550 cannot find your reverse hostname',
    '550 SPF check failed',
  ])('%j says nothing against the reader', async (cue) => {
    const server = await scripted(at('RCPT', cue));
    const { outcome } = await sendTo(server.url, {}, mail);
    expect(outcome).toMatchObject({ kind: 'rejected', about: 'message' });
  });

  test.each([
    '550 5.1.1 <mira@example.org>: Recipient address rejected: User unknown',
    `550 no such user mira@example.org, sender ${from} was told`,
    '550 5.1.1 user unknown; sender is notified',
    '550 mailbox unavailable',
    '550-Callout verification failed:\r\n550 550 No Such User Here',
    '550 Recipient verify failed',
    '550 5.1.0 Address rejected.',
    '550 Recipient Rejected',
  ])('%j does', async (cue) => {
    const server = await scripted(at('RCPT', cue));
    const { outcome } = await sendTo(server.url, {}, mail);
    expect(outcome).toMatchObject({ kind: 'rejected', about: 'mailbox' });
  });
});

test.each([
  ['RCPT', '650 huh', 'deferred'],
  ['end', '999 weird', 'unknown'],
  ['end', '354 go on', 'unknown'],
] as const)(
  'an answer to %s that is none of SMTP’s, %j, refuses nothing: %s',
  async (step, cue, kind) => {
    const server = await scripted(at(step, cue));
    expect((await sendTo(server.url)).outcome.kind).toBe(kind);
  },
);

test('a message whose round is over before its turn is not begun', async () => {
  const server = await scripted(at('end', 'hang up'));
  const transport = transportTo(server.url, { connections: 1 });
  let isOver = false;
  const first = transport
    .send(letter(), () => undefined)
    .finally(() => {
      isOver = true;
    });
  const second = transport.send(
    letter(),
    () => undefined,
    () => isOver,
  );
  expect((await first).kind).toBe('unknown');
  await expect(second).rejects.toThrow(NotBegun);
  expect(server.connections).toHaveLength(1);
  await transport.close();
  await expect(transport.send(letter(), () => undefined)).rejects.toThrow(NotBegun);
});

test.each([
  ['one command at a time', '250 test'],
  ['with pipelining', '250-test\r\n250 PIPELINING'],
])(
  'a server that takes fewer connections than are tried gets all over those it takes, %s',
  async (_name, greeting) => {
    let [open, most] = [0, 0];
    const server = createServer((socket) => {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      if (open >= 2) {
        socket.end('421 4.7.0 too many connections\r\n');
        return;
      }
      open += 1;
      most = Math.max(most, open);
      socket.on('close', () => {
        open -= 1;
      });
      let [inData, held] = [false, ''];
      socket.write('220 test\r\n');
      socket.on('data', (bytes) => {
        const lines = (held + bytes.toString('latin1')).split('\r\n');
        held = lines.pop() ?? '';
        for (const line of lines) {
          if (inData && line !== '.') continue;
          if (line === '.') inData = false;
          if (line === 'DATA') inData = true;
          const answers: Record<string, string> = { DATA: '354 go on', QUIT: '221 bye' };
          const answer = line.startsWith('EHLO') ? greeting : (answers[line] ?? '250 ok');
          socket.write(`${answer}\r\n`);
          // It counts a connection for a while after it has said goodbye.
          if (line === 'QUIT') setTimeout(() => socket.end(), 5);
        }
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const transport = transportTo(`smtp://127.0.0.1:${port}`, { connections: 5 });
    const outcomes = await Promise.all(
      Array.from({ length: 450 }, () => transport.send(letter(), () => undefined)),
    );
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome)))).toEqual(
      new Set([JSON.stringify({ kind: 'sent', reply: '250 ok' })]),
    );
    expect(most).toBe(2);
    await transport.close();
    server.close();
  },
);

test('a server that shuts down is not asked for ever', async () => {
  const server = await scripted(at('connect', '421 4.3.2 shutting down'));
  const transport = transportTo(server.url, { connections: 5 });
  const outcomes = await Promise.all(
    Array.from({ length: 5 }, () => transport.send(letter(), () => undefined)),
  );
  expect(outcomes[0]).toMatchObject({ kind: 'deferred', scope: 'host' });
  expect(server.connections.length).toBeLessThanOrEqual(10);
});

describe('before the final dot', () => {
  test.each<[Step, Cue, SendOutcome]>([
    [
      'RCPT',
      '450 4.2.0 greylisted',
      { kind: 'deferred', scope: 'message', reason: '450 4.2.0 greylisted' },
    ],
    [
      'RCPT',
      '550 5.1.1 no such user',
      { kind: 'rejected', code: 550, about: 'mailbox', reason: '550 5.1.1 no such user' },
    ],
    [
      'RCPT',
      '550 nobody here',
      { kind: 'rejected', code: 550, about: 'mailbox', reason: '550 nobody here' },
    ],
    [
      'RCPT',
      '554 5.7.1 relaying denied',
      { kind: 'rejected', code: 554, about: 'message', reason: '554 5.7.1 relaying denied' },
    ],
    ['RCPT', '421 4.3.0 busy', { kind: 'deferred', scope: 'host', reason: '421 4.3.0 busy' }],
    ['MAIL', '421 4.3.0 busy', { kind: 'deferred', scope: 'host', reason: '421 4.3.0 busy' }],
    [
      'MAIL',
      '550 5.1.8 sender unknown',
      { kind: 'deferred', scope: 'host', reason: '550 5.1.8 sender unknown' },
    ],
    [
      'MAIL',
      '530 5.7.0 log in first',
      { kind: 'deferred', scope: 'host', reason: '530 5.7.0 log in first' },
    ],
    ['DATA', '451 4.3.0 later', { kind: 'deferred', scope: 'message', reason: '451 4.3.0 later' }],
    [
      'connect',
      '554 go away',
      { kind: 'deferred', scope: 'host', reason: 'no connection: 554 go away' },
    ],
  ])('%s answered %j is %j', async (step, cue, outcome) => {
    const server = await scripted(at(step, cue));
    expect(await sendTo(server.url)).toEqual({ outcome, dots: 0 });
    expect(server.messages).toEqual([]);
  });

  test('421 to a pipelined MAIL defers the host too', async () => {
    const server = await scripted((step) =>
      step === 'EHLO' ? '250-test\r\n250 PIPELINING' : step === 'MAIL' ? '421 busy' : undefined,
    );
    const { outcome, dots } = await sendTo(server.url);
    expect(outcome).toMatchObject({ kind: 'deferred', scope: 'host', reason: '421 busy' });
    expect(dots).toBe(0);
  });

  test.each<Step>(['connect', 'EHLO', 'MAIL', 'RCPT', 'DATA'])(
    'a drop at %s defers the host',
    async (step) => {
      const server = await scripted(at(step, 'hang up'));
      const { outcome, dots } = await sendTo(server.url);
      expect(outcome).toMatchObject({ kind: 'deferred', scope: 'host' });
      expect(dots).toBe(0);
    },
  );

  test.each<Step>(['connect', 'EHLO', 'MAIL', 'RCPT', 'DATA'])(
    'silence at %s is waited for no longer than allowed',
    async (step) => {
      const server = await scripted(at(step, 'say nothing'));
      const timeouts = { connectMs: 150, replyMs: 150 };
      const { outcome, dots } = await sendTo(server.url, { timeouts });
      expect(outcome).toMatchObject({ kind: 'deferred', scope: 'host' });
      expect(dots).toBe(0);
      await server.allGone();
    },
  );

  test.each<Step>(['connect', 'EHLO', 'MAIL', 'RCPT', 'DATA'])(
    'an answer to %s that dribbles in without end is bounded as well',
    async (step) => {
      const server = await scripted(at(step, 'dribble'));
      const timeouts = { connectMs: 200, messageMs: 200 };
      const { outcome, dots } = await sendTo(server.url, { timeouts });
      expect(outcome).toMatchObject({ kind: 'deferred', scope: 'host' });
      expect(dots).toBe(0);
      await server.allGone();
    },
  );

  test('a server that stops reading in the middle of the message is bounded', async () => {
    const tarpit = await scripted(inLarge('stop reading'));
    const timeouts = { replyMs: 150 };
    const stuck = await sendTo(tarpit.url, { timeouts }, large);
    expect(stuck).toMatchObject({ outcome: { kind: 'deferred', scope: 'host' }, dots: 0 });
    expect(tarpit.messages).toEqual([]);
  });

  test('a message that takes too long altogether is not ended, and so not in doubt', async () => {
    const tarpit = await scripted(inLarge('stop reading'));
    const timeouts = { messageMs: 300 };
    const stuck = await sendTo(tarpit.url, { timeouts }, large);
    expect(stuck).toMatchObject({
      outcome: { kind: 'deferred', scope: 'host', reason: expect.stringContaining('no end after') },
      dots: 0,
    });
    expect(tarpit.messages).toEqual([]);
  });

  test('a drop in the middle of the message defers the host', async () => {
    const server = await scripted(inLarge('hang up'));
    const { outcome, dots } = await sendTo(server.url, {}, large);
    expect(outcome).toMatchObject({ kind: 'deferred', scope: 'host' });
    expect([dots, server.messages]).toEqual([0, []]);
  });

  test.each<[Cue, Partial<SendOutcome>]>([
    ['452 4.3.1 disk full', { kind: 'deferred', scope: 'message' } as Partial<SendOutcome>],
    ['552 5.3.4 too large', { kind: 'rejected', about: 'message' } as Partial<SendOutcome>],
    ['421 4.3.2 going down', { kind: 'deferred', scope: 'host' } as Partial<SendOutcome>],
  ])('%j in the middle of the message is an answer, and no dot follows', async (cue, expected) => {
    const server = await scripted(inLarge(cue));
    const { outcome, dots } = await sendTo(server.url, {}, large);
    expect(outcome).toMatchObject(expected);
    expect(dots).toBe(0);
  });

  test('a refusal leaves the connection good for the next message', async () => {
    let refusals = 1;
    const server = await scripted((step) =>
      step === 'RCPT' && refusals-- > 0 ? '550 5.1.1 no such user' : undefined,
    );
    const transport = transportTo(server.url, { connections: 1 });
    expect((await transport.send(letter(), () => undefined)).kind).toBe('rejected');
    expect((await transport.send(letter(), () => undefined)).kind).toBe('sent');
    expect(server.connections).toHaveLength(1);
    expect(server.connections[0]).toContain('RSET');
  });

  test('a ledger that cannot commit keeps the message from being ended', async () => {
    const server = await scripted(() => undefined);
    const transport = transportTo(server.url);
    const full = new Error('disk full');
    const sending = transport.send(letter(), () => {
      throw full;
    });
    await expect(sending).rejects.toBe(full);
    await server.allGone();
    expect(server.messages).toEqual([]);
    expect((await transport.send(letter(), () => undefined)).kind).toBe('sent');
  });

  test('a message larger than the server takes is refused without trying', async () => {
    const server = await scripted(at('EHLO', '250-test\r\n250 SIZE 10'));
    const { outcome } = await sendTo(server.url);
    expect(outcome).toMatchObject({ kind: 'rejected', code: 552, about: 'message' });
  });

  test('nobody listening defers the host', async () => {
    const closed = createServer();
    await new Promise<void>((listening) => closed.listen(0, '127.0.0.1', listening));
    const { port } = closed.address() as AddressInfo;
    await new Promise((done) => closed.close(done));
    const { outcome } = await sendTo(`smtp://127.0.0.1:${port}`);
    expect(outcome).toMatchObject({ kind: 'deferred', scope: 'host', reason: /ECONNREFUSED/ });
  });

  test('something that speaks no SMTP defers the host', async () => {
    const server = await scripted(at('connect', 'HTTP/1.1 400 Bad Request'));
    expect((await sendTo(server.url)).outcome).toMatchObject({ kind: 'deferred', scope: 'host' });
  });
});

describe('after the final dot', () => {
  test('a drop leaves the message in doubt', async () => {
    const server = await scripted(at('end', 'hang up'));
    const { outcome, dots } = await sendTo(server.url);
    expect(outcome.kind).toBe('unknown');
    expect(dots).toBe(1);
    expect(server.messages).toHaveLength(1);
  });

  test('so does silence, and the connection is let go', async () => {
    const server = await scripted(at('end', 'say nothing'));
    const { outcome, dots } = await sendTo(server.url, { timeouts: { replyMs: 150 } });
    expect(outcome.kind).toBe('unknown');
    expect(dots).toBe(1);
    await server.allGone();
  });

  test.each<[Cue, SendOutcome]>([
    ['451 4.3.2 not now', { kind: 'deferred', scope: 'message', reason: '451 4.3.2 not now' }],
    ['421 4.3.2 closing', { kind: 'deferred', scope: 'host', reason: '421 4.3.2 closing' }],
    [
      '554 5.7.1 looks like spam',
      { kind: 'rejected', code: 554, about: 'message', reason: '554 5.7.1 looks like spam' },
    ],
    [
      '550 5.2.1 mailbox closed',
      { kind: 'rejected', code: 550, about: 'mailbox', reason: '550 5.2.1 mailbox closed' },
    ],
    ['550 no', { kind: 'rejected', code: 550, about: 'message', reason: '550 no' }],
  ])('%j is an answer', async (cue, outcome) => {
    const server = await scripted(at('end', cue));
    expect(await sendTo(server.url)).toEqual({ outcome, dots: 1 });
  });
});

describe('once send has settled, nothing reads the bytes any more', () => {
  // The message has gone back to the printer then, and another reader's may stand there.
  const text = 'the line of a reader\r\n';
  const mail = () => letter('mira@example.org', Buffer.from(text.repeat(600_000)));
  type Ending = {
    readonly how: string;
    readonly end: (socket: Socket) => void;
    readonly timeouts?: SmtpOptions['timeouts'];
  };
  test.each<Ending>([
    { how: 'is silent', end: () => undefined, timeouts: { replyMs: 300 } },
    { how: 'is slow', end: () => undefined, timeouts: { messageMs: 300 } },
    { how: 'hangs up', end: (socket) => socket.end() },
    { how: 'resets', end: (socket) => socket.resetAndDestroy() },
    { how: 'refuses', end: (socket) => socket.write('552 5.3.4 too large\r\n') },
    { how: 'says goodbye', end: (socket) => socket.end('421 4.3.2 going down\r\n') },
    { how: 'takes it after all', end: (socket) => socket.resume() },
  ])('by a server that $how, and then reads on', async ({ end, timeouts = {} }) => {
    let taken = '';
    const server = createServer((socket) => {
      let isData = false;
      socket.on('error', () => undefined);
      socket.write('220 test\r\n');
      socket.on('data', (chunk: Buffer) => {
        const said = chunk.toString('latin1');
        if (isData) {
          const isFirst = taken === '';
          taken += said;
          if (said.endsWith('\r\n.\r\n')) socket.write('250 taken\r\n');
          if (!isFirst) return;
          socket.pause();
          setTimeout(end, 100, socket);
          setTimeout(() => socket.resume(), 700);
          return;
        }
        isData = said.includes('DATA');
        for (const line of said.trim().split('\r\n'))
          socket.write(line === 'DATA' ? '354 go on\r\n' : '250 ok\r\n');
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const transport = transportTo(url, { timeouts });
    const sent = mail();
    await transport.send(sent, () => undefined);
    sent.bytes.fill('X');
    await new Promise((later) => setTimeout(later, 900));
    expect(taken.length).toBeGreaterThan(text.length);
    expect(taken).not.toContain('X');
    server.close();
  });
});
