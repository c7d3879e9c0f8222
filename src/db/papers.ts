import {
  type Day,
  isTitleId,
  isWithdrawalNote,
  mergePapers,
  type Paper,
  titleSlug,
} from '../domain/paper.ts';
import { foldText } from '../domain/tex.ts';
import { indexedAuthors, indexedCategories } from './index-text.ts';
import { type Db, statement } from './open.ts';
import { type PaperRow, type StoredPaper, samePaper, toPaper } from './paper-row.ts';

export type { StoredPaper } from './paper-row.ts';

export type UpsertResult = 'new' | 'updated' | 'unchanged';

/**
 * Takes a paper into the corpus, or merges it with what is known of it, under its id or, where one
 * of the two has no arXiv id yet, under its title. Call it inside a transaction: paper, authors,
 * categories and full-text index change together.
 */
export const upsertPaper = (
  db: Db,
  incoming: Paper,
  seen: { readonly at: Date; readonly by: string },
): UpsertResult => {
  const slug = titleSlug(foldText(incoming.title));
  const row = findTwin(db, incoming, slug);
  if (!row) {
    insertPaper(db, incoming, slug, seen);
    if (isWithdrawalNote(incoming.comment ?? '')) withdrawPaper(db, incoming.id, seen.at);
    return 'new';
  }
  const known = toPaper(db, row);
  const merged = mergePapers(known, incoming);
  const adopted = row.origin === 'sample' && seen.by !== 'sample';
  if (adopted) adopt(db, row, merged, seen.by);
  if (samePaper(known, merged)) return 'unchanged';
  updatePaper(db, { ...row, hidden: adopted ? 0 : row.hidden }, merged);
  noteWithdrawal(db, known, merged, seen.at);
  return 'updated';
};

// A version that takes the paper back says so in its comment; one after it may bring it again.
const noteWithdrawal = (db: Db, known: Paper, merged: Paper, at: Date): void => {
  const isWithdrawn = isWithdrawalNote(merged.comment ?? '');
  if (isWithdrawn && known.withdrawnAt === undefined) withdrawPaper(db, merged.id, at);
  const isBack = known.withdrawnAt !== undefined && !isWithdrawn;
  if (isBack && (merged.version ?? 0) > (known.version ?? 0)) restorePaper(db, merged);
};

/**
 * Takes a paper out of lists, feeds and search; editions already published keep it. Tells whether
 * that changed anything. Call it inside a transaction.
 */
export const withdrawPaper = (db: Db, id: string, at: Date): boolean => {
  const { changes } = statement(
    db,
    'update papers set withdrawn_at = ? where key = ? and withdrawn_at is null',
  ).run(at.getTime(), id);
  if (changes > 0) hidePapers(db, 'key = ?', [id]);
  return changes > 0;
};

const restorePaper = (db: Db, paper: Paper): void => {
  const number = statement(
    db,
    'update papers set withdrawn_at = null, hidden = 0 where key = ? returning id',
  )
    .pluck()
    .get(paper.id) as number;
  indexPaper(db, number, paper);
};

const findTwin = (db: Db, incoming: Paper, slug: string): PaperRow | undefined => {
  const byKey = statement(db, 'select * from papers where key = ?').get(incoming.id);
  if (byKey && !isMergedAway(byKey as PaperRow)) return byKey as PaperRow;
  // Two works may share a title, so titles join only where at most one side has an arXiv id.
  const sameTitle = `select * from papers where title_slug = ? and (hidden = 0 or origin = 'sample')`;
  const byTitle = isTitleId(incoming.id)
    ? statement(db, `${sameTitle} order by id limit 1`)
    : statement(db, `${sameTitle} and key like 'title:%' limit 1`);
  return (byTitle.get(slug) ?? byKey) as PaperRow | undefined;
};

// Known by its title until another paper turned out to be the same work.
const isMergedAway = (row: PaperRow): boolean =>
  row.hidden === 1 && row.origin !== 'sample' && isTitleId(row.key);

const midnight = (day: Day): number => Date.parse(`${day}T00:00:00Z`);

/** From when a paper counts as known, in milliseconds; `undefined` when no source gave any date. */
export const visibleFrom = (paper: Paper): number | undefined => {
  const day = paper.listedOn ?? paper.featuredOn;
  return day === undefined ? paper.publishedAt?.getTime() : midnight(day);
};

const columns = (paper: Paper, slug: string, firstSeenAt: number) => ({
  key: paper.id,
  title_slug: slug,
  title: paper.title,
  abstract: paper.abstract,
  published_at: paper.publishedAt?.getTime() ?? null,
  listed_on: paper.listedOn ?? null,
  featured_on: paper.featuredOn ?? null,
  comment: paper.comment ?? null,
  code_url: paper.codeUrl ?? null,
  summary: paper.summary?.text ?? null,
  summary_by: paper.summary?.by ?? null,
  keywords: paper.keywords ? JSON.stringify(paper.keywords) : null,
  organization: paper.organization ?? null,
  version: paper.version ?? null,
  text_by: paper.textBy ?? null,
  visible_from: visibleFrom(paper) ?? firstSeenAt,
  dated: visibleFrom(paper) === undefined ? 0 : 1,
});

const insertPaper = (
  db: Db,
  paper: Paper,
  slug: string,
  seen: { readonly at: Date; readonly by: string },
): void => {
  const firstSeenAt = seen.at.getTime();
  const { lastInsertRowid } = statement(
    db,
    `insert into papers (key, title_slug, title, abstract, published_at, listed_on, featured_on,
       comment, code_url, summary, summary_by, keywords, organization, version, text_by,
       visible_from, dated, first_seen_at, origin)
     values (@key, @title_slug, @title, @abstract, @published_at, @listed_on, @featured_on,
       @comment, @code_url, @summary, @summary_by, @keywords, @organization, @version, @text_by,
       @visible_from, @dated, @first_seen_at, @origin)`,
  ).run({
    ...columns(paper, slug, firstSeenAt),
    first_seen_at: firstSeenAt,
    origin: seen.by,
  });
  insertDetails(db, Number(lastInsertRowid), paper, true);
};

// Once a real source tells of a paper of the sample, it is no longer the sample's.
const adopt = (db: Db, row: PaperRow, paper: Paper, by: string): void => {
  statement(db, 'update papers set hidden = 0, origin = ? where id = ?').run(by, row.id);
  if (row.hidden === 1) indexPaper(db, row.id, paper);
};

const updatePaper = (db: Db, row: PaperRow, paper: Paper): void => {
  const slug = titleSlug(foldText(paper.title));
  statement(
    db,
    `update papers set key = @key, title_slug = @title_slug, title = @title, abstract = @abstract,
       published_at = @published_at, listed_on = @listed_on, featured_on = @featured_on,
       comment = @comment, code_url = @code_url, summary = @summary, summary_by = @summary_by,
       keywords = @keywords, organization = @organization, version = @version, text_by = @text_by,
       visible_from = @visible_from, dated = @dated where id = @id`,
  ).run({ ...columns(paper, slug, row.first_seen_at), id: row.id });
  if (paper.id !== row.key)
    statement(db, 'update or ignore signals set paper_key = ? where paper_key = ?').run(
      paper.id,
      row.key,
    );
  // The work was known under this title too, before its arXiv id was: one of the two must go.
  if (slug !== row.title_slug)
    hidePapers(db, `title_slug = ? and key like 'title:%' and id <> ?`, [slug, row.id]);
  statement(db, 'delete from paper_authors where paper_id = ?').run(row.id);
  // What was foreseen of it was foreseen from other words.
  statement(db, 'delete from paper_traits where paper_id = ?').run(row.id);
  statement(db, 'delete from paper_categories where paper_id = ?').run(row.id);
  statement(db, 'delete from papers_fts where rowid = ?').run(row.id);
  statement(db, 'delete from paper_meanings where paper_id = ?').run(row.id);
  statement(db, 'delete from paper_embeddings where paper_id = ?').run(row.id);
  insertDetails(db, row.id, paper, row.hidden === 0);
};

const insertDetails = (db: Db, number: number, paper: Paper, visible: boolean): void => {
  const author = statement(db, 'insert into paper_authors values (?, ?, ?)');
  for (const [position, name] of paper.authors.entries()) author.run(number, position, name);
  const category = statement(db, 'insert into paper_categories values (?, ?, ?)');
  for (const [position, code] of paper.categories.entries()) category.run(number, position, code);
  if (visible) indexPaper(db, number, paper);
};

const indexPaper = (db: Db, number: number, paper: Paper): void => {
  statement(
    db,
    'insert into papers_fts (rowid, title, abstract, authors, categories) values (?, ?, ?, ?, ?)',
  ).run(
    number,
    foldText(paper.title),
    foldText(paper.abstract || paper.summary?.text || ''),
    indexedAuthors(paper.authors),
    indexedCategories(paper.categories),
  );
};

const hidePapers = (db: Db, where: string, values: readonly (string | number)[]): number => {
  const rows = db.$client
    .prepare(`update papers set hidden = 1 where hidden = 0 and ${where} returning id`)
    .all(...values) as { id: number }[];
  const unindex = statement(db, 'delete from papers_fts where rowid = ?');
  for (const { id } of rows) unindex.run(id);
  return rows.length;
};

/** Takes what only the bundled sample told of out of lists, feeds and search. */
export const hideSample = (db: Db): number => hidePapers(db, `origin = 'sample'`, []);

/**
 * The paper under an arXiv id or title id. Hidden ones are not found, but withdrawn ones are: past
 * editions and mails lead to their pages.
 */
export const findPaper = (db: Db, id: string): StoredPaper | undefined => {
  const row = statement(
    db,
    'select * from papers where key = ? and (hidden = 0 or withdrawn_at is not null)',
  ).get(id);
  return row === undefined ? undefined : toPaper(db, row as PaperRow);
};

/** Papers by the corpus's own numbers, in the order asked for; unknown numbers are left out. */
export const listPapers = (db: Db, numbers: readonly number[]): readonly StoredPaper[] => {
  const byId = statement(db, 'select * from papers where id = ?');
  return numbers.flatMap((number) => {
    const row = byId.get(number) as PaperRow | undefined;
    return row ? [toPaper(db, row)] : [];
  });
};

/** From when on each of some papers can have been sent, in milliseconds: listed or known by then. */
export const listOldest = (db: Db, numbers: readonly number[]): ReadonlyMap<number, number> =>
  new Map(
    statement(
      db,
      `select id, min(visible_from, first_seen_at) from papers
       where id in (select value from json_each(?))`,
    )
      .raw()
      .all(JSON.stringify(numbers)) as [number, number][],
  );

/** Whether there is any paper to show. */
export const hasPapers = (db: Db): boolean =>
  statement(db, 'select exists (select 1 from papers where hidden = 0)').pluck().get() === 1;

export type CorpusCounts = {
  readonly papers: number;
  readonly signals: number;
  /** Papers known from the bundled sample alone. */
  readonly sample: number;
  readonly newestListing: Day | undefined;
};

/** Papers in use that only the bundled sample told of. */
export const countSample = (db: Db): number =>
  statement(db, `select count(*) from papers where hidden = 0 and origin = 'sample'`)
    .pluck()
    .get() as number;

export const countCorpus = (db: Db): CorpusCounts => {
  const row = statement(
    db,
    `select count(*) as papers, total(origin = 'sample') as sample, max(listed_on) as newest,
       (select count(*) from signals) as signals from papers where hidden = 0`,
  ).get() as { papers: number; sample: number; newest: string | null; signals: number };
  return {
    papers: row.papers,
    signals: row.signals,
    sample: row.sample,
    newestListing: row.newest ?? undefined,
  };
};

/** Papers that became known in a span of time (milliseconds, end included). */
export const countListed = (db: Db, after: number, until: number): number =>
  statement(
    db,
    'select count(*) from papers where hidden = 0 and dated = 1 and visible_from > ? and visible_from <= ?',
  )
    .pluck()
    .get(after, until) as number;

/** The numbers of the papers that `countListed` counts. */
export const listNumbersListed = (db: Db, after: number, until: number): readonly number[] =>
  statement(
    db,
    'select id from papers where hidden = 0 and dated = 1 and visible_from > ? and visible_from <= ?',
  )
    .pluck()
    .all(after, until) as number[];

/** The numbers of papers that became known in a span (milliseconds, ends included), newest first. */
export const listNewest = (db: Db, from: number, to: number): readonly number[] =>
  statement(
    db,
    `select id from papers where hidden = 0 and dated = 1 and visible_from between ? and ?
     order by visible_from desc, id desc`,
  )
    .pluck()
    .all(from, to) as number[];
