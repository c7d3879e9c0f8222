/** Whether a recipient was refused for the sender's sake: then nothing is said against the reader. */
import { judge } from './bounce-reason.ts';

/** Reasons that are about whoever sends, by the names of `bounce-reason.ts`. */
const aboutSender = [
  ...(['authfailure', 'badreputation', 'blocked', 'norelaying', 'rejected', 'requireptr'] as const),
] as readonly string[];

/**
 * Many servers judge the sender only when they hear a recipient: Postfix by default
 * (`smtpd_delay_reject`), Exim where it verifies senders in the RCPT rules. Their "user unknown" is then
 * of the return address, and taken for the reader's it would strike every reader off the list.
 * RFC 3463: 5.1.7 and 5.1.8 are a sender's address.
 */
export const refusesSender = (
  reply: string,
  envelope: { readonly from: string; readonly to: string },
): boolean => {
  const text = reply.toLowerCase().replace(/\s+/g, ' ');
  const names = (address: string): boolean => text.includes(address.toLowerCase());
  if (names(envelope.from) && !names(envelope.to)) return true;
  if (/\b5\.1\.[78]\b/.test(text)) return true;
  if (/\bsender (?:address|domain|verif|rejected|denied|is )/.test(text))
    return !/\b5\.1\.1\b/.test(text);
  if (/\brecipient\b|\baddress rejected|\b5\.1\.[0-36]\b/.test(text)) return false;
  const judged = judge({ text, status: '', command: 'RCPT', action: 'failed', category: '' });
  return judged !== undefined && aboutSender.includes(judged.reason);
};
