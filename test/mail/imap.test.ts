import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMailbox } from '../../src/mail/imap.ts';
import { type ImapServer, imapServer } from './imap-server.ts';

const mail = (subject: string): string =>
  `From: x@reader.example\r\nSubject: ${subject}\r\n\r\nHello\r\n`;

let server: ImapServer;
beforeEach(async () => {
  server = await imapServer([mail('bounce one'), mail('a letter'), mail('bounce two')]);
});
afterEach(() => server.close());

const read = async (url: string, afterUid = 0) => {
  const seen: string[] = [];
  const take = (bytes: Buffer): boolean => {
    seen.push(/Subject: (.*)\r/.exec(bytes.toString())?.[1] ?? '');
    return bytes.includes('bounce');
  };
  const { signal } = new AbortController();
  return { reading: await readMailbox(url, { take, signal, afterUid }), seen };
};

const flags = (folder: string) =>
  server.folders.get(folder)?.map(({ uid, flags }) => [uid, ...flags]);

describe('a mailbox', () => {
  it('is read, and only what was a report is marked as read', async () => {
    const { reading, seen } = await read(server.url);
    expect(seen).toEqual(['bounce one', 'a letter', 'bounce two']);
    expect(reading).toEqual({ read: 3, taken: 2, lastUid: 3, uidValidity: '7' });
    expect(flags('INBOX')).toEqual([[1, '\\Seen'], [2], [3, '\\Seen']]);
  });

  it('gives nothing twice', async () => {
    const first = await read(server.url);
    expect((await read(server.url, first.reading.lastUid)).seen).toEqual([]);
    expect((await read(server.url)).seen).toEqual(['a letter']);
  });

  it('is left by reports for the folder the address names', async () => {
    await read(`${server.url}?done=Done`);
    expect(flags('INBOX')).toEqual([[2]]);
    expect(flags('Done')).toEqual([
      [1, '\\Seen'],
      [3, '\\Seen'],
    ]);
  });

  it('stays unread when a report cannot be dealt with', async () => {
    const take = (): boolean => {
      throw new Error('the database is locked');
    };
    const { signal } = new AbortController();
    await expect(readMailbox(server.url, { take, signal, afterUid: 0 })).rejects.toThrow('locked');
    expect(flags('INBOX')).toEqual([[1], [2], [3]]);
  });

  it.each([
    ['a wrong password', (url: string) => url.replace('secret', 'guess')],
    ['no such folder', (url: string) => url.replace('INBOX', 'Nowhere')],
    ['nobody listening', () => 'imap://reader:secret@127.0.0.1:1/INBOX'],
  ])('with %s is an error', async (_, change) => {
    await expect(read(change(server.url))).rejects.toThrow();
  });

  it('lets go of the connection', async () => {
    await read(server.url);
    expect(server.said.at(-1)).toMatch(/LOGOUT$/);
  });
});
