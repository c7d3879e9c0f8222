/**
 * How fast are digests planned, and in how much memory?
 * `node --import tsx bench/plan.ts [READERS[,READERS…] [DAYS [FILE…]]]`
 *
 * Invents readers with five topics each, publishes an edition a day and plans a digest for every
 * reader; from the second day on each has a history. Planning chooses the papers and records digest
 * and delivery durably. The reference, measured in the same run on at most a thousand readers: one
 * SQL statement a reader that joins, sorts and filters the same lists in the database, and records
 * nothing. Several numbers of readers are measured in a process each, so that their peaks of memory
 * can be compared. Without files the corpus is the bundled sample.
 */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { planDigests } from '../src/app/plan.ts';
import { ensureEdition } from '../src/app/publish.ts';
import { newestFact } from '../src/db/evidence.ts';
import { type Db, statement } from '../src/db/open.ts';
import { inventReaders, loadCorpus } from './invented.ts';
import { print, printRate, timed, withDatabase } from './lib.ts';

const [readersAsked = '2000', daysAsked = '2', ...files] = process.argv.slice(2);
const counts = readersAsked.split(',').map(Number);
const days = Number(daysAsked);
const dayMs = 86_400_000;
const mostNaive = 1_000;

const peakMegabytes = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

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

const planDay = async (db: Db, name: string, asOf: Date): Promise<void> => {
  const edition = await timed(() => ensureEdition(db, asOf, asOf, 0));
  printRate(`${name}: lists of an edition`, edition.result.lists.length, edition);
  const naive = await timed(() => chooseNaively(db, edition.result.id));
  const plan = await timed(() => planDigests(db, { asOf, now: asOf, reuseMs: dayMs / 2 }));
  printRate(`${name}: digests planned and recorded`, plan.result.due, plan);
  const again = await timed(() => planDigests(db, { asOf, now: asOf, reuseMs: dayMs / 2 }));
  print(`${name}: a second look, nobody due: ${again.cpu.toFixed(2)} s CPU`);
  printRate(`${name}: reference, one statement a reader`, naive.result, naive);
  const ratio = plan.result.due / plan.cpu / (naive.result / naive.cpu);
  print(`digests a CPU second: planning ÷ reference = ${ratio.toFixed(1)}`);
};

const run = (readers: number) => async (db: Db) => {
  await loadCorpus(db, files);
  const newest = newestFact(db, Date.now()) ?? Date.now();
  // Noon of the day after the last thing known.
  const firstDay = new Date(Math.floor(newest / dayMs) * dayMs + 1.5 * dayMs);
  inventReaders(db, readers, firstDay);
  print(
    `${readers.toLocaleString('en')} readers; peak memory before planning ${peakMegabytes()} MB`,
  );
  for (let day = 0; day < days; day += 1)
    await planDay(db, `day ${day + 1}`, new Date(firstDay.getTime() + day * dayMs));
  db.$client.pragma('wal_checkpoint(truncate)');
  const megabytes = Math.round(statSync(db.$client.name).size / 1024 / 1024);
  print(`peak memory ${peakMegabytes()} MB; database ${megabytes} MB`);
};

const [readers = 0] = counts;
if (![...counts, days].every((count) => Number.isInteger(count) && count > 0)) {
  process.stderr.write(
    'usage: node --import tsx bench/plan.ts [READERS[,READERS…] [DAYS [FILE…]]]\n',
  );
  process.exitCode = 2;
} else if (counts.length > 1)
  for (const count of counts)
    execFileSync(
      process.execPath,
      [...process.execArgv, process.argv[1] ?? '', String(count), daysAsked, ...files],
      { stdio: 'inherit' },
    );
else await withDatabase(run(readers));
