/** A post office for the tests: a real SMTP server in process, and senders that use it. */

import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterEach } from 'vitest';
import { openArchive } from '../../src/app/archive.ts';
import type { DeliverDeps } from '../../src/app/deliver.ts';
import type { MailKit } from '../../src/app/mail-kit.ts';
import { createPrinter } from '../../src/app/print-mail.ts';
import type { Db } from '../../src/db/open.ts';
import { smtpTransport } from '../../src/mail/smtp.ts';
import { loadTemplates, type Templates } from '../../src/mail/templates.ts';
import type { OutgoingMail, Transport } from '../../src/mail/transport.ts';
import { noon, silentLog } from '../invent.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

export type Letter = {
  readonly to: string;
  readonly messageId: string;
  readonly subject: string;
  /** The arXiv ids in it, in order. */
  readonly papers: readonly string[];
};

export type PostOffice = {
  readonly letters: Letter[];
  readonly transport: () => Transport;
  readonly close: () => Promise<void>;
};

/** What the server answers to a recipient, instead of taking the mail. */
export type Refusal = { readonly code: number; readonly text: string };

export const openPostOffice = async (
  refuse: (to: string) => Refusal | undefined = () => undefined,
): Promise<PostOffice> => {
  const letters: Letter[] = [];
  const server = new SMTPServer({
    logger: false,
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, _session, done) => {
      const refusal = refuse(address);
      done(refusal && Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
    },
    onData: (stream, session, done) => {
      simpleParser(stream).then((mail) => {
        const text = mail.text ?? '';
        letters.push({
          to: session.envelope.rcptTo[0]?.address ?? '',
          messageId: mail.messageId ?? '',
          subject: mail.subject ?? '',
          papers: [
            ...new Set([...text.matchAll(/arxiv\.org\/abs\/(\S+)/g)].map((at) => at[1] ?? '')),
          ],
        });
        done();
      }, done);
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= new Promise<void>((done) => server.close(() => done()));
    return closed;
  };
  closing.push(close);
  const transport = (): Transport => {
    const made = smtpTransport(`smtp://127.0.0.1:${port}`, { connections: 3 });
    closing.push(made.close);
    return made;
  };
  return { letters, transport, close };
};

let templates: Promise<Templates> | undefined;

export const mailKit = async (): Promise<MailKit> => {
  templates ??= loadTemplates('templates');
  return {
    templates: await templates,
    baseUrl: 'https://paperboy.example',
    secret: 'a secret of the tests',
    from: { name: 'Paperboy', address: 'papers@paperboy.example' },
    returnPath: 'bounce@paperboy.example',
    signsReturns: false,
  };
};

/** A sender with its own name, its clock standing at noon unless said otherwise. */
export const sender = async (
  db: Db,
  transport: Transport,
  given: Partial<DeliverDeps> = {},
): Promise<DeliverDeps> => {
  const kit = await mailKit();
  return {
    db,
    clock: () => noon,
    transport,
    print: createPrinter(kit, openArchive(db, kit)),
    owner: 'sender-1',
    log: silentLog,
    concurrency: 3,
    ...given,
  };
};

/** A transport that does what a test wants at each step and counts its dots. */
export const acting = (
  step: (at: 'before-dot' | 'after-dot', to: string) => Promise<void> | void,
): { transport: Transport; dots: string[] } => {
  const dots: string[] = [];
  const transport: Transport = {
    describe: 'acting',
    send: async ({ envelope: { to } }, beforeFinalDot) => {
      await step('before-dot', to);
      await beforeFinalDot();
      dots.push(to);
      await step('after-dot', to);
      return { kind: 'sent', reply: '250 ok' };
    },
    close: async () => undefined,
  };
  return { transport, dots };
};

/** What is sent of a mail, as it is now. */
export const asSent = ({ key, envelope, bytes }: OutgoingMail) => ({
  ...{ key, envelope },
  text: bytes.toString('latin1'),
});
