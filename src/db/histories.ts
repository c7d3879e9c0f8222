/** The ledger as histories, and the papers to learn from. */

import type { PastPaper } from '../domain/foresight.ts';
import type { History } from '../domain/history.ts';
import type { SignalKind } from '../domain/signal.ts';
import { type Db, statement } from './open.ts';

type SignalRow = [
  key: string,
  source: string,
  kind: SignalKind,
  at: number,
  value: number,
  listedOn: string | null,
];

export type Observed = {
  readonly sightings: { at: number; listedAt: number }[];
  readonly streams: Map<string, { kind: SignalKind; looks: { at: number; value: number }[] }>;
};

const midnight = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** What was observed of each paper in a span of time (milliseconds, both ends included). */
export const loadObserved = (db: Db, since: number, until: number): Map<string, Observed> => {
  const rows = statement(
    db,
    `select paper_key, source, kind, observed_at, value, listed_on from signals
     where observed_at >= ? and observed_at <= ?`,
  )
    .raw()
    .iterate(since, until) as IterableIterator<SignalRow>;
  const observed = new Map<string, Observed>();
  for (const [key, source, kind, at, value, listedOn] of rows) {
    const known: Observed = observed.get(key) ?? { sightings: [], streams: new Map() };
    observed.set(key, known);
    if (listedOn !== null) known.sightings.push({ at, listedAt: midnight(listedOn) });
    const name = `${kind} ${source}`;
    const stream = known.streams.get(name) ?? { kind, looks: [] };
    known.streams.set(name, stream);
    stream.looks.push({ at, value });
  }
  return observed;
};

export type DatedPaper = {
  readonly key: string;
  readonly visibleFrom: number;
  readonly dated: number;
  readonly featuredOn: string | null;
};

export const toHistory = (paper: DatedPaper, observed: Observed | undefined): History => ({
  id: paper.key,
  datedAt: paper.dated === 1 ? paper.visibleFrom : undefined,
  featuredAt: paper.featuredOn === null ? undefined : midnight(paper.featuredOn),
  sightings: observed?.sightings ?? [],
  streams: [...(observed?.streams.values() ?? [])],
});

/** The history of every observed paper that is known, whatever its age. */
export const loadHistories = (db: Db, until: number): readonly History[] => {
  const observed = loadObserved(db, 0, until);
  const papers = statement(
    db,
    `select key, visible_from as visibleFrom, dated, featured_on as featuredOn
     from papers where hidden = 0 and visible_from <= ? order by key`,
  ).all(until) as DatedPaper[];
  return papers
    .filter((paper) => observed.has(paper.key))
    .map((paper) => toHistory(paper, observed.get(paper.key)));
};

type TextRow = {
  id: number;
  key: string;
  title: string;
  abstract: string;
  comment: string | null;
  listed_on: string | null;
  featured_on: string | null;
  visible_from: number;
};

export type StoredPastPaper = PastPaper & { readonly number: number; readonly id: string };

/**
 * Papers known before `cut` (milliseconds), oldest first, with what became of them by then: no
 * feature of a later day, no upvote observed later.
 */
export const listPastPapers = (db: Db, cut: number): readonly StoredPastPaper[] => {
  const upvotes = new Map(
    statement(
      db,
      `select paper_key, max(value) from signals
       where kind = 'upvotes' and observed_at < ? and value between 0 and 3000 group by paper_key`,
    )
      .raw()
      .all(cut) as [string, number][],
  );
  const rows = statement(
    db,
    `select id, key, title, abstract, comment, listed_on, featured_on, visible_from
     from papers where hidden = 0 and dated = 1 and visible_from < ? order by visible_from, key`,
  ).all(cut) as TextRow[];
  const authors = loadLists(db, 'name', 'paper_authors');
  const categories = loadLists(db, 'category', 'paper_categories');
  return rows.map((row) => {
    const seen = upvotes.get(row.key);
    const featured = row.featured_on !== null && midnight(row.featured_on) < cut;
    return {
      number: row.id,
      id: row.key,
      title: row.title,
      abstract: row.abstract,
      authors: authors.get(row.id) ?? [],
      categories: categories.get(row.id) ?? [],
      ...(row.comment !== null && { comment: row.comment }),
      knownAt: row.visible_from,
      listed: row.listed_on !== null,
      noticed: featured || (seen ?? 0) > 0,
      ...(seen !== undefined && { upvotes: seen }),
    };
  });
};

const loadLists = (db: Db, column: string, table: string): Map<number, string[]> => {
  const rows = statement(db, `select paper_id, ${column} from ${table} order by paper_id, position`)
    .raw()
    .iterate() as IterableIterator<[number, string]>;
  const lists = new Map<number, string[]>();
  for (const [id, text] of rows) {
    const list = lists.get(id);
    if (list) list.push(text);
    else lists.set(id, [text]);
  }
  return lists;
};
