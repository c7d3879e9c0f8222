/** Vectors of papers from an embeddings endpoint. */
import { type Db, inTransaction, statement } from './open.ts';

export type Embeddable = {
  readonly number: number;
  readonly title: string;
  readonly abstract: string;
};

/** Papers without a vector of this model, the newest first. */
export const listUnembedded = (db: Db, model: string, limit: number): readonly Embeddable[] =>
  statement(
    db,
    `select papers.id as number, title, abstract from papers
     left join paper_embeddings on paper_id = papers.id and model = ?
     where hidden = 0 and paper_id is null order by papers.id desc limit ?`,
  ).all(model, limit) as Embeddable[];

/** Keeps vectors of one model, and forgets those of any other: they cannot be compared. */
export const insertEmbeddings = (
  db: Db,
  model: string,
  rows: readonly { readonly number: number; readonly vector: Float32Array }[],
): void =>
  inTransaction(db, () => {
    statement(db, 'delete from paper_embeddings where model <> ?').run(model);
    const insert = statement(
      db,
      `insert into paper_embeddings (paper_id, model, vector)
       select id, ?, ? from papers where id = ? on conflict do nothing`,
    );
    for (const { number, vector } of rows)
      insert.run(model, Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength), number);
  });

export const hasEmbeddings = (db: Db): boolean =>
  statement(db, 'select 1 from paper_embeddings limit 1').get() !== undefined;

export const findEmbedding = (db: Db, number: number): Float32Array | undefined => {
  const bytes = statement(db, 'select vector from paper_embeddings where paper_id = ?')
    .pluck()
    .get(number) as Buffer | undefined;
  return bytes && new Float32Array(new Uint8Array(bytes).buffer);
};
