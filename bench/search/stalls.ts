/** How long others wait for their turn while a day is folded in, and while the corpus is learned. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepMeaning } from '../../src/app/keep-meaning.ts';
import { openMeaning } from '../../src/app/meaning.ts';
import type { Db } from '../../src/db/open.ts';
import { print } from '../lib.ts';

const signal = new AbortController().signal;

/** Runs `work` and tells how long a timer was late meanwhile; an idle spell first tells the noise. */
const stallsDuring = async (what: string, work: () => Promise<unknown>): Promise<void> => {
  const delays = monitorEventLoopDelay({ resolution: 2 });
  delays.enable();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1_000;
  delays.disable();
  print(
    `waiting for a turn, ${what} (${seconds.toFixed(1)} s): 99th percentile ` +
      `${(delays.percentile(99) / 1e6).toFixed(0)} ms, longest ${(delays.max / 1e6).toFixed(0)} ms`,
  );
};

/** The corpus must be in a file: learning has a connection of its own. */
export const measureStalls = async (db: Db): Promise<void> => {
  const forget = db.$client.prepare(
    'delete from paper_meanings where paper_id in (select id from papers order by id desc limit 900)',
  );
  openMeaning(db);
  await keepMeaning(db, signal);
  await stallsDuring('idle', () => sleep(5_000));
  forget.run();
  await stallsDuring('folding 900 papers', () => keepMeaning(db, signal));
  db.$client.prepare('update meaning_models set papers = 1').run();
  await stallsDuring('learning the corpus and reading it', () => keepMeaning(db, signal));
};
