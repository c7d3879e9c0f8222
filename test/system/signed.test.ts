/** What other people's software makes of our signed mail. Needs Debian's opendkim and postfix. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { freePort } from '../cli/paperboy.ts';
import { tempFolder } from '../db/temp-db.ts';
import { isListening, run, start } from './debian.ts';
import { mailauthSays, makeSigner, opendkimSays, sendSigned } from './signed-round.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const capture = async (): Promise<{ readonly port: number; readonly mails: Buffer[] }> => {
  const mails: Buffer[] = [];
  const server = new SMTPServer({
    logger: false,
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks));
        done();
      });
    },
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  closing.push(() => new Promise<void>((closed) => server.close(() => closed())));
  return { port: (server.server.address() as AddressInfo).port, mails };
};

describe.each(['rsa', 'ed25519'] as const)('a digest signed with %s', (type) => {
  test('verifies, as it was captured, with mailauth and with opendkim, and no changed one does', async () => {
    const { key, record } = makeSigner(type);
    const { port, mails } = await capture();
    expect(await sendSigned(5, port, key)).toMatchObject({ sent: 5 });
    expect(mails).toHaveLength(5);
    const folder = tempFolder();
    for (const [n, mail] of mails.entries()) {
      expect(await mailauthSays(mail, record)).toBe('pass');
      expect(opendkimSays(folder, `mail-${n}`, mail, record)).toBe('succeeded');
      const changed = Buffer.from(mail.toString('latin1').replace('Part 5', 'Part 6'), 'latin1');
      expect(changed.equals(mail)).toBe(false);
      expect(await mailauthSays(changed, record)).not.toBe('pass');
      expect(opendkimSays(folder, `changed-${n}`, changed, record)).toBe('failed');
    }
  });
});

/** A Postfix of its own: configuration, queue and log in one folder, relaying to another port. */
const startPostfix = async (folder: string, port: number, relayTo: number): Promise<void> => {
  const inside = (name: string) => join(folder, name);
  for (const name of ['conf', 'queue', 'data']) mkdirSync(inside(name));
  run('chown', ['postfix', inside('data')]);
  const settings = {
    compatibility_level: '3.6',
    queue_directory: inside('queue'),
    data_directory: inside('data'),
    mail_owner: 'postfix',
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    myhostname: 'relay.example',
    mydestination: '',
    relayhost: `[127.0.0.1]:${relayTo}`,
    mynetworks: '127.0.0.0/8',
    smtpd_relay_restrictions: 'permit_mynetworks, reject',
    disable_dns_lookups: 'yes',
    smtp_host_lookup: 'native',
    alias_maps: '',
    alias_database: '',
    local_recipient_maps: '',
    maillog_file: inside('log'),
    maillog_file_prefixes: folder,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  writeFileSync(inside('conf/main.cf'), lines.join(''));
  const services = [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'rewrite unix - - n - - trivial-rewrite',
    ...['bounce', 'defer', 'trace'].map((name) => `${name} unix - - n - 0 bounce`),
    'proxymap unix - - n - - proxymap',
    ...['smtp', 'relay'].map((name) => `${name} unix - - n - - smtp`),
    ...['error', 'retry'].map((name) => `${name} unix - - n - - error`),
    'scache unix - - n - 1 scache',
    'anvil unix - - n - 1 anvil',
    'postlog unix-dgram n - n - 1 postlogd',
  ];
  writeFileSync(inside('conf/master.cf'), `${services.join('\n')}\n`);
  closing.push(() => run('postfix', ['-c', inside('conf'), 'stop']));
  const { status, stderr } = run('postfix', ['-c', inside('conf'), 'start']);
  if (status !== 0) throw new Error(`postfix does not start: ${stderr}`);
  await expect.poll(() => isListening(port), { timeout: 20_000 }).toBe(true);
};

/** smtp-sink, which keeps each mail it is given as a file. */
const startSink = async (folder: string, port: number): Promise<ChildProcess> => {
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  const args = ['-u', 'nobody', '-R', folder, '-d', 'mail.', `127.0.0.1:${port}`, '100'];
  const sink = start('/usr/sbin/smtp-sink', args);
  closing.push(async () => {
    sink.kill();
    if (sink.exitCode === null) await once(sink, 'close');
  });
  await expect.poll(() => isListening(port), { timeout: 20_000 }).toBe(true);
  return sink;
};

describe('a whole run through a real Postfix', () => {
  test('arrives complete, once each, with signatures that still verify', async () => {
    const folder = tempFolder();
    // Postfix and the sink run as users of their own.
    chmodSync(folder, 0o755);
    const [port, sinkPort] = [await freePort(), await freePort()];
    const kept = join(folder, 'sink');
    await startSink(kept, sinkPort);
    await startPostfix(folder, port, sinkPort);
    const { key, record } = makeSigner('rsa');
    const readers = 200;
    expect(await sendSigned(readers, port, key)).toEqual({
      ...{ sent: readers, deferred: 0, failed: 0, unknown: 0 },
    });
    const read = () => readdirSync(kept).map((name) => readFileSync(join(kept, name), 'latin1'));
    const recipientOf = (mail: string) => /^X-Rcpt-Args: <([^>]+)>/m.exec(mail)?.[1];
    // A file is there before what is in it: whole is what ends as every mail of ours does.
    const whole = () => read().filter((mail) => /--=_paperboy_part--\s*$/.test(mail)).length;
    await expect.poll(whole, { timeout: 60_000 }).toBe(readers);
    const arrived = read();
    const to = arrived.map(recipientOf);
    expect(to.toSorted()).toEqual(
      Array.from({ length: readers }, (_, n) => `reader${n + 1}@readers.example`).toSorted(),
    );
    for (const [n, mail] of arrived.entries()) {
      const bytes = Buffer.from(mail.replace(/\r?\n/g, '\r\n'), 'latin1');
      expect(await mailauthSays(bytes, record)).toBe('pass');
      if (n < 5) expect(opendkimSays(folder, `relayed-${n}`, bytes, record)).toBe('succeeded');
    }
  });
});
