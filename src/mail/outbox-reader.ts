/** Reads back what the outbox transport wrote, for the page that shows it. */
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ParsedMail } from 'mailparser';

export type OutboxEntry = {
  /** The file's name, which `readOutbox` takes. */
  readonly name: string;
  readonly to: string;
  readonly subject: string;
  readonly date?: Date;
};

export type OutboxMail = OutboxEntry & { readonly html: string; readonly text: string };

// Loaded when someone looks: the parser is a tenth of an idle service's memory.
const loadParser = async () => (await import('mailparser')).simpleParser;

const mailFile = /^[A-Za-z0-9][A-Za-z0-9._-]*\.eml$/;

/** The newest `limit` messages, newest first; empty when the folder is not there. */
export const listOutbox = async (dir: string, limit = 200): Promise<readonly OutboxEntry[]> => {
  const names = ((await readdir(dir).catch(absent)) ?? []).filter((name) => mailFile.test(name));
  const files = await Promise.all(
    names.map(async (name) => ({ name, at: await changedAt(dir, name) })),
  );
  const newest = files.sort((a, b) => b.at - a.at || b.name.localeCompare(a.name)).slice(0, limit);
  const parseMail = await loadParser();
  const entries: OutboxEntry[] = [];
  for (const { name } of newest) {
    const head = await readHead(join(dir, name));
    if (head) entries.push(entry(name, await parseMail(head)));
  }
  return entries;
};

/** One message; `undefined` when there is none of that name, or it is no message's name. */
export const readOutbox = async (dir: string, name: string): Promise<OutboxMail | undefined> => {
  if (!mailFile.test(name)) return undefined;
  const bytes = await readFile(join(dir, name)).catch(absent);
  if (!bytes) return undefined;
  const parseMail = await loadParser();
  const mail = await parseMail(bytes, { skipTextToHtml: true, skipImageLinks: true });
  return { ...entry(name, mail), html: mail.html || '', text: mail.text ?? '' };
};

const entry = (name: string, mail: ParsedMail): OutboxEntry => ({
  name,
  to: [mail.to ?? []]
    .flat()
    .map(({ text }) => text)
    .join(', '),
  subject: mail.subject ?? '',
  ...(mail.date ? { date: mail.date } : {}),
});

const changedAt = async (dir: string, name: string): Promise<number> => {
  const found = await stat(join(dir, name)).catch(absent);
  return found ? found.mtimeMs : 0;
};

// Our headers, a signature included, are a few kilobytes; a list must not read whole messages.
const headBytes = 16_384;

const readHead = async (file: string): Promise<Buffer | undefined> => {
  const handle = await open(file).catch(absent);
  if (!handle) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const end = buffer.indexOf('\r\n\r\n');
    return buffer.subarray(0, end < 0 ? bytesRead : end + 4);
  } finally {
    await handle.close();
  }
};

/** A file that is gone is an answer; one that cannot be read is a fault. */
const absent = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'ENOENT') throw error;
};
