/**
 * How fast are digests delivered, from the durable ledger to a server that throws them away?
 * `node --import tsx bench/deliver.ts [MAILS [ROUNDS [FILE…]]]`
 *
 * Needs Debian's postfix package: `smtp-sink` takes the mails, and the reference, in the same run
 * and round by round with ours, is `smtp-source -d -s 10` with messages of the same size. Ours
 * claims, composes, signs, sends, and commits every step with synchronous=FULL.
 */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { openArchive } from '../src/app/archive.ts';
import { type DeliverDeps, deliverDue } from '../src/app/deliver.ts';
import type { MailKit } from '../src/app/mail-kit.ts';
import { planDigests } from '../src/app/plan.ts';
import { openPrinting } from '../src/app/print-ahead.ts';
import { createPrinter } from '../src/app/print-mail.ts';
import { newestFact } from '../src/db/evidence.ts';
import type { Db } from '../src/db/open.ts';
import type { DkimKey } from '../src/mail/dkim.ts';
import { smtpTransport } from '../src/mail/smtp.ts';
import { loadTemplates } from '../src/mail/templates.ts';
import { fullTopics, inventReaders, loadCorpus } from './invented.ts';
import { median, print, root, timed, withDatabase } from './lib.ts';
import { startSink } from './servers.ts';

const [mailsAsked = '12000', roundsAsked = '5', ...files] = process.argv.slice(2);
const [readers, rounds] = [Number(mailsAsked), Number(roundsAsked)];
let mails = readers;
const connections = 20;
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

type Service = {
  readonly deliverAll: () => Promise<{ rate: number; cpu: number; bytes: number }>;
  readonly close: () => Promise<void>;
};

/** What a running service keeps from one round to the next. */
const openService = (db: Db, kit: MailKit): Service => {
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
  const templatesDir = join(root, 'templates');
  const printing = openPrinting({ ...deps, kit, templatesDir, connections });
  return {
    deliverAll: async () => {
      db.$client
        .prepare(`update deliveries set state = 'planned', attempts = 0, lease_owner = null`)
        .run();
      bytes = 0;
      const run = await timed(() =>
        printing.during((printer) => deliverDue({ ...deps, ...printer })),
      );
      if (run.result.sent !== mails) throw new Error(`sent ${run.result.sent} of ${mails}`);
      return { rate: mails / run.seconds, cpu: run.cpu / mails, bytes: bytes / mails };
    },
    close: async () => {
      await smtp.close();
      await printing.close();
    },
  };
};

const referenceRate = async (bytes: number): Promise<number> => {
  const args = ['-d', '-s', '10', '-m', String(mails), '-l', String(bytes)];
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
  inventReaders(db, readers, asOf, { topics: fullTopics(db, asOf) });
  // A reader whose topics are empty in this corpus gets no mail.
  mails = planDigests(db, { asOf, now: new Date(), reuseMs: 0 }).planned;
  const kit: MailKit = {
    templates: await loadTemplates(join(root, 'templates')),
    baseUrl: 'https://bench.example',
    secret: 'a secret that only the bench knows',
    from: { name: 'Paperboy', address: 'papers@bench.example' },
    returnPath: 'bounce@bench.example',
    signsReturns: false,
  };
  const sink = await startSink(port);
  const services = modes.map(({ dkim }) => openService(db, dkim ? { ...kit, dkim } : kit));
  const ratios = modes.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1)
    for (const [index, { name }] of modes.entries()) {
      const run = await services[index]?.deliverAll();
      // A service lives for weeks: the round in which its code is compiled does not count.
      if (!run || round === 0) continue;
      const { rate, cpu, bytes } = run;
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
  for (const service of services) await service.close();
  sink.kill();
};

await withDatabase(run);
