/** Reading a mailbox that bounces are delivered to (IMAP4rev1, by imapflow). */
import type { ImapFlow } from 'imapflow';
import { mostReportBytes } from './mime.ts';

export type Mailbox = {
  /**
   * One message, as it came; its first `mostReportBytes`. True when it was a report and has been
   * dealt with: then it is marked as read, and moved where a folder for that is named. Everything
   * else stays unread, for people.
   */
  readonly take: (bytes: Buffer) => boolean;
  readonly signal: AbortSignal;
  /** Messages up to this UID are passed over; 0 takes all. */
  readonly afterUid: number;
};

export type MailboxReading = {
  readonly read: number;
  readonly taken: number;
  /** What to pass over next time, for as long as `uidValidity` stays the same (RFC 3501 §2.3.1.1). */
  readonly lastUid: number;
  readonly uidValidity: string;
};

/** Messages fetched at once; each is at most a megabyte. */
const batchSize = 20;

const timeouts = { connectionTimeout: 20_000, greetingTimeout: 15_000, socketTimeout: 60_000 };

/**
 * Reads what is unread in the mailbox of an address such as
 * `imaps://user:password@mail.example.org/INBOX?done=Bounces`. Rejects when the server cannot be
 * reached, does not let us in, or has no such mailbox.
 */
export const readMailbox = async (url: string, mailbox: Mailbox): Promise<MailboxReading> => {
  const { options, path, done } = parseMailboxUrl(url);
  // Few services read a mailbox, so few load what does.
  const { ImapFlow } = await import('imapflow');
  const client = new ImapFlow({ ...options, ...timeouts, logger: false, emitLogs: false });
  // Without a listener a connection that breaks would end the process; the command under way rejects.
  client.on('error', () => undefined);
  // A signal that was given before is not heard again.
  mailbox.signal.throwIfAborted();
  const close = (): void => client.close();
  mailbox.signal.addEventListener('abort', close, { once: true });
  try {
    await client.connect();
    const lock = await client.getMailboxLock(path);
    try {
      return await readUnread(client, mailbox, done);
    } finally {
      lock.release();
    }
  } finally {
    mailbox.signal.removeEventListener('abort', close);
    if (client.usable) await client.logout().catch(() => undefined);
    else client.close();
  }
};

const parseMailboxUrl = (text: string) => {
  const url = new URL(text);
  const secure = url.protocol === 'imaps:';
  return {
    options: {
      host: url.hostname,
      port: Number(url.port) || (secure ? 993 : 143),
      secure,
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    },
    path: decodeURIComponent(url.pathname.slice(1)) || 'INBOX',
    done: url.searchParams.get('done') ?? undefined,
  };
};

const readUnread = async (
  client: ImapFlow,
  { take, signal, afterUid }: Mailbox,
  done: string | undefined,
): Promise<MailboxReading> => {
  const found = await client.search({ seen: false }, { uid: true });
  const uids = (found || []).filter((uid) => uid > afterUid).toSorted((a, b) => a - b);
  const uidValidity = client.mailbox ? String(client.mailbox.uidValidity) : '';
  let taken = 0;
  let lastUid = afterUid;
  for (let from = 0; from < uids.length && !signal.aborted; from += batchSize) {
    const batch = uids.slice(from, from + batchSize).join(',');
    const messages = await client.fetchAll(
      batch,
      { uid: true, source: { maxLength: mostReportBytes } },
      { uid: true },
    );
    const ours = messages.filter(({ source }) => source !== undefined && take(source));
    const range = ours.map(({ uid }) => uid).join(',');
    if (ours.length > 0) await client.messageFlagsAdd(range, ['\\Seen'], { uid: true });
    if (ours.length > 0 && done) await client.messageMove(range, done, { uid: true });
    taken += ours.length;
    lastUid = uids[Math.min(from + batchSize, uids.length) - 1] ?? lastUid;
  }
  return { read: uids.length, taken, lastUid, uidValidity };
};
