import { desc, eq, sql } from 'drizzle-orm';
import type { EditionKind } from '../domain/edition.ts';
import type { Day } from '../domain/paper.ts';
import type { Part } from '../domain/trend.ts';
import { type Db, inTransaction, statement } from './open.ts';
import { editions } from './schema-editions.ts';

export type Edition = {
  readonly id: number;
  readonly kind: EditionKind;
  readonly asOf: Date;
  readonly rankedAt: Date;
  readonly publishedAt: Date;
  readonly papersRead: number;
};

export type EditionEntry = {
  readonly paper: number;
  readonly score: number;
  readonly parts: readonly Part[];
};

export type EditionList = { readonly topicId: number; readonly entries: readonly EditionEntry[] };

type Row = typeof editions.$inferSelect;

const toEdition = (row: Row): Edition => ({
  id: row.id,
  kind: row.kind,
  asOf: new Date(row.asOf),
  rankedAt: new Date(row.rankedAt),
  publishedAt: new Date(row.publishedAt),
  papersRead: row.papersRead,
});

/** Publishes an edition: written whole, and never changed afterwards. */
export const insertEdition = (
  db: Db,
  edition: Omit<Edition, 'id'>,
  lists: readonly EditionList[],
): Edition =>
  inTransaction(db, () => {
    const row = db
      .insert(editions)
      .values({
        kind: edition.kind,
        asOf: edition.asOf.getTime(),
        rankedAt: edition.rankedAt.getTime(),
        publishedAt: edition.publishedAt.getTime(),
        papersRead: edition.papersRead,
      })
      .returning()
      .get();
    const topic = statement(db, 'insert into edition_topics values (?, ?)');
    const entry = statement(
      db,
      `insert into edition_entries (edition_id, topic_id, rank, paper_id, score, parts)
       values (?, ?, ?, ?, ?, ?)`,
    );
    for (const { topicId, entries } of lists) {
      topic.run(row.id, topicId);
      for (const [index, { paper, score, parts }] of entries.entries())
        entry.run(row.id, topicId, index + 1, paper, score, JSON.stringify(parts));
    }
    return toEdition(row);
  });

/** The newest edition of a kind whose moment lies in a span (milliseconds, ends included). */
export const newestEdition = (
  db: Db,
  from: number,
  to: number,
  kind: EditionKind = 'day',
): Edition | undefined => {
  const row = db
    .select()
    .from(editions)
    .where(sql`${editions.asOf} between ${from} and ${to} and ${editions.kind} = ${kind}`)
    .orderBy(desc(editions.asOf), desc(editions.id))
    .limit(1)
    .get();
  return row && toEdition(row);
};

export const findEdition = (db: Db, id: number): Edition | undefined => {
  const row = db.select().from(editions).where(eq(editions.id, id)).get();
  return row && toEdition(row);
};

/**
 * Whether an edition was made of the bundled sample. Samples and sources' papers never share one; a
 * few of the first tell, some of which a source may have told of since.
 */
export const isOfSample = (db: Db, id: number): boolean =>
  statement(
    db,
    `select exists (
       select 1 from (select paper_id from edition_entries where edition_id = ? limit 50)
       join papers on papers.id = paper_id where origin = 'sample')`,
  )
    .pluck()
    .get(id) === 1;

/** The same of lists that are not published, by their papers. */
export const areOfSample = (db: Db, lists: readonly EditionList[]): boolean => {
  const first = lists.flatMap(({ entries }) => entries).slice(0, 50);
  return (
    statement(
      db,
      `select exists (
         select 1 from papers where id in (select value from json_each(?)) and origin = 'sample')`,
    )
      .pluck()
      .get(JSON.stringify(first.map(({ paper }) => paper))) === 1
  );
};

/** The topics an edition ranked, those with an empty list included. */
export const topicsOfEdition = (db: Db, editionId: number): ReadonlySet<number> =>
  new Set(
    statement(db, 'select topic_id from edition_topics where edition_id = ? order by topic_id')
      .pluck()
      .all(editionId) as number[],
  );

/** A topic's list in an edition, best first. */
export const listEntries = (db: Db, editionId: number, topicId: number): readonly EditionEntry[] =>
  (
    statement(
      db,
      `select paper_id as paper, score, parts from edition_entries
       where edition_id = ? and topic_id = ? order by rank`,
    ).all(editionId, topicId) as { paper: number; score: number; parts: string }[]
  ).map((row) => ({ ...row, parts: JSON.parse(row.parts) as readonly Part[] }));

/** One paper of a topic's list. */
export const findEntry = (
  db: Db,
  editionId: number,
  topicId: number,
  paper: number,
): EditionEntry | undefined => {
  const row = statement(
    db,
    `select score, parts from edition_entries
     where edition_id = ? and topic_id = ? and paper_id = ?`,
  ).get(editionId, topicId, paper) as { score: number; parts: string } | undefined;
  return row && { paper, score: row.score, parts: JSON.parse(row.parts) as readonly Part[] };
};

export type EditionDay = {
  readonly date: Day;
  readonly publishedAt: Date;
  readonly papers: number;
};

const utcDay = `strftime('%Y-%m-%d', as_of / 1000, 'unixepoch')`;

/** The days on which an edition was published, newest first; the day's last edition stands for it. */
export const listEditionDays = (db: Db, limit: number): readonly EditionDay[] =>
  (
    statement(
      db,
      `select ${utcDay} as date, id, max(as_of), published_at as publishedAt,
         (select count(distinct paper_id) from edition_entries where edition_id = editions.id
            and rank <= 10) as papers
       from editions where kind = 'day' group by date order by date desc limit ?`,
    ).all(limit) as { date: Day; publishedAt: number; papers: number }[]
  ).map(({ date, publishedAt, papers }) => ({ date, publishedAt: new Date(publishedAt), papers }));

/** The days from one to another on which an edition was published, in order. */
export const listDatesBetween = (db: Db, from: Day, to: Day): readonly Day[] =>
  statement(
    db,
    `select distinct ${utcDay} from editions
     where kind = 'day' and as_of >= ? and as_of < ? order by 1`,
  )
    .pluck()
    .all(startOf(from), startOf(to) + dayMs) as Day[];

const dayMs = 86_400_000;
const startOf = (day: Day): number => Date.parse(`${day}T00:00:00Z`);

/** The days of the editions in whose lists a paper stood, newest first. */
export const editionDaysOfPaper = (db: Db, paper: number, limit: number): readonly Day[] =>
  statement(
    db,
    `select distinct ${utcDay} from edition_entries join editions on editions.id = edition_id
     where paper_id = ? and rank <= 10 and kind = 'day' order by 1 desc limit ?`,
  )
    .pluck()
    .all(paper, limit) as Day[];

/**
 * The papers in the first ten of a topic's lists from one day to another, each day by its last
 * edition; the most points first, a place earning eleven less its rank.
 */
export const listFrontPages = (
  db: Db,
  topicId: number,
  from: Day,
  to: Day,
): readonly { readonly paper: number; readonly days: number; readonly best: number }[] =>
  statement(
    db,
    `with days as (
       select id, max(as_of) from editions
       where kind = 'day' and as_of >= ? and as_of < ? group by ${utcDay}
     )
     select paper_id as paper, count(*) as days, min(rank) as best
     from days join edition_entries on edition_id = days.id
     where topic_id = ? and rank <= 10 group by paper_id
     order by sum(11 - rank) desc, best, paper_id`,
  ).all(startOf(from), startOf(to) + dayMs, topicId) as {
    paper: number;
    days: number;
    best: number;
  }[];
