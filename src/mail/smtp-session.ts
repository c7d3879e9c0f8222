/**
 * One connection to a mail server. Greeting, TLS and login are nodemailer's; then the socket is
 * taken over and the mail transactions are ours. Its client reports some failures to the callback,
 * some as an event and some as both; here each operation fails exactly once.
 */
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { openDialogue, type SmtpDialogue, smtpFailure } from './smtp-dialogue.ts';
import type { SmtpServer } from './smtp-server.ts';

/** Milliseconds. */
export type SmtpTimeouts = {
  /** From the first packet through greeting, STARTTLS and login, altogether. */
  readonly connectMs: number;
  /** For each answer, and for each pause in taking our data. */
  readonly replyMs: number;
  /** For one message altogether, so that a server that dribbles cannot hold it for ever. */
  readonly messageMs: number;
  /** How long an unused connection is kept. */
  readonly idleMs: number;
};

// RFC 5321 §4.5.3.2: up to 10 minutes for the answer to the final dot. Giving up earlier on that
// one would turn slow servers into doubtful deliveries.
export const usualTimeouts: SmtpTimeouts = {
  connectMs: 60_000,
  replyMs: 600_000,
  messageMs: 900_000,
  idleMs: 30_000,
};

export type SmtpSession = {
  readonly isOpen: () => boolean;
  /** Extensions of the EHLO reply, in capitals, with their parameters. */
  readonly extensions: ReadonlyMap<string, string>;
  readonly dialogue: SmtpDialogue;
  /** Unset where nothing is encrypted. */
  readonly tls?: { readonly certificateUntil: Date };
  /** RSET, so that a refused envelope does not spoil the next one. */
  readonly reset: () => Promise<void>;
  /** QUIT, then the end, whether or not the server answers. */
  readonly quit: () => Promise<void>;
  /** The end at once. */
  readonly drop: () => void;
};

/** Connects, upgrades to TLS and logs in. Rejects with an `SmtpFailure`, leaving no socket open. */
export const openSession = async (
  server: SmtpServer,
  timeouts: SmtpTimeouts,
): Promise<SmtpSession> => {
  const connection = new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.secure,
    requireTLS: server.tls === 'required' && !server.secure,
    ignoreTLS: server.tls === 'off',
    tls: { rejectUnauthorized: server.verifyCertificate },
    connectionTimeout: timeouts.connectMs,
    greetingTimeout: timeouts.connectMs,
    socketTimeout: timeouts.replyMs,
    socketCloseTimeout: 1_000,
    ...(server.name === undefined ? {} : { name: server.name }),
  });
  const watch = watchFailures(connection);
  // The library's own limits begin anew with every byte, and a server may dribble.
  const patience = setTimeout(() => {
    connection.close();
    watch.fail(new Error(`no session after ${timeouts.connectMs / 1000} s`));
  }, timeouts.connectMs);
  try {
    await watch.run<void>((done) => connection.connect((error) => done(error ?? null)));
    // Read here, since a login replaces the last reply.
    const extensions = extensionsOf(connection.lastServerResponse || '');
    const { auth } = server;
    // nodemailer keeps notes in the object it is given.
    if (auth) await watch.run<unknown>((done) => connection.login({ ...auth }, done));
    const socket = takeSocket(connection);
    return {
      ...session(openDialogue(socket), extensions, timeouts.replyMs),
      ...tlsOf(socket),
    };
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    clearTimeout(patience);
  }
};

// For answers that change nothing, those to RSET and QUIT.
const politeMs = 2_000;

type Callback<T> = (error: Error | null, value?: T) => void;
type Watch = {
  readonly run: <T>(start: (done: Callback<T>) => void) => Promise<T | undefined>;
  readonly fail: (error: Error) => void;
};

/** Runs one operation at a time, failing it also by what the connection reports elsewhere. */
const watchFailures = (connection: SMTPConnection): Watch => {
  let fail: ((error: Error) => void) | undefined;
  connection.on('error', (error: Error) => fail?.(error));
  // The operation's own callback may still come in this turn, and knows better why it ended.
  connection.on('end', () =>
    setImmediate(() => fail?.(new Error('the connection ended without an answer'))),
  );
  return {
    run: (start) =>
      new Promise((resolve, reject) => {
        fail = reject;
        start((error, value) => {
          fail = undefined;
          if (error) reject(error);
          else resolve(value);
        });
      }),
    fail: (error) => fail?.(error),
  };
};

// Private, and without another way to it after STARTTLS: the version is pinned, and a test would
// notice before an operator does.
const takeSocket = (connection: SMTPConnection): Socket => {
  const { _socket: socket } = connection as unknown as { _socket?: unknown };
  if (!(socket instanceof Socket)) throw new Error('the mail library hides its socket');
  for (const event of ['data', 'end', 'close', 'error', 'timeout'])
    socket.removeAllListeners(event);
  return socket;
};

const tlsOf = (socket: Socket): Pick<SmtpSession, 'tls'> =>
  socket instanceof TLSSocket
    ? { tls: { certificateUntil: new Date(socket.getPeerCertificate().valid_to) } }
    : {};

const session = (
  dialogue: SmtpDialogue,
  extensions: ReadonlyMap<string, string>,
  replyMs: number,
): SmtpSession => {
  dialogue.patience(replyMs);
  return {
    isOpen: dialogue.isOpen,
    extensions,
    dialogue,
    reset: async () => {
      // The message's fate is known by now and must not wait for a formality.
      const impatience = setTimeout(dialogue.drop, politeMs);
      try {
        await dialogue.write('RSET\r\n');
        const { code, text } = await dialogue.reply();
        if (code !== 250) throw smtpFailure(text, { responseCode: code, response: text });
      } finally {
        clearTimeout(impatience);
      }
    },
    quit: async () => {
      if (!dialogue.isOpen()) return;
      const impatience = setTimeout(dialogue.drop, politeMs);
      await dialogue
        .write('QUIT\r\n')
        .then(dialogue.reply)
        .catch(() => undefined);
      clearTimeout(impatience);
      dialogue.drop();
    },
    drop: dialogue.drop,
  };
};

const extensionsOf = (ehloReply: string): ReadonlyMap<string, string> =>
  new Map(
    ehloReply
      .split(/\r?\n/)
      .slice(1)
      .map((line): [string, string] => {
        const [name = '', ...parameters] = line.replace(/^\d+[ -]/, '').split(/\s+/);
        return [name.toUpperCase(), parameters.join(' ')];
      }),
  );
