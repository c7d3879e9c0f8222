/**
 * Mail through a server, over a few kept connections. Retries belong to the ledger: here a message
 * is tried once, and said to be sent, not sent, or in doubt.
 */
import type { SendOutcome } from '../domain/delivery.ts';
import type { Mailbox } from './headers.ts';
import { parseMailbox } from './headers.ts';
import type { SmtpFailure } from './smtp-dialogue.ts';
import {
  asFailure,
  connectOutcome,
  deferHost,
  rejectMailbox,
  rejectUnmailable,
  sendOutcome,
} from './smtp-outcome.ts';
import type { Kept, PassOn, Turn } from './smtp-pool.ts';
import { smtpPool } from './smtp-pool.ts';
import type { SmtpServer } from './smtp-server.ts';
import { parseSmtpUrl } from './smtp-server.ts';
import type { SmtpSession, SmtpTimeouts } from './smtp-session.ts';
import { openSession, usualTimeouts } from './smtp-session.ts';
import { RefusedEnd, type SmtpEnvelope, sendMessage } from './smtp-transaction.ts';
import { NotBegun, type OutgoingMail, type Transport } from './transport.ts';

export type SmtpOptions = {
  /** Connections at the same time, 5 unless said otherwise. */
  readonly connections?: number;
  readonly timeouts?: Partial<SmtpTimeouts>;
};

/** A transport to the server `SMTP_URL` names. @throws for a URL `parseSmtpUrl` finds wrong. */
export const smtpTransport = (url: string, options: SmtpOptions = {}): Transport => {
  const parsed = parseSmtpUrl(url);
  if (parsed.kind === 'wrong') throw new Error(`SMTP_URL ${parsed.reason}`);
  const { server } = parsed;
  const timeouts = { ...usualTimeouts, ...options.timeouts };
  const pool = smtpPool(options.connections ?? 5, timeouts.idleMs);
  return {
    describe: describeServer(server),
    send: async (mail, beforeFinalDot, isOver) => {
      const delivery = planDelivery(mail, beforeFinalDot, timeouts.messageMs);
      if (delivery.kind !== 'planned') return delivery;
      const outcome = await pool.use(
        (kept, passOn) => deliver(kept, () => openSession(server, timeouts), delivery, passOn),
        isOver,
      );
      if (!outcome) throw new NotBegun('the round was over before the message had its turn');
      return outcome;
    },
    close: pool.close,
  };
};

const describeServer = ({ host, port, secure, auth }: SmtpServer): string =>
  `${secure ? 'smtps' : 'smtp'}://${auth ? `${auth.user}@` : ''}${host}:${port}`;

type Delivery = {
  readonly kind: 'planned';
  readonly envelope: SmtpEnvelope;
  readonly mail: OutgoingMail;
  readonly beforeFinalDot: () => void | Promise<void>;
  readonly messageMs: number;
};

/** The envelope with its domains in ASCII, or why there cannot be one. */
const planDelivery = (
  mail: OutgoingMail,
  beforeFinalDot: () => void | Promise<void>,
  messageMs: number,
): Delivery | SendOutcome => {
  const { envelope } = mail;
  const from = parseMailbox(envelope.from);
  const to = parseMailbox(envelope.to);
  if (!from) return deferHost(`the sender's address is none: ${JSON.stringify(envelope.from)}`);
  if (!to) return rejectMailbox(`not a mail address: ${JSON.stringify(envelope.to)}`);
  return {
    kind: 'planned',
    envelope: {
      from: written(from),
      to: written(to),
      utf8: [from, to].some(({ local }) => /[^ -~]/.test(local)),
    },
    mail,
    beforeFinalDot,
    messageMs,
  };
};

const written = ({ local, domain }: Mailbox): string => `${local}@${domain}`;

const deliver = async (
  kept: Kept | undefined,
  open: () => Promise<SmtpSession>,
  delivery: Delivery,
  passOn: PassOn,
): Promise<Turn<SendOutcome>> => {
  if (kept) {
    const turn = await tryOn(kept, delivery, passOn, isStale);
    // The server had ended the kept connection, which says nothing about this message; and since
    // nothing of it had been ended, a new connection cannot double it.
    if (turn !== 'stale') return turn;
  }
  const session = await open().catch(asFailure);
  if (session instanceof Error)
    return { result: connectOutcome(session), crowded: isCrowded(session) };
  const turn = await tryOn({ session }, delivery, passOn, () => false);
  return turn === 'stale' ? { result: deferHost('the connection failed') } : turn;
};

// 421 is also what a server says that shuts down. It is asked again, then, on what is left.
const isCrowded = ({ code, responseCode }: SmtpFailure): boolean =>
  responseCode === 421 && code !== 'EAUTH' && code !== 'ETLS';

const isStale = (failure: SmtpFailure): boolean =>
  failure.code !== 'ETIMEDOUT' &&
  failure.code !== 'EMESSAGE' &&
  (failure.responseCode === undefined || failure.responseCode === 421);

const tryOn = async (
  { session, before }: Kept,
  delivery: Delivery,
  passOn: PassOn,
  wouldRetry: (failure: SmtpFailure) => boolean,
): Promise<Turn<SendOutcome> | 'stale'> => {
  const { envelope, mail, messageMs } = delivery;
  if (envelope.utf8 && !session.extensions.has('SMTPUTF8'))
    return {
      result: rejectUnmailable('the mail server takes no non-ASCII addresses'),
      keep: session,
    };
  const progress = { ended: false };
  let [late, over] = [false, false];
  let patience: NodeJS.Timeout | undefined;
  const bePatient = (): void => {
    if (over) return;
    patience = setTimeout(() => {
      late = true;
      session.drop();
    }, messageMs);
  };
  // What the message before takes is its own time.
  if (before) void before.then(bePatient);
  else bePatient();
  try {
    const { beforeFinalDot } = delivery;
    const onEnded = () => passOn(session);
    const cues = { before, beforeFinalDot, onEnded };
    const reply = await sendMessage(session, envelope, mail, cues, progress);
    return { result: { kind: 'sent', reply }, keep: session };
  } catch (error) {
    if (error instanceof RefusedEnd) {
      session.drop();
      throw error.cause;
    }
    const failure = late ? new Error(`no end after ${messageMs / 1000} s`) : asFailure(error);
    const { ended } = progress;
    if (!ended && !late && wouldRetry(failure)) {
      session.drop();
      return 'stale';
    }
    return {
      result: sendOutcome(failure, { ended }, envelope),
      keep: await tidy(session, failure, ended),
    };
  } finally {
    over = true;
    clearTimeout(patience);
  }
};

/** The connection made fit for the next message, or dropped. */
const tidy = async (
  session: SmtpSession,
  { code, responseCode }: SmtpFailure,
  ended: boolean,
): Promise<SmtpSession | undefined> => {
  const answered = responseCode !== undefined && responseCode !== 421 && session.isOpen();
  if (answered && code === 'EMESSAGE' && ended) return session;
  if (answered && code === 'EENVELOPE' && !ended) {
    const failed = await session.reset().catch(asFailure);
    if (failed === undefined) return session;
  }
  session.drop();
  return undefined;
};
