/** `digest send` into files, killed again and again: the folder and the ledger agree in the end. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { documentOf, makePlace, type Place } from './paperboy.ts';

const readers = 240;
/** At least so many, and as many more as it takes to meet a mail between its dot and its file. */
const kills = 3;
const mostKills = 11;
const mailsBetween = 20;

let place: Place;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

const mails = (): readonly string[] => {
  const folder = join(place.folder, 'outbox');
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.eml')) : [];
};

const states = (): Readonly<Record<string, number>> => {
  const db = new Database(join(place.folder, 'data', 'paperboy.db'), { readonly: true });
  const rows = db
    .prepare('select state, count(*) as count from deliveries group by state')
    .all() as { state: string; count: number }[];
  db.close();
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
};

/** Sends until so many mails are there, and is killed in the middle of the next. */
const killedAfter = async (count: number): Promise<void> => {
  const child = place.start(['digest', 'send']);
  while (mails().length < count && child.exitCode === null) await sleep(2);
  child.kill('SIGKILL');
  await new Promise((closed) => child.on('close', closed));
};

it('nothing is lost and nothing stays in doubt', { timeout: 120_000 }, async () => {
  const now = new Date().toISOString();
  const paper = {
    ...{ arxivId: '2603.10001', title: 'Quiet Owls at Work', categories: ['cs.CL'] },
    ...{ abstract: 'We count owls by night.', authors: ['Ada Example'] },
    ...{ listedOn: now.slice(0, 10), publishedAt: now },
  };
  documentOf(await place.run(['import', '-', '--json'], { input: JSON.stringify(paper) }));
  const rows = Array.from({ length: readers }, (_, n) => `r${n}@readers.example,cs.CL,0,UTC`);
  const csv = `email,topics,hour,timezone\n${rows.join('\n')}\n`;
  documentOf(await place.run(['subscribers', 'import', '-', '--json'], { input: csv }));

  let inFlight = 0;
  for (let n = 1; n <= kills || (inFlight === 0 && n <= mostKills); n += 1) {
    await killedAfter(n * mailsBetween);
    inFlight += states()['data-sent'] ?? 0;
  }
  // Else the kills have met nothing, and the test has shown nothing.
  expect(inFlight).toBeGreaterThan(0);

  expect(documentOf(await place.run(['digest', 'send', '--json']))).toMatchObject({ unknown: 0 });
  expect(states()).toEqual({ sent: readers });
  expect(mails()).toHaveLength(readers);
});
