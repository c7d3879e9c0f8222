/** Rows of `papers` and what they mean. */
import type { Paper } from '../domain/paper.ts';
import { type Db, statement } from './open.ts';

/** A paper with the corpus's own number for it. */
export type StoredPaper = Paper & {
  readonly number: number;
  /** Set while only the bundled sample tells of it. */
  readonly bundled?: true;
};

/** A row of `papers`. */
export type PaperRow = {
  id: number;
  key: string;
  title_slug: string;
  title: string;
  abstract: string;
  published_at: number | null;
  listed_on: string | null;
  featured_on: string | null;
  comment: string | null;
  code_url: string | null;
  summary: string | null;
  summary_by: string | null;
  keywords: string | null;
  organization: string | null;
  version: number | null;
  text_by: 'arxiv' | null;
  withdrawn_at: number | null;
  first_seen_at: number;
  origin: string;
  hidden: number;
};

export const toPaper = (db: Db, row: PaperRow): StoredPaper => ({
  number: row.id,
  id: row.key,
  title: row.title,
  abstract: row.abstract,
  authors: names(db, 'name', 'paper_authors', row.id),
  categories: names(db, 'category', 'paper_categories', row.id),
  ...(row.published_at !== null && { publishedAt: new Date(row.published_at) }),
  ...(row.listed_on !== null && { listedOn: row.listed_on }),
  ...(row.featured_on !== null && { featuredOn: row.featured_on }),
  ...(row.comment !== null && { comment: row.comment }),
  ...(row.code_url !== null && { codeUrl: row.code_url }),
  ...(row.summary !== null && { summary: { text: row.summary, by: row.summary_by ?? '' } }),
  ...(row.keywords !== null && { keywords: JSON.parse(row.keywords) as string[] }),
  ...(row.organization !== null && { organization: row.organization }),
  ...(row.version !== null && { version: row.version }),
  ...(row.text_by !== null && { textBy: row.text_by }),
  ...(row.withdrawn_at !== null && { withdrawnAt: new Date(row.withdrawn_at) }),
  ...(row.origin === 'sample' && { bundled: true as const }),
});

const names = (db: Db, column: string, table: string, number: number): string[] =>
  statement(db, `select ${column} from ${table} where paper_id = ? order by position`)
    .pluck()
    .all(number) as string[];

/** Whether two hold the same in all that is stored. */
export const samePaper = (a: Paper, b: Paper): boolean =>
  JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));

const ordered = (paper: Paper): unknown[] => [
  paper.id,
  paper.title,
  paper.abstract,
  paper.authors,
  paper.categories,
  paper.publishedAt?.getTime() ?? null,
  paper.listedOn ?? null,
  paper.featuredOn ?? null,
  paper.comment ?? null,
  paper.codeUrl ?? null,
  paper.summary?.text ?? null,
  paper.summary?.by ?? null,
  paper.keywords ?? null,
  paper.organization ?? null,
  paper.version ?? null,
  paper.textBy ?? null,
];
