/** What every way of sending mail has in common. */
import type { SendOutcome } from '../domain/delivery.ts';

export type OutgoingMail = {
  /** Unique to the delivery and fit for a file name. */
  readonly key: string;
  readonly envelope: { readonly from: string; readonly to: string };
  /** The whole message, CRLF-ended lines. */
  readonly bytes: Buffer;
  /** No line begins with a dot, so that none needs another before it (RFC 5321 §4.5.2). */
  readonly noLeadingDots?: true;
  /**
   * Gives the bytes back to whoever made them, to be written over. For the one who asked for the mail,
   * once nobody reads it any more; where it is never called, the collector takes them.
   */
  readonly release?: (() => void) | undefined;
};

/**
 * What became of a message whose sender died between `beforeFinalDot` and the end of `send`: it is
 * out, or it certainly is not; nothing is said of one that left no trace.
 */
export type Trace = 'sent' | 'not-sent';

/** A way of sending that leaves traces to be looked at afterwards. */
export type Traces = {
  readonly find: (keys: readonly string[]) => Promise<ReadonlyMap<string, Trace>>;
  /** Takes away what a dead sender left unfinished. */
  readonly clear: (keys: readonly string[]) => Promise<void>;
};

/** Nothing of the message was sent, and nobody was asked. */
export class NotBegun extends Error {}

export type Transport = {
  /** For the log and the doctor; no password in it. */
  readonly describe: string;
  /**
   * Sends one message. `beforeFinalDot` is called once, and waited for, when everything but the end
   * of the message has been handed over: an error before it means nothing was delivered. When it
   * throws, the message is not ended, and `send` rejects with what it threw. Once `send` has settled
   * nothing reads `mail.bytes` any more: other mails are written over them. A message that had to wait
   * for its turn until `isOver` said so, or the transport was closed, is not begun: `NotBegun`.
   */
  readonly send: (
    mail: OutgoingMail,
    beforeFinalDot: () => void | Promise<void>,
    isOver?: () => boolean,
  ) => Promise<SendOutcome>;
  /** Unset where nobody can tell, as with a mail server. */
  readonly traces?: Traces;
  /** Waits for what is under way, then lets go of every connection. */
  readonly close: () => Promise<void>;
};
