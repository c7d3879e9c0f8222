/** One message through an open dialogue. */
import {
  type SmtpDialogue,
  type SmtpFailure,
  type SmtpReply,
  smtpFailure,
} from './smtp-dialogue.ts';
import type { SmtpSession } from './smtp-session.ts';
import type { OutgoingMail } from './transport.ts';

export type SmtpEnvelope = {
  readonly from: string;
  readonly to: string;
  /** Whether an address is not ASCII (RFC 6531). */
  readonly utf8: boolean;
};

/** `beforeFinalDot` failed: the message was not ended, and this is why. */
export class RefusedEnd extends Error {}

/** How far the message has come; kept by the caller, who must know it when all else failed. */
export type SmtpProgress = { ended: boolean };

const lineEnd = Buffer.from('\r\n');

/** What a message waits for, and who waits for it. */
export type SmtpCues = {
  /** The answer to the message before on the same connection, where it is still to come. */
  readonly before?: Promise<void> | undefined;
  readonly beforeFinalDot: () => void | Promise<void>;
  /** The message is ended: another may begin behind it, where the server takes pipelining. */
  readonly onEnded?: (() => void) | undefined;
};

/**
 * Sends one message, CRLF-ended lines, and returns the server's final reply. Rejects with an
 * `SmtpFailure` that says at which step, or with `RefusedEnd`. When `progress.ended` is false
 * nothing was delivered.
 */
export const sendMessage = async (
  { dialogue, extensions }: Pick<SmtpSession, 'dialogue' | 'extensions'>,
  envelope: SmtpEnvelope,
  { bytes, noLeadingDots }: Pick<OutgoingMail, 'bytes' | 'noLeadingDots'>,
  { before, beforeFinalDot, onEnded }: SmtpCues,
  progress: SmtpProgress,
): Promise<string> => {
  refuseTooLarge(extensions, bytes.length);
  await startData(dialogue, extensions, envelope, bytes.length);
  await dialogue.write(noLeadingDots ? bytes : stuffDots(bytes));
  // An answer before the end is a refusal, or a goodbye: the dot would only confuse it.
  if (dialogue.hasSpoken()) throw failed(await dialogue.reply(), 'EMESSAGE', 'DATA');
  // The ledger learns how the message before ended before it hears of this one, so that no more
  // than one on a connection is ever in doubt.
  if (before) await before;
  try {
    const committed = beforeFinalDot();
    if (committed) await committed;
  } catch (error) {
    throw new RefusedEnd('the message was not ended', { cause: error });
  }
  progress.ended = true;
  const isPipelined = onEnded !== undefined && extensions.has('PIPELINING');
  const written = isPipelined ? dialogue.writeSoon('.\r\n') : dialogue.write('.\r\n');
  const answered = dialogue.reply();
  if (isPipelined) onEnded();
  const [reply] = await Promise.all([answered, written]);
  if (reply.code < 200 || reply.code > 299) throw failed(reply, 'EMESSAGE', 'DATA');
  return reply.text;
};

const refuseTooLarge = (extensions: ReadonlyMap<string, string>, size: number): void => {
  const limit = Number(extensions.get('SIZE') ?? 0);
  if (limit > 0 && size > limit)
    throw smtpFailure(`the server takes ${limit} octets, the message has ${size}`, {
      code: 'EMESSAGE',
    });
};

const startData = async (
  dialogue: SmtpDialogue,
  extensions: ReadonlyMap<string, string>,
  { from, to, utf8 }: SmtpEnvelope,
  size: number,
): Promise<void> => {
  const parameters =
    (extensions.has('SIZE') ? ` SIZE=${size}` : '') + (utf8 ? ' SMTPUTF8 BODY=8BITMIME' : '');
  const commands = [
    { name: 'MAIL FROM', text: `MAIL FROM:<${from}>${parameters}\r\n` },
    { name: 'RCPT TO', text: `RCPT TO:<${to}>\r\n` },
    { name: 'DATA', text: 'DATA\r\n' },
  ] as const;
  const pipelined = extensions.has('PIPELINING');
  if (pipelined) await dialogue.write(commands.map(({ text }) => text).join(''));
  let refusal: SmtpFailure | undefined;
  for (const { name, text } of commands) {
    if (!pipelined) await dialogue.write(text);
    const reply = await dialogue.reply();
    const accepted = name === 'DATA' ? reply.code === 354 : reply.code >= 200 && reply.code < 300;
    if (!accepted) refusal ??= failed(reply, 'EENVELOPE', name);
    // A server that wants data for a refused envelope can only be left.
    else if (name === 'DATA' && refusal) dialogue.drop();
    // 421 is a goodbye: no other reply follows it.
    if (refusal && (!pipelined || reply.code === 421)) break;
  }
  if (refusal) throw refusal;
};

const failed = ({ code, text }: SmtpReply, kind: string, command: string): SmtpFailure =>
  smtpFailure(text, { code: kind, command, responseCode: code, response: text });

const dotLine = Buffer.from('\r\n.');

/** RFC 5321 §4.5.2: a line that begins with a dot gets another; the last line gets its end. */
const stuffDots = (bytes: Buffer): Buffer => {
  const ended = bytes.subarray(-2).equals(lineEnd) ? bytes : Buffer.concat([bytes, lineEnd]);
  if (ended[0] !== 0x2e && !ended.includes(dotLine)) return ended;
  const pieces: Buffer[] = ended[0] === 0x2e ? [Buffer.from('.')] : [];
  let from = 0;
  for (let at = ended.indexOf(dotLine); at >= 0; at = ended.indexOf(dotLine, at + 3)) {
    pieces.push(ended.subarray(from, at + 3), Buffer.from('.'));
    from = at + 3;
  }
  return Buffer.concat([...pieces, ended.subarray(from)]);
};
