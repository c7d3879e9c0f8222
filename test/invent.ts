/** Invented papers, observations and readers, and what a test needs to put them in place. */

import { emptyTally, type ImportTally, importRecords } from '../src/app/import.ts';
import { topicNumbers } from '../src/app/topics.ts';
import type { Db } from '../src/db/open.ts';
import { insertSubscriber, type NewSubscriber } from '../src/db/subscribers.ts';
import type { Paper } from '../src/domain/paper.ts';
import type { Signal } from '../src/domain/signal.ts';
import { defaultSettings, type Settings } from '../src/domain/subscription.ts';
import type { Log } from '../src/lib/log.ts';
import { newKey } from '../src/lib/token.ts';
import type { SourceRecord } from '../src/sources/source-record.ts';

/** A Friday noon in UTC. */
export const noon = new Date('2026-03-20T12:00:00Z');

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
export const later = (at: Date, ms: number): Date => new Date(at.getTime() + ms);

const things = [
  'Lanterns',
  'Kites',
  'Ferries',
  'Beehives',
  'Tides',
  'Looms',
  'Glaciers',
  'Orchards',
];
const deeds = ['Counting', 'Folding', 'Steering', 'Hearing', 'Sketching', 'Mending', 'Sorting'];

// Words of its own, or the list would take it for a near copy of the others.
const wordsOf = (n: number): string =>
  ['plot', 'bed', 'row', 'path', 'pond', 'gate', 'wall', 'tree', 'seed', 'rain', 'leaf', 'root']
    .map((word) => `${word}${n}`)
    .join(' ');

/** The n-th invented paper, listed on the day of `noon`. */
export const inventPaper = (n: number, given: Partial<Paper> = {}): Paper => ({
  id: `2603.${10_000 + n}`,
  title: `${deeds[n % deeds.length]} ${things[n % things.length]}, Part ${n}`,
  abstract: `A made-up study number ${n}: robots learn to tell one thing from another. ${wordsOf(n)}`,
  authors: ['Mira Okonkwo', 'Jonas Feldt'],
  categories: ['cs.LG', 'cs.RO'],
  listedOn: '2026-03-20',
  ...given,
});

export const inventSignal = (
  paperId: string,
  value: number,
  given: Partial<Signal> = {},
): Signal => ({
  paperId,
  source: 'huggingface',
  kind: 'upvotes',
  observedAt: new Date('2026-03-20T11:00:00Z'),
  value,
  ...given,
});

async function* inTurn<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** Takes papers and signals in as an import would. */
export const takeIn = async (
  db: Db,
  papers: readonly Paper[],
  signals: readonly Signal[] = [],
  { by = 'import', now = noon } = {},
): Promise<ImportTally> => {
  const records: SourceRecord[] = [
    ...papers.map((paper, at) => ({ kind: 'paper' as const, line: at + 1, paper })),
    ...signals.map((signal, at) => ({ kind: 'signal' as const, line: at + 1, signal })),
  ];
  const tally = emptyTally();
  await importRecords(db, inTurn(records), { file: 'invented', by, now }, tally);
  return tally;
};

export const inventSettings = (given: Partial<Settings> = {}): Settings => ({
  topics: ['all'],
  ...defaultSettings,
  ...given,
});

/** Adds a reader, active unless said otherwise; gives the reader's number. */
export const addReader = (
  db: Db,
  email: string,
  settings: Settings = inventSettings(),
  status: NewSubscriber['status'] = 'active',
): number =>
  insertSubscriber(db, {
    key: newKey(),
    email,
    status,
    settings,
    topicIds: topicNumbers(db, settings.topics),
    at: noon,
  });

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
