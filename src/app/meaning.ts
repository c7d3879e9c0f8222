/** The meaning of the corpus in memory, read again when the database has changed. */
import {
  changeMark,
  countFolded,
  currentModelId,
  listFolded,
  listHidden,
  loadModel,
} from '../db/meanings.ts';
import { type Db, statement } from '../db/open.ts';
import { layOut, type MeaningIndex } from '../domain/meaning-index.ts';
import { stem } from '../domain/stem.ts';
import { plainWord } from '../domain/terms.ts';

export type Meaning = {
  readonly index: MeaningIndex;
  /** The number of a word's term in the model. */
  readonly termOf: (word: string) => number | undefined;
};

type Held = {
  readonly mark: string;
  /** Which state of which model is held. */
  readonly version: string;
  readonly meaning: Meaning | undefined;
};

const held = new WeakMap<Db, Held>();

/** The meaning of the corpus as it now stands; `undefined` while there is no model. */
export const openMeaning = (db: Db): Meaning | undefined => {
  const mark = changeMark(db);
  const known = held.get(db);
  if (known?.mark === mark) return known.meaning;
  const modelId = currentModelId(db);
  const version = typeof modelId === 'number' ? versionOf(db, modelId) : 'none';
  const meaning =
    known?.version === version
      ? known.meaning
      : typeof modelId === 'number'
        ? load(db, modelId)
        : undefined;
  held.set(db, { mark, version, meaning });
  return meaning;
};

const versionOf = (db: Db, modelId: number): string =>
  [
    modelId,
    statement(db, 'select max(id) from paper_meanings').pluck().get(),
    countFolded(db, modelId),
    listHidden(db).size,
  ].join('.');

const load = (db: Db, modelId: number): Meaning | undefined => {
  const model = loadModel(db, modelId);
  if (!model) return undefined;
  const { papers } = listFolded(db, modelId, 0);
  const places = new Map(model.terms.map((term, place) => [term, place]));
  return {
    index: layOut(model, papers, model.lastPaper, listHidden(db)),
    termOf: (word) => places.get(stem(plainWord(word))),
  };
};
