/**
 * How fast are digests planned? `node --import tsx bench/plan.ts [READERS [FILE…]]`
 *
 * Invents readers with five topics each, publishes one edition and plans a digest for every reader,
 * on two days (on the second each reader has seen ten papers). Planning chooses the papers and
 * records digest and delivery durably. The reference, measured in the same run: one SQL statement a
 * reader that joins, sorts and filters the same lists in the database, and records nothing.
 * Without files the corpus is the bundled sample.
 */
import { planDigests } from '../src/app/plan.ts';
import { ensureEdition } from '../src/app/publish.ts';
import { newestFact } from '../src/db/evidence.ts';
import { type Db, statement } from '../src/db/open.ts';
import { inventReaders, loadCorpus } from './invented.ts';
import { printRate, printRatio, timed, withDatabase } from './lib.ts';

const [readersAsked = '2000', ...files] = process.argv.slice(2);
const readers = Number(readersAsked);
const dayMs = 86_400_000;

/** What one would write first: everything asked of the database, once a reader. */
const chooseNaively = (db: Db, editionId: number): number => {
  const ids = statement(db, 'select id from subscribers').pluck().all() as number[];
  const choose = statement(
    db,
    `select entries.paper_id, max(entries.score) as score from subscriptions
     join edition_entries as entries on entries.topic_id = subscriptions.topic_id
     where subscriptions.subscriber_id = @reader and entries.edition_id = @edition
       and entries.paper_id not in (
         select value from digests, json_each(digests.papers) where subscriber_id = @reader)
     group by entries.paper_id order by score desc limit 10`,
  );
  return ids.reduce((sum, reader) => sum + choose.all({ reader, edition: editionId }).length, 0);
};

const planDay = async (db: Db, name: string, asOf: Date): Promise<void> => {
  const edition = await timed(() => ensureEdition(db, asOf, asOf, 0));
  printRate(`${name}: lists of an edition`, edition.result.lists.length, edition);
  const naive = await timed(() => chooseNaively(db, edition.result.id));
  const plan = await timed(() => planDigests(db, { asOf, now: asOf, reuseMs: dayMs / 2 }));
  printRate(`${name}: digests planned and recorded`, plan.result.due, plan);
  printRate(`${name}: reference, one statement a reader`, readers, naive);
  printRatio('digests a CPU second: planning', plan, naive);
};

const run = async (db: Db): Promise<void> => {
  await loadCorpus(db, files);
  const newest = newestFact(db, Date.now()) ?? Date.now();
  // Noon of the day after the last thing known.
  const firstDay = new Date(Math.floor(newest / dayMs) * dayMs + 1.5 * dayMs);
  inventReaders(db, readers, firstDay);
  await planDay(db, 'day 1', firstDay);
  await planDay(db, 'day 2', new Date(firstDay.getTime() + dayMs));
};

if (!Number.isInteger(readers) || readers < 1) {
  process.stderr.write('usage: node --import tsx bench/plan.ts [READERS [FILE…]]\n');
  process.exitCode = 2;
} else await withDatabase(run);
