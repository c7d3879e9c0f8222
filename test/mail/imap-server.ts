/** As much of an IMAP4rev1 server (RFC 3501) as a client needs to read one mailbox, in memory. */
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';

export type StoredMessage = { readonly uid: number; readonly source: string; flags: string[] };

export type ImapServer = {
  readonly url: string;
  /** By folder. */
  readonly folders: Map<string, StoredMessage[]>;
  readonly said: readonly string[];
  readonly close: () => Promise<void>;
};

export const imapServer = async (inbox: readonly string[]): Promise<ImapServer> => {
  const folders = new Map<string, StoredMessage[]>([
    ['INBOX', inbox.map((source, index) => ({ uid: index + 1, source, flags: [] }))],
    ['Done', []],
  ]);
  const said: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.write('* OK [CAPABILITY IMAP4rev1 MOVE UIDPLUS] ready\r\n');
    let input = '';
    socket.on('data', (chunk) => {
      input += chunk.toString('latin1');
      for (let end = input.indexOf('\r\n'); end >= 0; end = input.indexOf('\r\n')) {
        const line = input.slice(0, end);
        input = input.slice(end + 2);
        said.push(line);
        const [tag = '', ...words] = line.split(' ');
        const { lines, done } = answer(folders, words.join(' '));
        socket.write([...lines, `${tag} ${done}`].map((text) => `${text}\r\n`).join(''), 'latin1');
        if (words[0] === 'LOGOUT') socket.end();
      }
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `imap://reader:secret@127.0.0.1:${port}/INBOX`,
    folders,
    said,
    close: () =>
      new Promise((closed) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => closed());
      }),
  };
};

type Answer = { readonly lines: readonly string[]; readonly done: string };

const ok = (lines: readonly string[] = []): Answer => ({ lines, done: 'OK done' });

const answer = (folders: ImapServer['folders'], command: string): Answer => {
  const inbox = folders.get('INBOX') ?? [];
  const name = command.toUpperCase();
  if (name === 'CAPABILITY') return ok(['* CAPABILITY IMAP4rev1 MOVE UIDPLUS']);
  if (name.startsWith('LOGIN'))
    return /LOGIN "?reader"? "?secret"?$/i.test(command)
      ? ok()
      : { lines: [], done: 'NO [AUTHENTICATIONFAILED] who are you?' };
  if (/^LIST/.test(name)) return ok([...folders.keys()].map((each) => `* LIST () "/" "${each}"`));
  if (/^SELECT "?INBOX/.test(name))
    return ok([`* ${inbox.length} EXISTS`, '* OK [UIDVALIDITY 7] ok', '* OK [UIDNEXT 99] ok']);
  if (name.startsWith('SELECT')) return { lines: [], done: 'NO [NONEXISTENT] no such mailbox' };
  if (name.startsWith('UID SEARCH')) {
    const unseen = inbox.filter(({ flags }) => !flags.includes('\\Seen'));
    return ok([`* SEARCH ${unseen.map(({ uid }) => uid).join(' ')}`.trim()]);
  }
  const uids = uidsOf(/^UID \w+ ([\d,:*]+)/.exec(name)?.[1] ?? '');
  if (name.startsWith('UID FETCH'))
    return ok(
      inbox.flatMap(({ uid, source }, index) =>
        uids(uid)
          ? [`* ${index + 1} FETCH (UID ${uid} BODY[]<0> {${source.length}}\r\n${source})`]
          : [],
      ),
    );
  if (name.startsWith('UID STORE'))
    for (const message of inbox) if (uids(message.uid)) message.flags.push('\\Seen');
  if (name.startsWith('UID MOVE')) {
    folders.set(
      'INBOX',
      inbox.filter(({ uid }) => !uids(uid)),
    );
    folders.get('Done')?.push(...inbox.filter(({ uid }) => uids(uid)));
  }
  return ok();
};

const uidsOf = (set: string) => {
  const ranges = set.split(',').map((range) => range.split(':').map(Number));
  return (uid: number): boolean => ranges.some(([from = 0, to = from]) => uid >= from && uid <= to);
};
