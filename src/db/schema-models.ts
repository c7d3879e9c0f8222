/** The tables of what was learned. */
import { blob, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
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
