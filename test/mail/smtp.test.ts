import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { composeMessage } from '../../src/mail/compose.ts';
import { smtpTransport } from '../../src/mail/smtp.ts';
import { parseSmtpUrl } from '../../src/mail/smtp-server.ts';
import { NotBegun } from '../../src/mail/transport.ts';
import { sampleMessage } from './sample-mail.ts';
import { at, cleanUp, letter, polite, scripted, sendTo, transportTo } from './smtp-parts.ts';

afterEach(cleanUp);

describe('a mail server that takes the message', () => {
  test('gets exactly the bytes, dots and all, after the ledger was told', async () => {
    const received: Buffer[] = [];
    const port = await polite({
      authOptional: true,
      onData: (stream, _session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          received.push(Buffer.concat(chunks));
          done();
        });
      },
    });
    const html = `<p>${'.\n..\nα '.repeat(9_000)}</p>`;
    const bytes = await composeMessage({ ...sampleMessage, text: '.\n..\n.x\n', html });
    const { outcome, dots } = await sendTo(
      `smtp://127.0.0.1:${port}`,
      {},
      letter('a@b.example', bytes),
    );
    expect(outcome).toMatchObject({ kind: 'sent', reply: expect.stringMatching(/^250/) });
    expect(dots).toBe(1);
    expect(received).toHaveLength(1);
    expect(received[0]?.equals(bytes)).toBe(true);
  });

  test('is told MAIL, RCPT and DATA over one connection for several messages', async () => {
    const server = await scripted(() => undefined);
    const transport = transportTo(server.url, { connections: 1 });
    for (let i = 0; i < 3; i += 1)
      expect((await transport.send(letter(), () => undefined)).kind).toBe('sent');
    await transport.close();
    expect(server.connections).toHaveLength(1);
    expect(server.connections[0]?.filter((line) => line === 'DATA')).toHaveLength(3);
    expect(server.connections[0]?.at(-1)).toBe('QUIT');
    await server.allGone();
  });

  test('sees no more connections at once than allowed, and every message', async () => {
    const server = await scripted(() => undefined);
    const transport = transportTo(server.url, { connections: 3 });
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => transport.send(letter(), () => undefined)),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(20).fill('sent'));
    expect(server.messages).toHaveLength(20);
    expect(server.connections.length).toBeLessThanOrEqual(3);
  });

  test('is asked again on a new connection when it had ended the kept one', async () => {
    const server = await scripted((step, connection) =>
      connection === 0 && step === 'MAIL' && server.messages.length > 0 ? 'hang up' : undefined,
    );
    const transport = transportTo(server.url, { connections: 1 });
    let dots = 0;
    const beforeDot = (): void => {
      dots += 1;
    };
    for (let i = 0; i < 2; i += 1)
      expect((await transport.send(letter(), beforeDot)).kind).toBe('sent');
    expect(dots).toBe(2);
    expect(server.connections).toHaveLength(2);
    expect(server.messages).toHaveLength(2);
  });
});

describe('logging in', () => {
  const withAuth = (onAuth: SMTPServerOptions['onAuth']) =>
    polite({ ...(onAuth ? { onAuth } : {}), authMethods: ['PLAIN'], allowInsecureAuth: true });

  test('uses user and password of the URL', async () => {
    const seen: unknown[] = [];
    const port = await withAuth((auth, _session, done) => {
      seen.push([auth.username, auth.password]);
      done(null, { user: 'ok' });
    });
    const { outcome } = await sendTo(`smtp://us%40er:p%3Ass@127.0.0.1:${port}`);
    expect(outcome.kind).toBe('sent');
    expect(seen).toEqual([['us@er', 'p:ss']]);
  });

  test('a refused login defers the host and says so', async () => {
    const port = await withAuth((_auth, _session, done) => done(new Error('wrong password')));
    const { outcome, dots } = await sendTo(`smtp://user:wrong@127.0.0.1:${port}`);
    expect(outcome).toMatchObject({
      kind: 'deferred',
      scope: 'host',
      reason: expect.stringMatching(/refuses the login: 535/),
    });
    expect(dots).toBe(0);
  });

  test('the password is never shown', () => {
    expect(transportTo('smtp://user:secret@127.0.0.1:2525').describe).toBe(
      'smtp://user@127.0.0.1:2525',
    );
  });
});

describe('TLS', () => {
  const tls = { disabledCommands: [], authOptional: true } satisfies SMTPServerOptions;

  test('is used when offered, but not with a certificate nobody signed', async () => {
    const port = await polite(tls);
    const { outcome } = await sendTo(`smtp://127.0.0.1:${port}`);
    expect(outcome).toMatchObject({
      kind: 'deferred',
      scope: 'host',
      reason: /no secure connection/,
    });
  });

  test('takes such a certificate when told to', async () => {
    const secure: boolean[] = [];
    const port = await polite({
      ...tls,
      onMailFrom: (_address, session, done) => {
        secure.push(session.secure);
        done();
      },
    });
    const { outcome } = await sendTo(`smtp://127.0.0.1:${port}?verify=off`);
    expect(outcome.kind).toBe('sent');
    expect(secure).toEqual([true]);
  });

  test('when required and not to be had, nothing is sent', async () => {
    const server = await scripted(() => undefined);
    const { outcome } = await sendTo(`${server.url}?tls=required`, {
      timeouts: { connectMs: 500 },
    });
    expect(outcome).toMatchObject({ kind: 'deferred', scope: 'host' });
    expect(server.messages).toEqual([]);
  });
});

describe('international addresses', () => {
  const offering = (smtpUtf8: boolean) =>
    at('EHLO', smtpUtf8 ? '250-test\r\n250-SMTPUTF8\r\n250 8BITMIME' : '250 test');

  test('a mailbox in other letters goes to a server that takes them', async () => {
    const server = await scripted(offering(true));
    const { outcome } = await sendTo(server.url, {}, letter('mirá@bücher.example'));
    expect(outcome.kind).toBe('sent');
    const lines =
      server.connections[0]?.map((line) => Buffer.from(line, 'latin1').toString()) ?? [];
    expect(lines).toContain('RCPT TO:<mirá@xn--bcher-kva.example>');
    expect(lines.find((line) => line.startsWith('MAIL'))).toMatch(/ SMTPUTF8/);
  });

  test('and is refused for one that does not', async () => {
    const server = await scripted(offering(false));
    const { outcome, dots } = await sendTo(server.url, {}, letter('mirá@example.org'));
    // Another server may take it, so that the reader is not given up.
    expect(outcome).toMatchObject({ kind: 'rejected', code: 553, about: 'message' });
    expect(dots).toBe(0);
    expect(server.connections[0]?.some((line) => line.startsWith('MAIL'))).toBe(false);
  });

  test('a domain in other letters goes anywhere', async () => {
    const server = await scripted(offering(false));
    expect((await sendTo(server.url, {}, letter('mira@bücher.example'))).outcome.kind).toBe('sent');
    expect(server.connections[0]).toContain('RCPT TO:<mira@xn--bcher-kva.example>');
  });

  test.each(['a@b.example>\r\nDATA', 'a b@c.example', '<a@b.example>', 'nobody', 'a@b@c.example'])(
    'what is no address, %j, never reaches the wire',
    async (to) => {
      const server = await scripted(() => undefined);
      expect((await sendTo(server.url, {}, letter(to))).outcome).toMatchObject({ code: 553 });
      expect(server.connections).toHaveLength(0);
    },
  );
});

test('after close nothing is sent and nothing is left open', async () => {
  const server = await scripted(() => undefined);
  const transport = transportTo(server.url);
  expect((await transport.send(letter(), () => undefined)).kind).toBe('sent');
  await transport.close();
  await server.allGone();
  await expect(transport.send(letter(), () => undefined)).rejects.toThrow(NotBegun);
});

test('a wrong SMTP_URL is answered with what is wrong', () => {
  const reason = (url: string) => {
    const parsed = parseSmtpUrl(url);
    return parsed.kind === 'wrong' ? parsed.reason : parsed.server;
  };
  expect(reason('nonsense')).toMatch(/such as/);
  expect(reason('http://x.example')).toMatch(/smtp:\/\/ or smtps/);
  expect(reason('smtp://user@x.example')).toMatch(/both user and password/);
  expect(reason('smtp://x.example?foo=1')).toMatch(/foo/);
  expect(reason('smtps://x.example')).toMatchObject({ port: 465, secure: true, tls: 'offered' });
  expect(reason('smtp://u:p@x.example')).toMatchObject({ port: 587, tls: 'required' });
  expect(reason('smtp://u:p@localhost:25')).toMatchObject({ port: 25, tls: 'offered' });
  expect(() => smtpTransport('http://x.example')).toThrow('SMTP_URL must start with');
});
