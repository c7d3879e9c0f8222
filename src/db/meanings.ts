/** Models of meaning and the papers folded into them. */
import type { FoldedPaper, MeaningModel, PaperText } from '../domain/meaning.ts';
import type { IndexedPaper } from '../domain/meaning-index.ts';
import { type Db, inTransaction, statement } from './open.ts';

export type StoredModel = MeaningModel & {
  readonly id: number;
  /** The highest paper number it was made from. */
  readonly lastPaper: number;
};

type ModelRow = {
  id: number;
  last_paper: number;
  papers: number;
  average_length: number;
  dims: number;
  terms: string;
  surfaces: string;
  frequencies: Buffer;
  basis: Buffer;
};

const bytesOf = (array: ArrayBufferView): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength);

// A Buffer of the driver need not start where a typed array may: its bytes are copied.
const aligned = (bytes: Buffer): ArrayBuffer => {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
};

/** Which model is in use, without loading it. */
export const currentModelId = (db: Db): number | undefined =>
  statement(db, 'select max(id) from meaning_models where ready = 1').pluck().get() as
    | number
    | undefined;

export const loadModel = (db: Db, id: number): StoredModel | undefined => {
  const row = statement(db, 'select * from meaning_models where id = ?').get(id) as
    | ModelRow
    | undefined;
  return (
    row && {
      id: row.id,
      lastPaper: row.last_paper,
      papers: row.papers,
      averageLength: row.average_length,
      dims: row.dims,
      terms: row.terms.split('\n'),
      surfaces: row.surfaces.split('\n'),
      frequencies: new Uint32Array(aligned(row.frequencies)),
      basis: new Float32Array(aligned(row.basis)),
    }
  );
};

/** Keeps a new model; it is in use from `putInUse` on. */
export const insertModel = (db: Db, model: MeaningModel, lastPaper: number): number =>
  Number(
    statement(
      db,
      `insert into meaning_models
         (last_paper, papers, average_length, dims, terms, surfaces, frequencies, basis)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      lastPaper,
      model.papers,
      model.averageLength,
      model.dims,
      model.terms.join('\n'),
      model.surfaces.join('\n'),
      bytesOf(model.frequencies),
      bytesOf(model.basis),
    ).lastInsertRowid,
  );

/** Puts a model whose papers are all folded in the place of every other. */
export const putInUse = (db: Db, modelId: number): void =>
  inTransaction(db, () => {
    statement(db, 'update meaning_models set ready = 1 where id = ?').run(modelId);
    dropOthers(db, modelId);
  });

/** Forgets a model that was never finished. */
export const dropModel = (db: Db, modelId: number): void =>
  inTransaction(db, () => {
    statement(db, 'delete from paper_meanings where model_id = ?').run(modelId);
    statement(db, 'delete from meaning_models where id = ?').run(modelId);
  });

const dropOthers = (db: Db, modelId: number): void => {
  statement(db, 'delete from paper_meanings where model_id <> ?').run(modelId);
  statement(db, 'delete from meaning_models where id <> ?').run(modelId);
};

export type NumberedText = PaperText & { readonly number: number };

const textColumns = `papers.id as number, title,
  case when abstract = '' then coalesce(summary, '') else abstract end as abstract`;

/** Texts of all papers in use, in the order of their numbers; held one at a time. */
export const iterateTexts = (db: Db): IterableIterator<NumberedText> =>
  db.$client
    .prepare(`select ${textColumns} from papers where hidden = 0 order by papers.id`)
    .iterate() as IterableIterator<NumberedText>;

/** The numbers of papers in use that are not folded into a model yet, the oldest first. */
export const listUnfolded = (db: Db, modelId: number): readonly number[] =>
  // Through an index: reading every paper's row, abstract and all, would take six times as long.
  (
    statement(
      db,
      `select id from papers indexed by papers_by_visible_from
       where hidden = 0 and not exists
         (select 1 from paper_meanings where paper_id = papers.id and model_id = ?)`,
    )
      .pluck()
      .all(modelId) as number[]
  ).sort((a, b) => a - b);

/** The text of a paper in use. */
export const findText = (db: Db, number: number): NumberedText | undefined =>
  statement(db, `select ${textColumns} from papers where id = ? and hidden = 0`).get(number) as
    | NumberedText
    | undefined;

/** Keeps folded papers; one folded before by another process stays as it is. */
export const insertFolded = (
  db: Db,
  modelId: number,
  papers: readonly { readonly number: number; readonly folded: FoldedPaper }[],
): void =>
  inTransaction(db, () => {
    const insert = statement(
      db,
      `insert into paper_meanings (model_id, paper_id, terms, vector)
       select ?, id, ?, ? from papers where id = ? on conflict do nothing`,
    );
    for (const { number, folded } of papers)
      insert.run(
        modelId,
        Buffer.concat([bytesOf(folded.terms), bytesOf(folded.counts)]),
        bytesOf(folded.vector),
        number,
      );
  });

type FoldedRow = [id: number, paperId: number, terms: Buffer, vector: Buffer];

/** Papers folded since a row, in the order they were; `upTo` is the newest row seen, or `after`. */
export const listFolded = (
  db: Db,
  modelId: number,
  after: number,
  limit = -1,
): { readonly papers: readonly IndexedPaper[]; readonly upTo: number } => {
  const rows = statement(
    db,
    `select id, paper_id, terms, vector from paper_meanings
     where id > ? and model_id = ? order by id limit ?`,
  )
    .raw()
    .iterate(after, modelId, limit) as IterableIterator<FoldedRow>;
  const papers: IndexedPaper[] = [];
  let upTo = after;
  for (const [id, number, packed, vector] of rows) {
    const size = packed.length / 3;
    papers.push({
      number,
      terms: new Uint16Array(aligned(packed.subarray(0, size * 2))),
      counts: new Uint8Array(packed.subarray(size * 2)),
      vector: new Int8Array(aligned(vector)),
    });
    upTo = id;
  }
  return { papers, upTo };
};

export const countInUse = (db: Db): number =>
  statement(db, 'select count(*) from papers where hidden = 0').pluck().get() as number;

export const listHidden = (db: Db): ReadonlySet<number> =>
  new Set(statement(db, 'select id from papers where hidden = 1').pluck().all() as number[]);

/**
 * Changes with every commit, whoever makes it: other connections' move `data_version`, our own move
 * the count of changes.
 */
export const changeMark = (db: Db): string =>
  `${db.$client.pragma('data_version', { simple: true })}.${statement(db, 'select total_changes()').pluck().get()}`;

export const listInUse = (db: Db): readonly number[] =>
  statement(db, 'select id from papers where hidden = 0').pluck().all() as number[];

/** The meaning of one paper in a model's terms, as a vector of length 1. */
export const findVector = (db: Db, modelId: number, paper: number): Float32Array | undefined => {
  const bytes = statement(
    db,
    'select vector from paper_meanings where paper_id = ? and model_id = ?',
  )
    .pluck()
    .get(paper, modelId) as Buffer | undefined;
  if (!bytes) return undefined;
  const whole = new Int8Array(aligned(bytes));
  const length = Math.sqrt(whole.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? undefined : Float32Array.from(whole, (value) => value / length);
};
