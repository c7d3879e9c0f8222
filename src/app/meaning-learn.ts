/** Keeping the model of meaning up to date: folding new papers in, and learning anew when due. */
import {
  countInUse,
  currentModelId,
  dropModel,
  findText,
  insertFolded,
  insertModel,
  iterateTexts,
  listUnfolded,
  loadModel,
  putInUse,
} from '../db/meanings.ts';
import { type Db, statement } from '../db/open.ts';
import {
  collectMeaning,
  createFolder,
  type FoldedPaper,
  fewestPapers,
  type Learned,
  type PaperText,
} from '../domain/meaning.ts';
import { modelInMemory } from './meaning.ts';

/** Reading, finding directions, folding. */
const stages = 3;

/** Papers a transaction. */
const batchSize = 500;

/**
 * A corpus this much larger than what the model was made from is learned anew. Rarely, since a new
 * model moves the edges of every topic a little.
 */
const growth = 1.5;

/** Whether there are papers enough for a model, and none, or only an outgrown one. */
export const isLearningDue = (db: Db): boolean => {
  const papers = countInUse(db);
  if (papers < fewestPapers) return false;
  const known = statement(db, 'select papers from meaning_models where ready = 1 order by id desc')
    .pluck()
    .get() as number | undefined;
  return known === undefined || papers >= known * growth;
};

export type LearningProgress = (done: number, of: number) => void;

/**
 * Makes a model of the whole corpus and folds every paper into it. Takes about a minute and 400 MB
 * at most, so the service runs it in a thread of its own. Whatever is in use stays so until the new
 * model is whole. `false` when there are too few papers.
 */
export const learnMeaning = (db: Db, onProgress: LearningProgress = () => undefined): boolean => {
  const collector = collectMeaning();
  const papers = countInUse(db);
  const numbers: number[] = [];
  for (const text of iterateTexts(db)) {
    collector.add(text);
    numbers.push(text.number);
    if (numbers.length % batchSize === 0) onProgress(numbers.length / papers, stages);
  }
  const learned = collector.finish((done, of) => onProgress(1 + done / of, stages));
  if (!learned) return false;
  const id = insertModel(db, learned.model, numbers.at(-1) ?? 0);
  try {
    keepFolded(db, id, numbers, learned, onProgress);
    putInUse(db, id);
    return true;
  } catch (error) {
    dropModel(db, id);
    throw error;
  }
};

const keepFolded = (
  db: Db,
  modelId: number,
  numbers: readonly number[],
  learned: Learned,
  onProgress: LearningProgress,
): void => {
  let batch: { number: number; folded: FoldedPaper }[] = [];
  let done = 0;
  for (const folded of learned.folded()) {
    batch.push({ number: numbers[done] ?? 0, folded });
    done += 1;
    if (batch.length < batchSize && done < numbers.length) continue;
    insertFolded(db, modelId, batch);
    batch = [];
    onProgress(2 + done / numbers.length, stages);
  }
};

type Folder = { readonly modelId: number; readonly fold: (paper: PaperText) => FoldedPaper };

const folders = new WeakMap<Db, Folder>();

const folderOf = (db: Db, modelId: number): Folder | undefined => {
  const known = folders.get(db);
  if (known?.modelId === modelId) return known;
  const model = modelInMemory(db, modelId) ?? loadModel(db, modelId);
  if (!model) return undefined;
  const made = { modelId, fold: createFolder(model) };
  folders.set(db, made);
  return made;
};

/** Folds up to `limit` papers the model in use does not hold yet; returns how many it did. */
export const foldNewPapers = (db: Db, limit: number): number => {
  const pending = listPending(db);
  return foldPapers(db, pending.slice(0, limit));
};

/** The papers the model in use does not hold yet. */
export const listPending = (db: Db): readonly number[] => {
  const modelId = currentModelId(db);
  return typeof modelId === 'number' ? listUnfolded(db, modelId) : [];
};

/** Folds papers into the model in use; returns how many there were to fold. */
export const foldPapers = (db: Db, numbers: readonly number[]): number => {
  const modelId = currentModelId(db);
  const folder = typeof modelId === 'number' ? folderOf(db, modelId) : undefined;
  if (!folder || numbers.length === 0) return 0;
  const papers = numbers.flatMap((number) => findText(db, number) ?? []);
  const folded = papers.map((paper) => ({ number: paper.number, folded: folder.fold(paper) }));
  insertFolded(db, folder.modelId, folded);
  return papers.length;
};

/** Brings meaning up to date in this thread: learns when that is due, folds what is new. */
export const refreshMeaning = (db: Db, onProgress: LearningProgress = () => undefined): void => {
  if (isLearningDue(db)) learnMeaning(db, onProgress);
  const pending = listPending(db);
  for (let from = 0; from < pending.length; from += batchSize)
    foldPapers(db, pending.slice(from, from + batchSize));
};
