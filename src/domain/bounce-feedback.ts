/** Complaints: the abuse report of RFC 5965, and the one large provider that sends a form of its own. */
import { type Bounce, headerOf, listAddresses, type MailMessage } from './bounce-message.ts';
import { readReturnedRecipients } from './bounce-text.ts';

/** RFC 5965 §3.5, RFC 6430, RFC 6591: reports by which no reader asks for anything. */
const notFromReaders = ['not-spam', 'auth-failure', 'dmarc'];

/** `undefined` when the message is no feedback report. */
export const readFeedback = (message: MailMessage): readonly Bounce[] | undefined => {
  const report = message.parts.find((part) => part.type === 'message/feedback-report');
  if (!report && !isPlainComplaint(message)) return undefined;
  const fields = report?.text ?? '';
  const type = (valuesOf(fields, 'feedback-type')[0] ?? 'abuse').toLowerCase();
  if (notFromReaders.includes(type)) return [];
  const optsOut = type.startsWith('opt-out');
  const recipients = [
    ...(optsOut ? valuesOf(fields, 'removal-recipient') : []),
    ...valuesOf(fields, 'original-rcpt-to'),
  ].flatMap(listAddresses);
  const told = recipients.length > 0 ? recipients : enclosedRecipients(message);
  return [...new Set(told)].map((recipient) => ({
    recipient,
    verdict: optsOut ? 'opt-out' : 'complaint',
    status: '',
    reason: 'feedback',
  }));
};

const valuesOf = (fields: string, name: string): readonly string[] =>
  [...fields.matchAll(new RegExp(String.raw`^${name}[ \t]*:[ \t]*(.*)$`, 'gim'))].map((match) =>
    (match[1] ?? '').trim(),
  );

const enclosedRecipients = ({ parts }: MailMessage): readonly string[] => {
  for (const part of parts) {
    if (!/rfc822|^text\/plain$/.test(part.type)) continue;
    const told = /^x-hmxmroriginalrecipient:(.*)$/im.exec(part.text)?.[1];
    const recipients = told ? listAddresses(told) : readReturnedRecipients(part.text);
    if (recipients.length > 0) return recipients;
  }
  return [];
};

/** Microsoft's junk mail reporting encloses the mail and says in the subject what it is. */
const isPlainComplaint = ({ headers, parts }: MailMessage): boolean =>
  /^complaint about message from /i.test(headerOf(headers, 'subject')) &&
  parts.some((part) => part.type === 'message/rfc822');
