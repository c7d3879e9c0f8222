/**
 * A mail server that keeps what it is given, or the headers of it:
 * `node --import tsx test/system/counting-smtp.ts FILE [headers]`. Prints its port, then appends one line of JSON to FILE for each message, before it says yes to it.
 * Ends on SIGTERM.
 */
import { openSync, writeSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { KeptMail } from './kept-mail.ts';

const [file, what] = process.argv.slice(2);
if (file === undefined) throw new Error('name the file to write to');
const kept = openSync(file, 'a');

const server = new SMTPServer({
  logger: false,
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: (stream, session, done) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const message = what === 'headers' ? bytes.subarray(0, bytes.indexOf('\r\n\r\n')) : bytes;
      const mail: KeptMail = {
        to: session.envelope.rcptTo.map(({ address }) => address),
        message: message.toString('base64'),
      };
      writeSync(kept, `${JSON.stringify(mail)}\n`);
      done();
    });
  },
});
server.on('error', (error: Error) => process.stderr.write(`${error.message}\n`));
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.server.address() as AddressInfo).port}\n`);
});
process.on('SIGTERM', () => server.close(() => process.exit(0)));
