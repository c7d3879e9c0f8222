/**
 * How fast are digests delivered, from the durable ledger to a server that throws them away?
 * `node --import tsx bench/deliver.ts [MAILS [ROUNDS [FILE…]]]`
 *
 * Needs Debian's postfix package: `smtp-sink` takes the mails, and the reference, in the same run
 * and round by round with ours, is `smtp-source -d -s 10` with messages of the same size. Ours
 * claims, composes, signs, sends, and commits every step with synchronous=FULL.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { connect } from 'node:net';
import { openArchive } from '../src/app/archive.ts';
import { type DeliverDeps, deliverDue } from '../src/app/deliver.ts';
import type { MailKit } from '../src/app/mail-kit.ts';
import { planDigests } from '../src/app/plan.ts';
import { createPrinter } from '../src/app/print-mail.ts';
import { newestFact } from '../src/db/evidence.ts';
import type { Db } from '../src/db/open.ts';
import type { DkimKey } from '../src/mail/dkim.ts';
import { smtpTransport } from '../src/mail/smtp.ts';
import { loadTemplates } from '../src/mail/templates.ts';
import { inventReaders, loadCorpus } from './invented.ts';
import { median, print, timed, withDatabase } from './lib.ts';

const [mailsAsked = '4000', roundsAsked = '5', ...files] = process.argv.slice(2);
const [readers, rounds] = [Number(mailsAsked), Number(roundsAsked)];
let mails = readers;
const connections = 10;
const port = 20_000 + (process.pid % 20_000);
const dayMs = 86_400_000;

const keyOf = (algorithm: DkimKey['algorithm']): DkimKey => ({
  domain: 'bench.example',
  selector: 'bench',
  algorithm,
  privateKey:
    algorithm === 'rsa-sha256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
      : generateKeyPairSync('ed25519').privateKey,
});

const modes: readonly { readonly name: string; readonly dkim?: readonly DkimKey[] }[] = [
  { name: 'unsigned' },
  { name: 'RSA-2048', dkim: [keyOf('rsa-sha256')] },
  { name: 'Ed25519', dkim: [keyOf('ed25519-sha256')] },
  { name: 'both', dkim: [keyOf('rsa-sha256'), keyOf('ed25519-sha256')] },
];

const startSink = async (): Promise<ChildProcess> => {
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const sink = spawn('/usr/sbin/smtp-sink', [...user, `127.0.0.1:${port}`, '1000'], {
    stdio: 'ignore',
  });
  sink.on('error', () => {
    process.stderr.write("smtp-sink is missing: it comes with Debian's postfix package\n");
    process.exit(1);
  });
  for (let tries = 0; tries < 50; tries += 1) {
    if (await listens()) return sink;
    await new Promise((wait) => setTimeout(wait, 100));
  }
  throw new Error('smtp-sink does not listen');
};

const listens = (): Promise<boolean> =>
  new Promise((answer) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      answer(true);
    });
    socket.on('error', () => answer(false));
  });

const deliverAll = async (
  db: Db,
  kit: MailKit,
): Promise<{ rate: number; cpu: number; bytes: number }> => {
  db.$client
    .prepare(`update deliveries set state = 'planned', attempts = 0, lease_owner = null`)
    .run();
  const smtp = smtpTransport(`smtp://127.0.0.1:${port}`, { connections });
  let bytes = 0;
  const deps: DeliverDeps = {
    db,
    clock: () => new Date(),
    transport: {
      ...smtp,
      send: (mail, dot) => {
        bytes += mail.bytes.length;
        return smtp.send(mail, dot);
      },
    },
    print: createPrinter(kit, openArchive(db, kit)),
    owner: 'bench',
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    concurrency: 2 * connections,
  };
  const run = await timed(() => deliverDue(deps));
  await smtp.close();
  if (run.result.sent !== mails) throw new Error(`sent ${run.result.sent} of ${mails}`);
  return { rate: mails / run.seconds, cpu: run.cpu / mails, bytes: bytes / mails };
};

const referenceRate = async (bytes: number): Promise<number> => {
  const args = ['-d', '-s', String(connections), '-m', String(mails), '-l', String(bytes)];
  const run = await timed(() =>
    execFileSync('/usr/sbin/smtp-source', [
      ...args,
      ...['-f', 'a@example.org', '-t', 'b@example.org', `127.0.0.1:${port}`],
    ]),
  );
  return mails / run.seconds;
};

const run = async (db: Db): Promise<void> => {
  await loadCorpus(db, files);
  const newest = newestFact(db, Date.now()) ?? Date.now();
  const asOf = new Date(Math.floor(newest / dayMs) * dayMs + 1.5 * dayMs);
  inventReaders(db, readers, asOf);
  // A reader whose topics are empty in this corpus gets no mail.
  mails = planDigests(db, { asOf, now: new Date(), reuseMs: 0 }).planned;
  const kit: MailKit = {
    templates: await loadTemplates('templates'),
    baseUrl: 'https://bench.example',
    secret: 'a secret that only the bench knows',
    from: { name: 'Paperboy', address: 'papers@bench.example' },
    returnPath: 'bounce@bench.example',
    signsReturns: false,
  };
  const sink = await startSink();
  const ratios = modes.map((): number[] => []);
  for (let round = 1; round <= rounds; round += 1)
    for (const [index, { name, dkim }] of modes.entries()) {
      const { rate, cpu, bytes } = await deliverAll(db, dkim ? { ...kit, dkim } : kit);
      const reference = await referenceRate(Math.round(bytes));
      ratios[index]?.push(rate / reference);
      print(
        `round ${round} ${name.padEnd(9)} ${Math.round(rate)} mails a second of ${Math.round(bytes)} bytes,` +
          ` ${(cpu * 1e6).toFixed(0)} µs CPU each;` +
          ` smtp-source ${Math.round(reference)}`,
      );
    }
  for (const [index, { name }] of modes.entries())
    print(`delivered ÷ smtp-source, ${name}: median ${median(ratios[index] ?? []).toFixed(2)}`);
  print(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
  sink.kill();
};

await withDatabase(run);
