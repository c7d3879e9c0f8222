/** Mails as the counting server keeps them, read back. */
import { existsSync, readFileSync } from 'node:fs';
import { type ParsedMail, simpleParser } from 'mailparser';

export type KeptMail = {
  /** The envelope's recipients. */
  readonly to: readonly string[];
  /** The message's bytes in base64. */
  readonly message: string;
};

export type ReadMail = {
  readonly to: string;
  readonly bytes: Buffer;
  readonly parsed: ParsedMail;
  /** The arXiv ids the text part links to. */
  readonly papers: readonly string[];
};

export const readKeptMails = async (file: string): Promise<readonly ReadMail[]> => {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const mails: ReadMail[] = [];
  for (const line of lines.filter((each) => each !== '')) {
    const { to, message } = JSON.parse(line) as KeptMail;
    const bytes = Buffer.from(message, 'base64');
    const parsed = await simpleParser(bytes);
    for (const recipient of to)
      mails.push({ to: recipient, bytes, parsed, papers: linkedPapers(parsed.text ?? '') });
  }
  return mails;
};

/** Each arXiv id linked to, once, in the order of the text. */
export const linkedPapers = (text: string): readonly string[] => [
  ...new Set(
    [...text.matchAll(/https:\/\/arxiv\.org\/abs\/([\w./-]*\w)/g)].map(([, id]) => id ?? ''),
  ),
];
