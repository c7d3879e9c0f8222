/**
 * What does a day look like for readers all over the world?
 * `node --import tsx bench/zones.ts [READERS [RATE [FILE…]]]`
 *
 * Invents readers in every zone, as many as people live there, most of them with a digest at seven or
 * eight. At a Monday's midnight (UTC) all who are past their hour are planned at once, as after a day
 * on which the service was down; then the day goes on by quarter hours, at each of which a digest may
 * fall due somewhere. Planning is the service's own; delivery is made up: RATE mails a second leave in
 * the order of the ledger. A minute after each quarter a look finds nobody due. Exits 1 when anybody
 * is left out or planned twice. Without files the corpus is the bundled sample.
 */
import { statSync } from 'node:fs';
import { type Plan, type PlanRequest, planInSteps } from '../src/app/plan.ts';
import { byDigest } from '../src/app/plan-files.ts';
import { ensureEdition } from '../src/app/publish.ts';
import { newestFact } from '../src/db/evidence.ts';
import { type Db, statement } from '../src/db/open.ts';
import { iterateSubscribers } from '../src/db/subscribers.ts';
import { dueDays } from '../src/domain/due.ts';
import { habitsOf } from './habits.ts';
import { inventReaders, loadCorpus } from './invented.ts';
import {
  answer,
  inOwnProcess,
  median,
  openBench,
  peakMegabytes,
  print,
  type Time,
  watch,
  withFolder,
} from './lib.ts';

const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;
const dayMs = 86_400_000;
/** As the service does. */
const reuseMs = 30 * minuteMs;

/** The first Monday's midnight after the last thing known: the fullest day of the week. */
const mondayAfter = (db: Db): number => {
  const newest = newestFact(db, Date.now()) ?? Date.now();
  const day = Math.floor(newest / dayMs) + 1;
  // Day 0 was a Thursday.
  return (day + ((11 - (day % 7)) % 7)) * dayMs;
};

const prepare = async (db: Db, readers: number, files: readonly string[]): Promise<void> => {
  await loadCorpus(db, files);
  const monday = new Date(mondayAfter(db));
  inventReaders(db, readers, monday, { habitsOf });
  // Learns the month's model, which a service has done in a process of its own.
  ensureEdition(db, monday, monday, 0);
  db.$client.pragma('optimize');
  db.$client.pragma('wal_checkpoint(truncate)');
  answer(true);
};

type Tick = Plan & Time & { readonly at: Date; readonly longest: number };

const tick = (db: Db, at: number): Tick => {
  const asOf = new Date(at);
  const request: PlanRequest = { asOf, now: asOf, reuseMs, learning: 'at-hand' };
  const [read, steps] = [watch(), planInSteps(db, request)];
  let longest = 0;
  for (;;) {
    const step = watch();
    const { done, value } = steps.next();
    longest = Math.max(longest, step().cpu);
    if (done) return { ...value, ...read(), at: asOf, longest };
  }
};

/** So many of the mails that wait have gone out. */
const settle = (db: Db, at: number, most: number): number =>
  statement(
    db,
    `update deliveries set state = 'sent', attempts = 1, settled_at = @at where id in (
       select id from deliveries where state in ('planned', 'deferred')
       order by next_attempt_at, id limit @most)`,
  ).run({ at, most }).changes;

/** Mails a second at which none waits longer: of every run of ticks, all must leave in its time. */
const rateFor = (ticks: readonly Tick[], withinMs: number): number => {
  let most = 0;
  for (const [from, first] of ticks.entries()) {
    let mails = 0;
    for (const { at, planned } of ticks.slice(from)) {
      mails += planned;
      most = Math.max(most, (mails * 1000) / (at.getTime() - first.at.getTime() + withinMs));
    }
  }
  return most;
};

/** Readers who ought to have had a digest by now and have none. */
const leftOut = (db: Db, now: Date): number => {
  const isDue = dueDays(now);
  let count = 0;
  let page: { readonly reader: { id: number; timeZone: string }; readonly day: string }[] = [];
  const look = (): void => {
    count += byDigest(db, page, now).open.length;
    page = [];
  };
  for (const { id, settings, awaitsFirst } of iterateSubscribers(db)) {
    const day = isDue({ ...settings, awaitsFirst });
    if (day !== undefined) page.push({ reader: { id, timeZone: settings.timeZone }, day });
    if (page.length === 1_000) look();
  }
  look();
  return count;
};

const databaseBytes = (db: Db): number => {
  db.$client.pragma('wal_checkpoint(truncate)');
  return statSync(db.$client.name).size;
};

const number = (count: number, digits = 0): string =>
  count.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

const column = (text: string | number): string =>
  (typeof text === 'number' ? number(text) : text).padStart(12);

type Hour = { due: number; planned: number; cpu: number; waiting: number };

const printHours = (hours: readonly Hour[]): void => {
  print(['UTC', 'due', 'mails', 'planning CPU', 'waiting'].map(column).join(''));
  for (const [hour, { due, planned, cpu, waiting }] of hours.entries())
    print([`${hour}:00`, due, planned, `${number(cpu, 2)} s`, waiting].map(column).join(''));
};

const printCatchUp = (first: Tick): void =>
  print(
    `after a day down: ${number(first.due)} due at once, planned in ${number(first.seconds, 1)} s ` +
      `(${number(first.cpu, 1)} s CPU)`,
  );

const printDay = (
  ticks: readonly Tick[],
  hours: readonly Hour[],
  looks: readonly number[],
): void => {
  const sum = (of: (tick: Tick) => number): number => ticks.reduce((all, one) => all + of(one), 0);
  const due = sum((one) => one.due);
  const peak = hours.reduce((a, b) => (b.due > a.due ? b : a));
  print(
    `the day: ${number(due)} due, ${number(sum((one) => one.planned))} mails, planned in ` +
      `${number(
        sum((one) => one.cpu),
        1,
      )} s CPU, ${number((sum((one) => one.cpu) / due) * 1e6)} µs each`,
  );
  print(
    `the peak hour, ${hours.indexOf(peak)}:00 UTC: ${number(peak.due)} due ` +
      `(${number((100 * peak.due) / due, 1)} % of the day), planned in ${number(peak.cpu, 1)} s CPU`,
  );
  for (const minutes of [30, 60])
    print(
      `all mail leaves within ${minutes} minutes at ` +
        `${number(rateFor(ticks, minutes * minuteMs), 1)} mails a second`,
    );
  const longest = Math.max(...ticks.map((one) => one.longest));
  print(`the longest step, in which others wait: ${number(longest * 1000)} ms CPU`);
  print(
    `a look with nobody due: ${number(median(looks) * 1000, 1)} ms CPU (median), ` +
      `${number(Math.max(...looks) * 1000, 1)} ms at most`,
  );
};

const live = (db: Db, rate: number): boolean => {
  const midnight = mondayAfter(db);
  print(`memory before the first look ${peakMegabytes()} MB; ${new Date(midnight).toISOString()}`);
  const first = tick(db, midnight);
  printCatchUp(first);
  settle(db, midnight, first.planned);
  const before = databaseBytes(db);
  const ticks: Tick[] = [];
  const looks: number[] = [];
  const hours: Hour[] = Array.from({ length: 24 }, () => ({
    due: 0,
    planned: 0,
    cpu: 0,
    waiting: 0,
  }));
  let [waiting, dueAgain] = [0, 0];
  for (let at = midnight + quarterMs; at <= midnight + dayMs; at += quarterMs) {
    const one = tick(db, at);
    ticks.push(one);
    const look = tick(db, at + minuteMs);
    looks.push(look.cpu);
    dueAgain += look.due;
    waiting += one.planned;
    waiting -= settle(db, at, Math.round((rate * quarterMs) / 1000));
    const hour = hours[one.at.getUTCHours()];
    if (!hour) continue;
    hour.due += one.due;
    hour.planned += one.planned;
    hour.cpu += one.cpu;
    hour.waiting = waiting;
  }
  printHours(hours);
  printDay(ticks, hours, looks);
  const bytes = databaseBytes(db);
  const planned = ticks.reduce((sum, one) => sum + one.due, 0);
  print(
    `peak memory ${peakMegabytes()} MB; database ${number(bytes / 1024 / 1024)} MB, ` +
      `${number((bytes - before) / planned)} bytes a digest and its mail`,
  );
  const missed = leftOut(db, new Date(midnight + dayMs));
  print(`left out: ${missed}; due again after a tick: ${dueAgain}`);
  return missed === 0 && dueAgain === 0;
};

const [task = '10000', ...rest] = process.argv.slice(2);
if (task.startsWith('--')) {
  const [folder = '', count = '', ...files] = rest;
  const db = openBench(folder);
  if (task === '--prepare') await prepare(db, Number(count), files);
  else answer(live(db, Number(count)));
  db.$client.close();
} else {
  const [rate = '100', ...files] = rest;
  if (![Number(task), Number(rate)].every((count) => Number.isInteger(count) && count > 0)) {
    process.stderr.write('usage: node --import tsx bench/zones.ts [READERS [RATE [FILE…]]]\n');
    process.exitCode = 2;
  } else
    await withFolder(async (folder) => {
      print(`${number(Number(task))} readers, ${number(Number(rate))} mails a second`);
      await inOwnProcess('--prepare', folder, task, ...files);
      if (!(await inOwnProcess<boolean>('--day', folder, rate))) process.exitCode = 1;
    });
}
