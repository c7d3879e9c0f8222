/**
 * The meaning of the corpus in memory. It follows the database: papers folded in are appended, and
 * only another model means reading all of it.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import {
  changeMark,
  currentModelId,
  listFolded,
  listHidden,
  loadModel,
  type StoredModel,
} from '../db/meanings.ts';
import type { Db } from '../db/open.ts';
import { appendPapers, emptyIndex, type MeaningIndex, withShown } from '../domain/meaning-index.ts';
import { stem } from '../domain/stem.ts';
import { plainWord } from '../domain/terms.ts';

export type Meaning = {
  readonly index: MeaningIndex;
  /** The number of a word's term in the model. */
  readonly termOf: (word: string) => number | undefined;
};

type Loaded = {
  readonly model: StoredModel;
  readonly meaning: Meaning;
  /** The newest folding read. */
  readonly upTo: number;
  /** Papers of the index that are not to be found. */
  readonly hidden: ReadonlySet<number>;
};

type Held = { readonly mark: string; readonly loaded: Loaded | undefined };

const held = new WeakMap<Db, Held>();
/** Databases for which somebody reads new models a part at a time. */
const kept = new WeakSet<Db>();

/** Papers read at a time while others wait for their turn: some thirty milliseconds. */
const chunk = 1_000;

/**
 * The meaning of the corpus as it now stands; `undefined` while there is no model. Where `keepLoaded`
 * is at work, a new model takes the old one's place only when that has read it.
 */
export const openMeaning = (db: Db): Meaning | undefined => {
  const mark = changeMark(db);
  const known = held.get(db);
  if (known?.mark === mark) return known.loaded?.meaning;
  const modelId = currentModelId(db);
  const stays = known && (known.loaded?.model.id === modelId || kept.has(db));
  const loaded = stays ? known.loaded : begin(db, modelId);
  const current = loaded?.model.id === modelId ? loaded && caughtUp(db, loaded) : loaded;
  held.set(db, { mark, loaded: current });
  return current?.meaning;
};

/** The model with a number, if it is the one in memory. */
export const modelInMemory = (db: Db, modelId: number): StoredModel | undefined => {
  const model = held.get(db)?.loaded?.model;
  return model?.id === modelId ? model : undefined;
};

/**
 * Reads a new model and its papers, letting others take their turns; until it is whole, the one
 * before answers.
 */
export const keepLoaded = (db: Db, signal: AbortSignal): Promise<void> => {
  kept.add(db);
  return loadMeaning(db, signal);
};

/** Reads the model in use and its papers before anyone asks, letting others take their turns. */
export const loadMeaning = async (db: Db, signal: AbortSignal): Promise<void> => {
  const modelId = currentModelId(db);
  if (held.get(db)?.loaded?.model.id === modelId) return;
  let loaded = begin(db, modelId);
  while (loaded && !signal.aborted) {
    const before = loaded.upTo;
    loaded = caughtUp(db, loaded, chunk);
    if (loaded.upTo === before) break;
    await breathe();
  }
  if (!signal.aborted) held.set(db, { mark: '', loaded });
};

const begin = (db: Db, modelId: number | undefined): Loaded | undefined => {
  const model = typeof modelId === 'number' ? loadModel(db, modelId) : undefined;
  if (!model) return undefined;
  const places = new Map(model.terms.map((term, place) => [term, place]));
  const termOf = (word: string): number | undefined => places.get(stem(plainWord(word)));
  const meaning = { index: emptyIndex(model), termOf };
  return { model, meaning, upTo: 0, hidden: new Set() };
};

/** What is held, with what was folded since, and without what was hidden. */
const caughtUp = (db: Db, loaded: Loaded, limit?: number): Loaded => {
  const { model, meaning } = loaded;
  const { papers, upTo } = listFolded(db, model.id, loaded.upTo, limit);
  const appended = appendPapers(meaning.index, papers, model.lastPaper);
  const hidden = listHidden(db);
  const isSame = papers.length === 0 && equal(hidden, loaded.hidden);
  if (isSame) return { ...loaded, upTo };
  const back = [...loaded.hidden].filter((number) => !hidden.has(number));
  const index = withShown(withShown(appended, back, true), hidden, false);
  return { model, meaning: { ...meaning, index }, upTo, hidden };
};

const equal = (a: ReadonlySet<number>, b: ReadonlySet<number>): boolean =>
  a.size === b.size && [...a].every((number) => b.has(number));
