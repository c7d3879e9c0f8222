/**
 * SMTP's commands and replies over a connected socket: the mail transaction of RFC 5321 §3.3, in
 * one round trip where the server takes pipelining (RFC 2920). Ours rather than the library's,
 * which builds a stream and a transform for every message and takes twice the time.
 */
import type { Socket } from 'node:net';

/** What failed, and at which step. `code` is the library's word for the same thing. */
export type SmtpFailure = Error & {
  readonly code?: string;
  /** What the system or TLS called it. */
  readonly originalCode?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
};

export type SmtpReply = { readonly code: number; readonly text: string };

export type SmtpDialogue = {
  readonly isOpen: () => boolean;
  /** Writes text or bytes; resolves when the system has taken them. */
  readonly write: (data: string | Buffer) => Promise<void>;
  /** Writes a little later, together with what else is written within this turn of the loop. */
  readonly writeSoon: (data: string) => Promise<void>;
  /** The next reply. Rejects with an `SmtpFailure` when there will be none. */
  readonly reply: () => Promise<SmtpReply>;
  /** Whether the server has said something nobody asked for, or is gone. */
  readonly hasSpoken: () => boolean;
  /** From now on a silence of this many milliseconds ends the connection; 0 is for ever. */
  readonly patience: (ms: number) => void;
  readonly drop: () => void;
};

type Waiting = {
  readonly resolve: (reply: SmtpReply) => void;
  readonly reject: (error: SmtpFailure) => void;
};

/** A server that talks on without an end of line is no mail server. */
const longestReply = 64 * 1024;

export const smtpFailure = (
  message: string,
  details: Omit<SmtpFailure, keyof Error>,
): SmtpFailure => Object.assign(new Error(message), details);

const dropped = (): SmtpFailure =>
  smtpFailure('the connection was dropped', { code: 'ECONNECTION' });

/** Takes a socket over; nobody else may read from it any more. */
export const openDialogue = (socket: Socket): SmtpDialogue => {
  const replies: SmtpReply[] = [];
  const waiting: Waiting[] = [];
  const read = createReplyReader();
  let failure: SmtpFailure | undefined;
  const fail = (error: SmtpFailure): void => {
    failure ??= error;
    for (const each of waiting.splice(0)) each.reject(failure);
    socket.destroy();
  };
  socket.on('data', (chunk: Buffer) => {
    const found = read(chunk);
    if (found === undefined) return fail(smtpFailure('this is no SMTP', { code: 'EPROTOCOL' }));
    for (const reply of found) {
      const next = waiting.shift();
      if (next) next.resolve(reply);
      else replies.push(reply);
    }
  });
  socket.on('error', (error: NodeJS.ErrnoException) =>
    fail(smtpFailure(error.message, { code: 'ESOCKET', originalCode: error.code ?? '' })),
  );
  socket.on('close', () =>
    fail(smtpFailure('the connection ended without an answer', { code: 'ECONNECTION' })),
  );
  socket.on('end', () => socket.end());
  socket.on('timeout', () => fail(smtpFailure('the server takes too long', { code: 'ETIMEDOUT' })));
  const write = (data: string | Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      socket.write(data, (error) => {
        if (error) reject(failure ?? smtpFailure(error.message, { code: 'ESOCKET' }));
        // Node ends the write under way without an error when a socket is destroyed.
        else if (socket.destroyed) reject(failure ?? dropped());
        else resolve();
      });
    });
  return {
    isOpen: () => failure === undefined && !socket.destroyed && socket.writable,
    write,
    writeSoon: (data) => {
      socket.cork();
      setImmediate(() => socket.uncork());
      return write(data);
    },
    reply: () => {
      const known = replies.shift();
      if (known) return Promise.resolve(known);
      if (failure) return Promise.reject(failure);
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    hasSpoken: () => replies.length > 0 || failure !== undefined,
    patience: (ms) => void socket.setTimeout(ms),
    drop: () => socket.destroy(),
  };
};

/** Reads replies out of chunks (RFC 5321 §4.2); `undefined` once the text is no reply. */
const createReplyReader = (): ((chunk: Buffer) => readonly SmtpReply[] | undefined) => {
  let rest = '';
  let lines: string[] = [];
  return (chunk) => {
    rest += chunk.toString('utf8');
    const replies: SmtpReply[] = [];
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end).replace(/\r$/, '');
      rest = rest.slice(end + 1);
      const match = /^(\d{3})([ -]|$)/.exec(line);
      if (!match) return undefined;
      lines.push(line);
      if (match[2] === '-') continue;
      replies.push({ code: Number(match[1]), text: lines.join('\n') });
      lines = [];
    }
    return rest.length > longestReply || lines.length > 500 ? undefined : replies;
  };
};
