/** Servers, transports and letters for the SMTP tests, and their end. */
import type { AddressInfo } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { SMTPServer } from 'smtp-server';
import type { SmtpOptions } from '../../src/mail/smtp.ts';
import { smtpTransport } from '../../src/mail/smtp.ts';
import type { OutgoingMail, Transport } from '../../src/mail/transport.ts';
import type { Cue, ScriptedServer, Step } from './scripted-server.ts';
import { scriptedServer } from './scripted-server.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
/** To be run after each test: ends what the test opened, last first. */
export const cleanUp = async (): Promise<void> => {
  for (const close of cleanUps.splice(0).reverse()) await close();
};

export const transportTo = (url: string, options: SmtpOptions = {}): Transport => {
  const transport = smtpTransport(url, options);
  cleanUps.push(transport.close);
  return transport;
};

export const scripted = async (
  script: (step: Step, connection: number) => Cue | undefined,
): Promise<ScriptedServer> => {
  const server = await scriptedServer(script);
  cleanUps.push(server.close);
  return server;
};

export const polite = async (options: SMTPServerOptions): Promise<number> => {
  const server = new SMTPServer({ logger: false, disabledCommands: ['STARTTLS'], ...options });
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  cleanUps.push(() => new Promise<void>((closed) => server.close(() => closed())));
  return (server.server.address() as AddressInfo).port;
};

export const letter = (
  to = 'mira@example.org',
  bytes: Buffer = Buffer.from('Subject: x\r\n\r\nbody\r\n'),
): OutgoingMail => ({
  key: 'delivery-1',
  envelope: { from: 'bounce@paperboy.example', to },
  bytes,
});

/** One message, and whether the ledger was told that its end was near. */
export const sendTo = async (url: string, options: SmtpOptions = {}, mail = letter()) => {
  let dots = 0;
  const outcome = await transportTo(url, options).send(mail, () => {
    dots += 1;
  });
  return { outcome, dots };
};

/** Good manners but for one step. */
export const at =
  (step: Step, cue: Cue) =>
  (now: Step): Cue | undefined =>
    now === step ? cue : undefined;
