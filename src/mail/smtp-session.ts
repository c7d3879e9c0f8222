/**
 * One connection to a mail server, with nodemailer's callbacks and events made promises. Its client
 * reports some failures to the callback, some as an event and some as both; here each operation
 * fails exactly once, and an event nobody waits for is only remembered.
 */
import type { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SmtpServer } from './smtp-server.ts';

/** Milliseconds. */
export type SmtpTimeouts = {
  /** From the first packet to the greeting and through STARTTLS. */
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

/** What nodemailer's client throws; `code` and `command` say at which step. */
export type SmtpFailure = Error & {
  readonly code?: string;
  /** What the system or TLS called it. */
  readonly originalCode?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
};

export type SmtpEnvelope = { readonly from: string; readonly to: string; readonly size: number };

export type SmtpSession = {
  readonly isOpen: () => boolean;
  /** Extensions of the EHLO reply, in capitals. */
  readonly extensions: ReadonlySet<string>;
  /** The server's final reply. Rejects with an `SmtpFailure`. */
  readonly send: (envelope: SmtpEnvelope, message: Readable) => Promise<string>;
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
  try {
    await watch<void>((done) => connection.connect((error) => done(error ?? null)));
    // Read here, since a login replaces the last reply.
    const extensions = extensionsOf(connection.lastServerResponse || '');
    const { auth } = server;
    // nodemailer keeps notes in the object it is given.
    if (auth) await watch<unknown>((done) => connection.login({ ...auth }, done));
    return session(connection, watch, extensions);
  } catch (error) {
    connection.close();
    throw error;
  }
};

// For answers that change nothing, those to RSET and QUIT.
const politeMs = 2_000;

type Callback<T> = (error: Error | null, value?: T) => void;
type Watch = <T>(start: (done: Callback<T>) => void) => Promise<T | undefined>;

/** Runs one operation at a time, failing it also by what the connection reports elsewhere. */
const watchFailures = (connection: SMTPConnection): Watch => {
  let fail: ((error: Error) => void) | undefined;
  connection.on('error', (error: Error) => fail?.(error));
  // The operation's own callback may still come in this turn, and knows better why it ended.
  connection.on('end', () =>
    setImmediate(() => fail?.(new Error('the connection ended without an answer'))),
  );
  return (start) =>
    new Promise((resolve, reject) => {
      fail = reject;
      start((error, value) => {
        fail = undefined;
        if (error) reject(error);
        else resolve(value);
      });
    });
};

const session = (
  connection: SMTPConnection,
  watch: Watch,
  extensions: ReadonlySet<string>,
): SmtpSession => ({
  isOpen: () => !connection.destroyed,
  extensions,
  send: async (envelope, message) => {
    const info = await watch<{ readonly response: string }>((done) =>
      connection.send({ ...envelope }, message, done),
    );
    return info?.response ?? '';
  },
  reset: async () => {
    // The message's fate is known by now and must not wait for a formality.
    const impatience = setTimeout(() => connection.close(), politeMs);
    await watch<unknown>((done) => connection.reset(done)).finally(() => clearTimeout(impatience));
  },
  quit: () =>
    new Promise((done) => {
      if (connection.destroyed) return done();
      const impatience = setTimeout(() => connection.close(), politeMs);
      connection.once('end', () => {
        clearTimeout(impatience);
        done();
      });
      connection.quit();
    }),
  drop: () => connection.close(),
});

const extensionsOf = (ehloReply: string): ReadonlySet<string> =>
  new Set(
    ehloReply
      .split(/\r?\n/)
      .slice(1)
      .map(
        (line) =>
          line
            .replace(/^\d+[ -]/, '')
            .split(/\s/)[0]
            ?.toUpperCase() ?? '',
      ),
  );
