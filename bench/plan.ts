/**
 * How fast are digests planned, and in how much memory?
 * `node --import tsx bench/plan.ts [READERS[,READERS…] [DAYS [FILE…]]]`
 *
 * Three processes, one after the other, so that each one's memory is its own. The first invents
 * readers with five topics each and plans DAYS - 1 days, so that each reader has a history. The
 * second plans the next day, choosing the papers and recording digest and delivery durably, and then
 * looks once more, when nobody is due. The reference, measured in the same run on at most a thousand
 * readers: one SQL statement a reader that joins, sorts and filters the same lists in the database,
 * and records nothing. The third plans one more day and delivers it, each mail composed, entered in
 * the ledger and dropped at the server's door. Without files the corpus is the bundled sample.
 */
import { statSync } from 'node:fs';
import { openArchive } from '../src/app/archive.ts';
import { deliverDue } from '../src/app/deliver.ts';
import type { MailKit } from '../src/app/mail-kit.ts';
import { planDigests } from '../src/app/plan.ts';
import { openPrinting } from '../src/app/print-ahead.ts';
import { createPrinter } from '../src/app/print-mail.ts';
import { ensureEdition } from '../src/app/publish.ts';
import { sendDue } from '../src/app/send-due.ts';
import { newestFact } from '../src/db/evidence.ts';
import { type Db, statement } from '../src/db/open.ts';
import { loadTemplates } from '../src/mail/templates.ts';
import type { Transport } from '../src/mail/transport.ts';
import { inventReaders, loadCorpus, settleAll } from './invented.ts';
import {
  answer,
  inOwnProcess,
  openBench,
  peakMegabytes,
  print,
  printRate,
  timed,
  withFolder,
} from './lib.ts';

const dayMs = 86_400_000;
const mostNaive = 1_000;
const reuseMs = dayMs / 2;

/** Peaks of memory in MB: when the process stood ready, and in the end. */
type Peak = { readonly ready: number; readonly end: number };

/** What one would write first: everything asked of the database, once a reader. */
const chooseNaively = (db: Db, editionId: number): number => {
  const ids = statement(db, 'select id from subscribers limit ?')
    .pluck()
    .all(mostNaive) as number[];
  const choose = statement(
    db,
    `select entries.paper_id, max(entries.score) as score from subscriptions
     join edition_entries as entries on entries.topic_id = subscriptions.topic_id
     where subscriptions.subscriber_id = @reader and entries.edition_id = @edition
       and entries.paper_id not in (
         select value from digests, json_each(digests.papers) where subscriber_id = @reader)
     group by entries.paper_id order by score desc limit 10`,
  );
  for (const reader of ids) choose.all({ reader, edition: editionId });
  return ids.length;
};

/** Noon of the day after the last thing known, and the days after. */
const dayOf = (db: Db, day: number): Date => {
  const newest = newestFact(db, Date.now()) ?? Date.now();
  return new Date(Math.floor(newest / dayMs) * dayMs + (1.5 + day) * dayMs);
};

const prepare = async (db: Db, readers: number, days: number, files: readonly string[]) => {
  await loadCorpus(db, files);
  inventReaders(db, readers, dayOf(db, 0));
  for (let day = 0; day < days; day += 1) {
    const asOf = dayOf(db, day);
    const plan = await timed(() => planDigests(db, { asOf, now: asOf, reuseMs }));
    printRate(`day ${day + 1}: digests planned and recorded`, plan.result.due, plan);
    settleAll(db);
  }
  // As a database is found that has been kept: its log taken in, its tables' statistics known.
  db.$client.pragma('optimize');
  db.$client.pragma('wal_checkpoint(truncate)');
  answer(true);
};

const plan = async (db: Db, day: number): Promise<void> => {
  const asOf = dayOf(db, day);
  const request = { asOf, now: asOf, reuseMs };
  const ready = peakMegabytes();
  const edition = await timed(() => ensureEdition(db, asOf, asOf, 0));
  printRate(`day ${day + 1}: lists of an edition`, edition.result.lists.length, edition);
  const planned = await timed(() => planDigests(db, request));
  printRate(`day ${day + 1}: digests planned and recorded`, planned.result.due, planned);
  const end = peakMegabytes();
  const again = await timed(() => planDigests(db, request));
  print(`day ${day + 1}: a second look, nobody due: ${(again.cpu * 1000).toFixed(1)} ms CPU`);
  const naive = await timed(() => chooseNaively(db, edition.result.id));
  printRate(`day ${day + 1}: reference, one statement a reader`, naive.result, naive);
  const ratio = planned.result.due / planned.cpu / (naive.result / naive.cpu);
  print(`digests a CPU second: planning ÷ reference = ${ratio.toFixed(1)}`);
  settleAll(db);
  answer({ ready, end } satisfies Peak);
};

/** Takes every mail at once and drops it. */
const nowhere: Transport = {
  describe: 'nowhere',
  send: async (_mail, beforeFinalDot) => {
    await beforeFinalDot();
    return { kind: 'sent', reply: '250 dropped' };
  },
  close: async () => undefined,
};

const wholeRun = async (db: Db, day: number): Promise<void> => {
  const asOf = dayOf(db, day);
  const kit: MailKit = {
    templates: await loadTemplates('templates'),
    baseUrl: 'https://bench.example',
    secret: 'a secret that only the bench knows',
    from: { name: 'Paperboy', address: 'papers@bench.example' },
    returnPath: 'bounce@bench.example',
    signsReturns: false,
  };
  const clock = (): Date => new Date();
  const deps = {
    ...{ db, clock, transport: nowhere, owner: 'bench', concurrency: 5 },
    print: createPrinter(kit, openArchive(db, kit)),
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  };
  const printing = openPrinting({ ...deps, kit, templatesDir: 'templates', connections: 5 });
  const ready = peakMegabytes();
  const request = { asOf, now: clock(), reuseMs };
  const sent = await timed(() =>
    sendDue(
      {
        ...{ db, clock },
        deliver: (options) =>
          printing.during((printer) => deliverDue({ ...deps, ...printer }, options)),
      },
      () => false,
      request,
      {},
    ),
  );
  printRate(`day ${day + 1}: planned, composed and settled`, sent.result.sent, sent);
  await printing.close();
  answer({ ready, end: peakMegabytes() } satisfies Peak);
};

const tell = (what: string, { ready, end }: Peak): void =>
  print(`${what}: peak memory ${end} MB, ${ready} MB of it before the first reader`);

const measure = (readers: number, days: number, files: readonly string[]) =>
  withFolder(async (folder) => {
    print(`\n${readers.toLocaleString('en')} readers`);
    await inOwnProcess('--prepare', folder, String(readers), String(days - 1), ...files);
    const planning = await inOwnProcess<Peak>('--plan', folder, String(days - 1));
    tell('planning', planning);
    const whole = await inOwnProcess<Peak>('--run', folder, String(days));
    tell('a whole run', whole);
    const bytes = statSync(`${folder}/bench.db`).size;
    print(`database ${Math.round(bytes / 1024 / 1024)} MB`);
    return { readers, planning, whole };
  });

const compare = (all: readonly Awaited<ReturnType<typeof measure>>[]): void => {
  const [few, ...more] = all;
  if (!few) return;
  for (const many of more) {
    const [name, of] = [many, few].map(({ readers }) => readers.toLocaleString('en'));
    for (const step of ['planning', 'whole'] as const)
      print(
        `peak memory, ${step === 'whole' ? 'a whole run' : step}: ${name} ÷ ${of} readers = ` +
          (many[step].end / few[step].end).toFixed(2),
      );
  }
};

const [task = '2000', ...rest] = process.argv.slice(2);
if (task.startsWith('--')) {
  const [folder = '', first = '', second = '', ...files] = rest;
  const db = openBench(folder);
  if (task === '--prepare') await prepare(db, Number(first), Number(second), files);
  else if (task === '--plan') await plan(db, Number(first));
  else await wholeRun(db, Number(first));
  db.$client.close();
} else {
  const [days = '2', ...files] = rest;
  const counts = task.split(',').map(Number);
  if (![...counts, Number(days)].every((count) => Number.isInteger(count) && count > 0)) {
    process.stderr.write(
      'usage: node --import tsx bench/plan.ts [READERS[,READERS…] [DAYS [FILE…]]]\n',
    );
    process.exitCode = 2;
  } else {
    const all = [];
    for (const readers of counts) all.push(await measure(readers, Number(days), files));
    compare(all);
  }
}
