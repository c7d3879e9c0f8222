/** What every way of sending mail has in common. */
import type { SendOutcome } from '../domain/delivery.ts';

export type OutgoingMail = {
  /** Unique to the delivery and fit for a file name. */
  readonly key: string;
  readonly envelope: { readonly from: string; readonly to: string };
  /** The whole message, CRLF-ended lines. */
  readonly bytes: Buffer;
};

export type Transport = {
  /** For the log and the doctor; no password in it. */
  readonly describe: string;
  /**
   * Sends one message. `beforeFinalDot` is called once, and waited for, when everything but the end
   * of the message has been handed over: an error before it means nothing was delivered. When it
   * throws, the message is not ended, and `send` rejects with what it threw.
   */
  readonly send: (
    mail: OutgoingMail,
    beforeFinalDot: () => void | Promise<void>,
  ) => Promise<SendOutcome>;
  /** Waits for what is under way, then lets go of every connection. */
  readonly close: () => Promise<void>;
};
