/** Learned models and what they foresee of each paper. */
import type { ForesightModel } from '../domain/foresight.ts';
import type { GrowthModel } from '../domain/growth.ts';
import { featureSize, hashedSize } from '../domain/text-features.ts';
import { type Db, inTransaction, isReadOnly, statement } from './open.ts';

/** What the ledger holds before a cut (milliseconds): papers and observations. */
export const countBefore = (db: Db, cut: number): { papers: number; signals: number } => ({
  papers: statement(db, 'select count(*) from papers where visible_from < ?')
    .pluck()
    .get(cut) as number,
  signals: statement(db, 'select count(*) from signals where observed_at < ?')
    .pluck()
    .get(cut) as number,
});

/** The rates learned for a cut, if they were learned from what the ledger holds now. */
export const findGrowth = (db: Db, cut: number, learnedFrom: string): GrowthModel | undefined => {
  const text = statement(db, 'select growth from models where cut = ? and learned_from = ?')
    .pluck()
    .get(cut, learnedFrom) as string | undefined;
  return text === undefined ? undefined : (JSON.parse(text) as GrowthModel);
};

export const findForesight = (db: Db, cut: number): ForesightModel | undefined => {
  const bytes = statement(db, 'select foresight from models where cut = ?').pluck().get(cut) as
    | Buffer
    | null
    | undefined;
  return bytes ? fromBytes(bytes) : undefined;
};

/** How many cuts' models are kept; older ones can be learned again. */
const kept = 4;

export const saveModel = (
  db: Db,
  model: {
    readonly cut: number;
    readonly learnedFrom: string;
    readonly growth: GrowthModel;
    readonly foresight: ForesightModel | undefined;
  },
): void => {
  const { cut, learnedFrom, growth, foresight } = model;
  if (isReadOnly(db)) return;
  inTransaction(db, () => {
    // A trait is worth nothing without the model it came from.
    statement(db, 'delete from paper_traits where cut = ?').run(cut);
    statement(db, 'insert or replace into models values (?, ?, ?, ?)').run(
      cut,
      learnedFrom,
      JSON.stringify(growth),
      foresight ? toBytes(foresight) : null,
    );
    const old = statement(db, 'select cut from models order by cut = ? desc, cut desc')
      .pluck()
      .all(cut) as number[];
    for (const gone of old.slice(kept)) {
      statement(db, 'delete from models where cut = ?').run(gone);
      statement(db, 'delete from paper_traits where cut = ?').run(gone);
    }
  });
};

type Header = { usual: number; notice: number; amount: number; authors: number };

// A header line in JSON, then the arrays one after the other, little-endian as all machines are.
const toBytes = ({ inverse, notice, amount, usual, record }: ForesightModel): Buffer => {
  const authors = [...record].sort(([a], [b]) => a - b);
  const header: Header = {
    usual,
    notice: notice.bias,
    amount: amount.bias,
    authors: authors.length,
  };
  const arrays = [
    inverse,
    notice.weights,
    amount.weights,
    Uint32Array.from(authors, ([key]) => key),
    Uint32Array.from(authors, ([, past]) => past.noticed),
    Float64Array.from(authors, ([, past]) => past.sum),
  ];
  return Buffer.concat([
    Buffer.from(`${JSON.stringify(header)}\n`),
    ...arrays.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength)),
  ]);
};

const fromBytes = (bytes: Buffer): ForesightModel => {
  const start = bytes.indexOf(10) + 1;
  const header = JSON.parse(bytes.subarray(0, start).toString()) as Header;
  let at = start;
  const take = (length: number): ArrayBuffer => {
    const part = new Uint8Array(bytes.subarray(at, at + length));
    at += length;
    return part.buffer;
  };
  const inverse = new Float32Array(take(4 * hashedSize));
  const notice = { bias: header.notice, weights: new Float32Array(take(4 * featureSize)) };
  const amount = { bias: header.amount, weights: new Float32Array(take(4 * featureSize)) };
  const keys = new Uint32Array(take(4 * header.authors));
  const noticed = new Uint32Array(take(4 * header.authors));
  const sums = new Float64Array(take(8 * header.authors));
  const record = new Map(
    Array.from(keys, (key, i) => [key, { noticed: noticed[i] ?? 0, sum: sums[i] ?? 0 }] as const),
  );
  return { inverse, notice, amount, usual: header.usual, record };
};

export type Traits = {
  readonly paper: number;
  readonly chance: number;
  readonly outlook: number;
  readonly sketch: Uint16Array;
};

export const saveTraits = (db: Db, cut: number, traits: readonly Traits[]): void => {
  if (isReadOnly(db)) return;
  inTransaction(db, () => {
    const insert = statement(db, 'insert or replace into paper_traits values (?, ?, ?, ?, ?)');
    for (const { paper, chance, outlook, sketch } of traits)
      insert.run(
        paper,
        cut,
        chance,
        outlook,
        Buffer.from(sketch.buffer, sketch.byteOffset, sketch.byteLength),
      );
  });
};

export type Foreseen = { readonly chance: number; readonly outlook: number };

/** What a cut's model foresees, by paper number. */
export const loadForeseen = (db: Db, cut: number): ReadonlyMap<number, Foreseen> => {
  const rows = statement(db, 'select paper_id, chance, outlook from paper_traits where cut = ?')
    .raw()
    .iterate(cut) as IterableIterator<[number, number, number]>;
  const foreseen = new Map<number, Foreseen>();
  for (const [paper, chance, outlook] of rows) foreseen.set(paper, { chance, outlook });
  return foreseen;
};

export const findSketch = (db: Db, cut: number, paper: number): Uint16Array | undefined => {
  const bytes = statement(db, 'select sketch from paper_traits where cut = ? and paper_id = ?')
    .pluck()
    .get(cut, paper) as Buffer | undefined;
  return bytes && new Uint16Array(new Uint8Array(bytes).buffer);
};
