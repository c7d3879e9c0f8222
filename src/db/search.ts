/** Queries of the product's language run on SQLite's full-text index. */
import type { Query } from '../domain/query.ts';
import { categoryToken, initialToken } from './index-text.ts';
import { type Db, statement } from './open.ts';

/**
 * `member`: every plain word must occur; a paper is in the topic or it is not. `relevance`: plain
 * words are alternatives and BM25 ranks; everything else must still hold.
 */
type Mode = 'member' | 'relevance';

// Who searches for "bengio" means the author; a topic "gui" does not mean people called Gui.
const textColumns = {
  member: '{title abstract} :',
  relevance: '{title abstract authors} :',
} as const;

// Words that stand in nearly every abstract: they select nothing and cost the most.
const stopWords = new Set(
  `a an and are as at be by for from has have in into is it its of on or our that the their these
   this to via was we were which with`.split(/\s+/),
);

// The index's own separator twice over: no name is spelled so.
const matchesNothing = 'authors : "qzqnothingqzq"';

/** The FTS5 expression of a query. Every term is a quoted string, so no FTS5 syntax gets in. */
export const toMatch = (query: Query, mode: Mode): string => {
  switch (query.kind) {
    case 'word':
    case 'phrase':
      return `${textColumns[mode]} ${quoted(query.text)}`;
    case 'category':
      return `categories : ${quoted(categoryToken(query.code))}`;
    case 'author':
      return `authors : ${authorMatch(query.name)}`;
    // Likeness is no matter of words: whoever asks takes such parts out first.
    case 'like':
      return matchesNothing;
    case 'any':
      return `(${query.of.map((part) => toMatch(part, mode)).join(' OR ')})`;
    case 'all':
      return allOf(query.of, mode);
    // A lone exclusion does not parse; inside `all` it is taken up there.
    case 'not':
      return toMatch(query.of, 'member');
    default:
      return query satisfies never;
  }
};

const quoted = (term: string): string => `"${term.replace(/["\0]/g, ' ')}"`;

const allOf = (parts: readonly Query[], mode: Mode): string => {
  const words = withoutStopWords(parts.filter((part) => part.kind === 'word'));
  const others = parts.filter((part) => part.kind !== 'word' && part.kind !== 'not');
  const excluded = parts.filter((part) => part.kind === 'not');
  const joint = words.map((word) => toMatch(word, mode)).join(mode === 'member' ? ' AND ' : ' OR ');
  const required = [...(joint ? [`(${joint})`] : []), ...others.map((part) => toMatch(part, mode))];
  const match = `(${required.join(' AND ')})`;
  if (excluded.length === 0) return match;
  // One NOT for all exclusions: nested, a hundred of them overflow FTS5's parser.
  return `(${match} NOT (${excluded.map((part) => toMatch(part, mode)).join(' OR ')}))`;
};

const withoutStopWords = (words: readonly Query[]): readonly Query[] => {
  const telling = words.filter(
    (word) => word.kind === 'word' && !stopWords.has(word.text.toLowerCase()),
  );
  return telling.length > 0 ? telling : words;
};

/** `Yann LeCun` also finds `Y. LeCun`; `Y. LeCun` finds everyone whose name begins so. */
const authorMatch = (name: string): string => {
  const words = name.replace(/[.,]/g, ' ').trim().split(/\s+/);
  const [first, last] = [words[0] ?? '', words.at(-1) ?? ''];
  if (words.length < 2) return quoted(name);
  const initial = first.charAt(0);
  const alternatives = [words.join(' '), `${initial} ${last}`];
  if (first.length === 1) alternatives.push(`${initialToken(first)} ${last}`);
  return `(${alternatives.map(quoted).join(' OR ')})`;
};

/** The numbers of all papers in a topic, whatever their date. */
export const listMembers = (db: Db, query: Query): readonly number[] =>
  statement(db, 'select rowid from papers_fts where papers_fts match ?')
    .pluck()
    .all(toMatch(query, 'member')) as number[];

export const countMembers = (db: Db, query: Query): number =>
  statement(db, 'select count(*) from papers_fts where papers_fts match ?')
    .pluck()
    .get(toMatch(query, 'member')) as number;

export type Hit = { readonly number: number; readonly score: number };

/** Papers by relevance, best first; a score is above 0 and higher for the better match. */
export const searchIndex = (db: Db, query: Query, limit: number): readonly Hit[] =>
  (
    statement(
      db,
      // A word in the title says more than one in the abstract; categories only select.
      `select rowid as number, bm25(papers_fts, 4, 1, 2, 0) as rank
       from papers_fts where papers_fts match ? order by rank, rowid limit ?`,
    ).all(toMatch(query, 'relevance'), limit) as { number: number; rank: number }[]
  ).map(({ number, rank }) => ({ number, score: Math.round(-rank * 1e6) / 1e6 }));

/** The numbers of papers that hold a word anywhere: for words too rare for the model. */
export const listHolders = (db: Db, word: string): readonly number[] =>
  statement(db, 'select rowid from papers_fts where papers_fts match ?')
    .pluck()
    .all(`${textColumns.relevance} ${quoted(word)}`) as number[];

/** The numbers of papers whose authors' names hold all these words. */
export const listByNames = (db: Db, words: readonly string[]): readonly number[] =>
  statement(db, 'select rowid from papers_fts where papers_fts match ?')
    .pluck()
    .all(words.map((word) => `authors : ${quoted(word)}`).join(' AND ')) as number[];
