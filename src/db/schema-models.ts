/** The tables of what was learned. */
import { sql } from 'drizzle-orm';
import {
  blob,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import { papers } from './schema.ts';

/** What was learned from before a moment: rates of growth, and the foresight of words. */
export const models = sqliteTable('models', {
  /** Nothing known at or after this moment was learned from. */
  cut: integer().primaryKey(),
  /** What the ledger held before the cut when it was learned; another count, and it is learned anew. */
  learnedFrom: text('learned_from').notNull(),
  growth: text().notNull(),
  /** The foresight model as bytes; null where the corpus was too thin. */
  foresight: blob({ mode: 'buffer' }),
});

/** What a model foresees of a paper, and the paper's sketch: worked out once for each. */
export const paperTraits = sqliteTable(
  'paper_traits',
  {
    paperId: integer('paper_id')
      .notNull()
      .references(() => papers.id, { onDelete: 'cascade' }),
    /** The model's cut; 0 where there is none. */
    cut: integer().notNull(),
    chance: real().notNull(),
    outlook: real().notNull(),
    sketch: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.cut, table.paperId] })],
);

/**
 * Models of meaning, newest last. One is in use once it is `ready`; the one before goes then. Arrays
 * are kept as their bytes, little-endian.
 */
export const meaningModels = sqliteTable(
  'meaning_models',
  {
    id: integer().primaryKey(),
    /** The highest paper number the model was made from. */
    lastPaper: integer('last_paper').notNull(),
    papers: integer().notNull(),
    averageLength: real('average_length').notNull(),
    dims: integer().notNull(),
    /** Stems and their usual spellings, a line each. */
    terms: text().notNull(),
    surfaces: text().notNull(),
    frequencies: blob({ mode: 'buffer' }).notNull(),
    basis: blob({ mode: 'buffer' }).notNull(),
    ready: integer({ mode: 'boolean' }).notNull().default(false),
  },
  (table) => [
    // The vectors before that column fill thousands of pages.
    index('meaning_models_ready').on(table.id).where(sql`ready = 1`),
  ],
);

/** Papers in a model's terms. A paper whose text changes loses its row and is folded anew. */
export const paperMeanings = sqliteTable(
  'paper_meanings',
  {
    /** Grows with every folding, so that whoever holds them in memory sees what is new. */
    id: integer().primaryKey({ autoIncrement: true }),
    modelId: integer('model_id').notNull(),
    paperId: integer('paper_id')
      .notNull()
      .references(() => papers.id, { onDelete: 'cascade' }),
    /** 16-bit term numbers, then as many 8-bit counts. */
    terms: blob({ mode: 'buffer' }).notNull(),
    vector: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [uniqueIndex('paper_meanings_once').on(table.paperId, table.modelId)],
);

/** Vectors from an embeddings endpoint, where one is set; 32-bit numbers, length 1. */
export const paperEmbeddings = sqliteTable(
  'paper_embeddings',
  {
    paperId: integer('paper_id')
      .notNull()
      .references(() => papers.id, { onDelete: 'cascade' }),
    model: text().notNull(),
    vector: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [uniqueIndex('paper_embeddings_once').on(table.model, table.paperId)],
);
