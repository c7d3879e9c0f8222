/** Everything that can move elsewhere, in the forms that `import` and its kin read. */
import { pagesOfPapers, pagesOfSignals } from '../db/export.ts';
import type { Db } from '../db/open.ts';
import { arxivIdOf, type Paper } from '../domain/paper.ts';
import type { Signal } from '../domain/signal.ts';
import { exportSubscribers } from './subscribers-csv.ts';
import { exportSuppressions } from './suppressions.ts';

/** Some text of a file, and how many rows it holds. */
export type Piece = { readonly text: string; readonly rows: number };

export type ExportFile = {
  readonly name: string;
  readonly what: 'papers' | 'signals' | 'subscribers' | 'suppressions';
  readonly pieces: (db: Db) => Iterable<Piece>;
};

export const exportFiles: readonly ExportFile[] = [
  { name: 'papers.jsonl', what: 'papers', pieces: (db) => lines(pagesOfPapers(db), paperRow) },
  { name: 'signals.jsonl', what: 'signals', pieces: (db) => lines(pagesOfSignals(db), signalRow) },
  { name: 'subscribers.csv', what: 'subscribers', pieces: (db) => table(exportSubscribers(db)) },
  { name: 'suppressions.csv', what: 'suppressions', pieces: (db) => table(exportSuppressions(db)) },
];

function* lines<T>(pages: Iterable<readonly T[]>, toRow: (item: T) => object): Generator<Piece> {
  for (const page of pages)
    yield {
      text: page.map((item) => `${JSON.stringify(toRow(item))}\n`).join(''),
      rows: page.length,
    };
}

function* table(pieces: Iterable<string>): Generator<Piece> {
  let rows = 0;
  for (const text of pieces) {
    yield { text, rows };
    // The first piece is the header.
    rows = 1;
  }
}

// What is `undefined` is left out of the JSON.
const paperRow = (paper: Paper): object => ({
  arxivId: arxivIdOf(paper),
  title: paper.title,
  abstract: paper.abstract,
  authors: paper.authors,
  categories: paper.categories,
  publishedAt: paper.publishedAt,
  listedOn: paper.listedOn,
  featuredOn: paper.featuredOn,
  comment: paper.comment,
  codeUrl: paper.codeUrl,
  summary: paper.summary?.text,
  summaryBy: paper.summary?.by,
  keywords: paper.keywords,
  organization: paper.organization,
  version: paper.version,
  textBy: paper.textBy,
});

/** A paper known by its title alone has no arXiv id to name it by. */
const signalRow = ({ paperId, ...signal }: Signal): object => ({
  [arxivIdOf({ id: paperId }) ? 'arxivId' : 'id']: paperId,
  ...signal,
});
