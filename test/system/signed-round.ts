/** A round of signed digests sent to some server, and ways to verify what became of them. */
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { openArchive } from '../../src/app/archive.ts';
import { type Delivered, deliverDue } from '../../src/app/deliver.ts';
import { planDigests } from '../../src/app/plan.ts';
import { createPrinter } from '../../src/app/print-mail.ts';
import type { DkimKey } from '../../src/mail/dkim.ts';
import { smtpTransport } from '../../src/mail/smtp.ts';
import { mailKit, sender } from '../app/post.ts';
import { tempDb } from '../db/temp-db.ts';
import { addReader, inventPaper, inventSignal, noon, takeIn } from '../invent.ts';
import { run } from './debian.ts';

export type Signer = { readonly key: DkimKey; readonly record: string };

export const makeSigner = (type: 'rsa' | 'ed25519'): Signer => {
  const pair =
    type === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ed25519');
  const der = pair.publicKey.export({ type: 'spki', format: 'der' });
  const p = (type === 'rsa' ? der : der.subarray(-32)).toString('base64');
  return {
    key: {
      ...{ domain: 'paperboy.example', selector: 's1', privateKey: pair.privateKey },
      algorithm: type === 'rsa' ? 'rsa-sha256' : 'ed25519-sha256',
    },
    record: `v=DKIM1; k=${type}; p=${p}`,
  };
};

/** Plans a digest for so many readers and delivers them, signed, to the server at a port. */
export const sendSigned = async (
  readers: number,
  port: number,
  key: DkimKey,
): Promise<Delivered> => {
  const db = tempDb();
  const titles = ['Café, naïve “quotes” and 𝒜 ∑', '. starts with a dot', 'x'.repeat(1_500)];
  const papers = Array.from({ length: 12 }, (_, n) =>
    inventPaper(n, titles[n] ? { title: titles[n] } : {}),
  );
  await takeIn(
    db,
    papers,
    papers.map((paper, n) => inventSignal(paper.id, n + 1)),
  );
  for (let n = 1; n <= readers; n += 1) addReader(db, `reader${n}@readers.example`);
  planDigests(db, { asOf: noon, now: noon, reuseMs: 0 });
  const kit = { ...(await mailKit()), dkim: [key] };
  const transport = smtpTransport(`smtp://127.0.0.1:${port}`, { connections: 5 });
  try {
    const print = createPrinter(kit, openArchive(db, kit));
    return await deliverDue(await sender(db, transport, { print, concurrency: 5 }));
  } finally {
    await transport.close();
  }
};

export const mailauthSays = async (bytes: Buffer, record: string): Promise<string> => {
  const { results } = await dkimVerify(bytes, { resolver: async () => [[record]] });
  return results.map(({ status }) => status.result).join();
};

/** What Debian's opendkim says of a message, with the key from a file where DNS would be. */
export const opendkimSays = (
  folder: string,
  name: string,
  bytes: Buffer,
  record: string,
): string => {
  const [message, keys, config] = ['eml', 'keys', 'conf'].map((end) =>
    join(folder, `${name}.${end}`),
  );
  if (!message || !keys || !config) throw new Error('no file names');
  writeFileSync(message, bytes);
  writeFileSync(keys, `s1._domainkey.paperboy.example ${record}\n`);
  writeFileSync(config, `TestPublicKeys ${keys}\nMode v\nSyslog no\n`);
  const { stdout, stderr } = run('opendkim', ['-x', config, '-t', message, '-v']);
  const said = /verification \([^)]*\) (succeeded|failed)/.exec(stdout + stderr)?.[1];
  if (said === undefined) throw new Error(`opendkim said nothing of it: ${stdout}${stderr}`);
  return said;
};
