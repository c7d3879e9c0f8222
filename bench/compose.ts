/**
 * How fast are mails composed? `node --import tsx bench/compose.ts [READERS [ROUNDS [FILE…]]]`
 *
 * Orders of one edition printed to the bytes of mails, by one process, compiled as in production:
 * unsigned, and signed with each kind of key. By processor time, since signing may use another core. The
 * references, measured in the same run and round by round: `openssl speed rsa2048` (one core) for RSA, and
 * for filling a reader's digest the MJML template compiled for each mail, as one would write it first.
 */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import mjml2html from 'mjml';
import { openArchive } from '../src/app/archive.ts';
import type { MailKit } from '../src/app/mail-kit.ts';
import { claimOrders, type MailOrder } from '../src/app/orders.ts';
import { planDigests } from '../src/app/plan.ts';
import { createPrinter, type Printer } from '../src/app/print-mail.ts';
import { newestFact } from '../src/db/evidence.ts';
import type { Db } from '../src/db/open.ts';
import type { Words } from '../src/domain/words.ts';
import type { DkimKey } from '../src/mail/dkim.ts';
import { digestFields, limitSteps } from '../src/mail/render.ts';
import { loadTemplates } from '../src/mail/templates.ts';
import { isCompiled, runCompiled } from './compiled.ts';
import { fullTopics, inventReaders, loadCorpus } from './invented.ts';
import { answer, inOwnProcess, median, print, root, timed, withDatabase } from './lib.ts';

const [readersAsked = '2000', roundsAsked = '5', ...files] = process.argv.slice(2);
const [readers, rounds] = [Number(readersAsked), Number(roundsAsked)];
const dayMs = 86_400_000;
const mjmlMails = 20;
const warmPasses = 10;
/** A pass takes a tenth of a second, in which one collection weighs. */
const passesARound = 10;

const keyOf = (algorithm: DkimKey['algorithm']): DkimKey => ({
  domain: 'bench.example',
  selector: 'bench',
  algorithm,
  // On this core, as the printing thread of a machine with two of them signs.
  signsHere: true,
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

/** Signatures a second of one core. */
const opensslRate = (): number => {
  const said = execFileSync('openssl', ['speed', '-seconds', '1', 'rsa2048'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
  const rate = /^rsa\s+2048 bits\s+\S+\s+\S+\s+([\d.]+)/m.exec(said)?.[1];
  if (rate === undefined) throw new Error('openssl speed says no signatures a second');
  return Number(rate);
};

const papersIn = (orders: readonly MailOrder[]): number =>
  orders.reduce((sum, { digest }) => sum + (digest?.papers.length ?? 0), 0);

const printAll = (printer: Printer, orders: readonly MailOrder[]) =>
  timed(async () => {
    let bytes = 0;
    // As many at once as there would be senders.
    for (let from = 0; from < orders.length; from += 10) {
      const mails = await Promise.all(orders.slice(from, from + 10).map(printer));
      for (const { bytes: own, release } of mails) {
        bytes += own.length;
        // Sent, as it were.
        release?.();
      }
    }
    return bytes;
  });

const printPasses = async (printer: Printer, orders: readonly MailOrder[], passes: number) => {
  let cpu = 0;
  for (let pass = 0; pass < passes; pass += 1) cpu += (await printAll(printer, orders)).cpu;
  return { cpu, mails: passes * orders.length };
};

/** Templates compiled for every mail: MJML to HTML, then filled. */
const mjmlEach = async (view: Parameters<typeof digestFields>[0], words: Words): Promise<void> => {
  const source = readFileSync(join(root, 'templates', 'digest.mjml'), 'utf8');
  const options = {
    ...{ filePath: join(root, 'templates', 'digest.mjml'), includePath: join(root, 'templates') },
    ...{ actualPath: join(root, 'templates', 'digest.mjml'), ignoreIncludes: false, fonts: {} },
  };
  const fields = digestFields(view, limitSteps[0], words);
  const { html } = await mjml2html(source, options);
  const say = (key: string, { hash }: Handlebars.HelperOptions) => words.find(key, hash);
  // Nothing in these papers runs from right to left.
  const side = (): string => '';
  Handlebars.compile(html)(fields, { helpers: { say, side } });
};

const run = async (db: Db): Promise<void> => {
  await loadCorpus(db, files);
  const newest = newestFact(db, Date.now()) ?? Date.now();
  const asOf = new Date(Math.floor(newest / dayMs) * dayMs + 1.5 * dayMs);
  inventReaders(db, readers, asOf, { topics: fullTopics(db, asOf) });
  planDigests(db, { asOf, now: asOf, reuseMs: 0 });
  const kit: MailKit = {
    templates: await loadTemplates(join(root, 'templates')),
    baseUrl: 'https://bench.example',
    secret: 'a secret that only the bench knows',
    from: { name: 'Paperboy', address: 'papers@bench.example' },
    returnPath: 'bounce@bench.example',
    signsReturns: true,
  };
  const lease = { owner: 'bench', now: asOf, until: new Date(asOf.getTime() + dayMs) };
  const ordering = await timed(() => claimOrders(db, lease, readers));
  const orders = ordering.result.flatMap(({ ordered }) =>
    ordered.kind === 'order' ? [ordered.order] : [],
  );
  print(
    `orders: ${((ordering.cpu / orders.length) * 1e6).toFixed(0)} µs CPU each, claimed at once; ` +
      `${(papersIn(orders) / orders.length).toFixed(1)} papers a mail`,
  );
  const archive = openArchive(db, kit);
  const papers = await archive.papersOf(
    orders[0]?.digest?.editionId ?? 0,
    orders[0]?.digest?.papers ?? [],
    'en',
  );
  const rates = modes.map((): number[] => []);
  const [openssl, fillRatios, fillMs]: [number[], number[], number[]] = [[], [], []];
  for (const [index, { name, dkim }] of modes.entries()) {
    const printer = createPrinter(dkim ? { ...kit, dkim } : kit, archive);
    // A service lives for weeks: what is compiled meanwhile, and each paper's first block, do not count.
    for (let pass = 0; pass < warmPasses; pass += 1) await printAll(printer, orders);
    for (let round = 1; round <= rounds; round += 1) {
      const { cpu, mails } = await printPasses(printer, orders, dkim ? 1 : passesARound);
      rates[index]?.push(mails / cpu);
      if (name === 'RSA-2048') openssl.push(opensslRate());
      if (name !== 'unsigned') continue;
      // Elsewhere, since what it leaves behind is collected in whatever is measured next.
      const mjml = await inOwnProcess<number>('--mjml', JSON.stringify(viewOf(papers)));
      fillMs.push((cpu / mails) * 1000);
      fillRatios.push((mjml * mails) / cpu);
    }
  }
  report(rates, openssl, fillRatios, fillMs);
};

/** Processor seconds of a mail by MJML, its code compiled before. */
const mjmlCpu = async (view: Parameters<typeof digestFields>[0]): Promise<number> => {
  const { words } = await loadTemplates(join(root, 'templates'));
  const each = async (mails: number): Promise<void> => {
    for (let n = 0; n < mails; n += 1) await mjmlEach(view, words.en);
  };
  await each(mjmlMails);
  return (await timed(() => each(mjmlMails))).cpu / mjmlMails;
};

const viewOf = (
  papers: Parameters<typeof digestFields>[0]['papers'],
): Parameters<typeof digestFields>[0] => ({
  language: 'en',
  baseUrl: 'https://bench.example',
  dateLabel: 'Friday, 20 March 2026',
  dayLine: 'A day.',
  topicsLine: 'Five topics',
  papers,
  links: {
    manage: 'https://bench.example/manage/x',
    unsubscribe: 'https://bench.example/unsubscribe/x',
    web: 'https://bench.example/digests/x',
    feed: 'https://bench.example/feeds/x.xml',
    react: 'https://bench.example/react/x',
  },
});

const report = (
  rates: readonly (readonly number[])[],
  openssl: readonly number[],
  fillRatios: readonly number[],
  fillMs: readonly number[],
): void => {
  for (const [index, { name }] of modes.entries())
    print(
      `composed ${name.padEnd(9)} ${Math.round(median(rates[index] ?? [])).toLocaleString('en')} a CPU second`,
    );
  print(
    `openssl speed rsa2048  ${Math.round(median(openssl)).toLocaleString('en')} signatures a second`,
  );
  const paired = (rates[1] ?? []).map((rate, round) => rate / (openssl[round] ?? Number.NaN));
  print(`composed with RSA-2048 ÷ openssl's signatures: median ${median(paired).toFixed(2)}`);
  print(
    `a reader's digest filled, encoded and joined: ${median(fillMs).toFixed(3)} ms CPU, ` +
      `${Math.round(median(fillRatios))} times as fast as MJML for each mail (HTML alone)`,
  );
};

const [task, given = ''] = process.argv.slice(2);
if (!isCompiled(import.meta.url)) await runCompiled('compose');
else if (task === '--mjml') answer(await mjmlCpu(JSON.parse(given)));
else await withDatabase(run);
