/** Letting go of what is old, by the operator's settings. */
import type { Db } from '../db/open.ts';
import {
  countOld,
  deleteOld,
  listModelCuts,
  type Prunable,
  relabelModel,
  tidy,
} from '../db/pruning.ts';
import { learnedFrom } from './models.ts';

export type Retention = {
  /** Digests, mails, bounces, and editions that are not their day's last. */
  readonly mailDays: number;
  /** From when on one observation a day is enough; unset: all are kept for ever. */
  readonly signalDays?: number;
};

export type Pruned = Readonly<Record<Prunable, number>>;

const dayMs = 86_400_000;

/** In this order: an edition is free to go once the digests made of it have gone. */
const kinds: readonly Prunable[] = ['digests', 'deliveries', 'bounces', 'editions', 'signals'];

const cutOf = (kind: Prunable, retention: Retention, now: Date): Date | undefined => {
  const days = kind === 'signals' ? retention.signalDays : retention.mailDays;
  return days === undefined ? undefined : new Date(now.getTime() - days * dayMs);
};

/** What `prune` would delete now. Editions held by digests that would go are not counted. */
export const countPrunable = (db: Db, retention: Retention, now: Date): Pruned =>
  overKinds((kind) => {
    const before = cutOf(kind, retention, now);
    return before ? countOld(db, kind, before) : 0;
  });

/** Deletes what is old, giving way between pieces; stopped, it goes on the next time. */
export const prune = async (
  db: Db,
  retention: Retention,
  now: Date,
  signal: AbortSignal,
): Promise<Pruned> => {
  const pruned = { ...overKinds(() => 0) };
  for (const kind of kinds) {
    const before = cutOf(kind, retention, now);
    if (!before) continue;
    const models = kind === 'signals' ? soundModels(db) : [];
    for (let gone = 1; gone > 0 && !signal.aborted; ) {
      gone = deleteOld(db, kind, before);
      pruned[kind] += gone;
      await new Promise((turn) => setImmediate(turn));
    }
    // What a model learned from looks a day apart holds still: without this, thinning would have
    // every month's model learned anew, and rankings change.
    for (const cut of models) relabelModel(db, cut, learnedFrom(db, cut));
  }
  tidy(db);
  return pruned;
};

const soundModels = (db: Db): readonly number[] =>
  listModelCuts(db)
    .filter(({ cut, from }) => from === learnedFrom(db, cut))
    .map(({ cut }) => cut);

const overKinds = (count: (kind: Prunable) => number): Pruned =>
  Object.fromEntries(kinds.map((kind) => [kind, count(kind)])) as Pruned;
