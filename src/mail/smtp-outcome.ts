/** What a failed attempt means for the message, by the step it failed at. */

import type { SendOutcome } from '../domain/delivery.ts';
import { refusesSender } from '../domain/refused-sender.ts';
import type { SmtpFailure } from './smtp-dialogue.ts';

/** How far a message had come. */
export type Progress = {
  /** `beforeFinalDot` has been called: the end of the message is, or may be, on its way. */
  readonly ended: boolean;
};

export const asFailure = (error: unknown): SmtpFailure =>
  error instanceof Error ? error : new Error(String(error));

/** No connection, no greeting, no TLS, no login: nothing that has to do with this message. */
export const connectOutcome = (failure: SmtpFailure): SendOutcome => {
  const reason = reasonOf(failure);
  if (failure.code === 'EAUTH') return deferHost(`the mail server refuses the login: ${reason}`);
  if (failure.code === 'ETLS' || /CERT|SSL|TLS/.test(failure.originalCode ?? ''))
    return deferHost(`no secure connection: ${reason}`);
  return deferHost(`no connection: ${reason}`);
};

export const sendOutcome = (
  failure: SmtpFailure,
  { ended }: Progress,
  envelope: { readonly from: string; readonly to: string },
): SendOutcome => {
  const reason = reasonOf(failure);
  const { responseCode, code } = failure;
  // After the end only a refusal of it is one; a goodbye, silence or an answer to something else decides
  // nothing.
  if (ended && (code !== 'EMESSAGE' || !isRefusal(responseCode)))
    return { kind: 'unknown', reason: `no answer to the whole message: ${reason}` };
  if (responseCode === undefined) {
    if (code === 'EMESSAGE') return { kind: 'rejected', code: 552, about: 'message', reason };
    return deferHost(`the connection failed: ${reason}`);
  }
  if (responseCode === 421 || failure.command === 'MAIL FROM' || isAboutLogin(responseCode))
    // What is refused at MAIL FROM is the sender, that is us, whatever the code; taken for the
    // reader's fault it would strike every reader off the list.
    return deferHost(reason);
  // Whoever answers otherwise is out of step, and has refused nothing for good.
  if (responseCode < 500 || !isRefusal(responseCode))
    return { kind: 'deferred', scope: 'message', reason };
  const about =
    refusesMailbox(failure) && !refusesSender(failure.response ?? '', envelope)
      ? 'mailbox'
      : 'message';
  return { kind: 'rejected', code: responseCode, about, reason };
};

export const deferHost = (reason: string): SendOutcome => ({
  kind: 'deferred',
  scope: 'host',
  reason,
});

/** A mailbox refused by ourselves, with the code a server has for it. */
export const rejectMailbox = (reason: string): SendOutcome => ({
  kind: 'rejected',
  code: 553,
  about: 'mailbox',
  reason,
});

/** A mailbox our own server cannot mail to, though it may well be there: another server may. */
export const rejectUnmailable = (reason: string): SendOutcome => ({
  kind: 'rejected',
  code: 553,
  about: 'message',
  reason,
});

// RFC 5321 §4.2.1: 4yz and 5yz, and there are no others.
const isRefusal = (code: number | undefined): boolean =>
  code !== undefined && code >= 400 && code <= 599;

// RFC 4954 §6: authentication required, mechanism too weak, encryption required.
const isAboutLogin = (code: number): boolean => [530, 534, 535, 538].includes(code);

/**
 * RFC 3463: x.1.x is the address, x.2.x the mailbox; x.7.x is policy and x.6.x content. Without an
 * enhanced code, a refusal of RCPT is about the mailbox and one of DATA about the message.
 */
const refusesMailbox = ({ response = '', command }: SmtpFailure): boolean => {
  const subject = /^\d{3}[ -]5\.(\d{1,3})\.\d{1,3}\b/.exec(response)?.[1];
  return subject === undefined ? command === 'RCPT TO' : ['1', '2'].includes(subject);
};

// Replies are written by strangers: one line, no control characters, no novels.
const reasonOf = (failure: SmtpFailure): string =>
  (failure.response || failure.message)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);
