/** The door of the corpus: whatever the format, text is cleaned, bounded and given its id here. */
import type { Paper } from '../domain/paper.ts';
import { cleanText, titleId, titleSlug } from '../domain/paper.ts';
import { foldText } from '../domain/tex.ts';
import { excerpt, RowError } from './source-record.ts';

/** A paper as a source told it; what it left out is absent or `undefined`. */
export type RawPaper = {
  readonly [K in Exclude<keyof Paper, 'id' | 'title'>]?: Paper[K] | undefined;
} & {
  readonly arxivId: string | undefined;
  readonly title: string | undefined;
};

// Far above the longest real ones; a text beyond is a mistake in the file, and would break mail.
const most = {
  ...{ title: 5_000, abstract: 100_000, author: 1_000, comment: 20_000, summary: 20_000 },
  ...{ keyword: 500, organization: 1_000 },
};

// Nearly every text is clean already, and telling so takes a quarter of the time of cleaning it. Here
// are all characters `cleanText` may touch: white space but the single blank, what XML and
// bidirectional text must not have, and surrogates, which may be lone.
const mayNeedCleaning =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
  /[\u0000-\u001F\u007F-\u00A0\u1680\u2000-\u200A\u2028-\u202F\u205F\u2066-\u2069\u3000\uD800-\uDFFF\uFEFF\uFFFE\uFFFF]| {2}|^ | $/;

const cleaned = (text: string | undefined, name: keyof typeof most): string => {
  const clean = text === undefined || !mayNeedCleaning.test(text) ? (text ?? '') : cleanText(text);
  if (clean.length <= most[name]) return clean;
  throw new RowError(`${name} is longer than ${most[name].toLocaleString('en')} characters`);
};

// `cs.CL`, `hep-th`, `cond-mat.mes-hall`. The ACM and MSC classes that arXiv's own answers mix in
// begin with a capital or a digit.
const categoryForm = /^[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z-]{2,})?$/;

/** arXiv categories among a source's terms, in their order, each once. */
export const pickCategories = (terms: readonly string[]): readonly string[] => [
  ...new Set(terms.map((term) => term.trim()).filter((term) => categoryForm.test(term))),
];

/** Keeps TeX raw. Throws `RowError` on a missing title or a text beyond all measure. */
export const composePaper = (raw: RawPaper): Paper => {
  const title = cleaned(raw.title, 'title');
  if (title === '') throw new RowError('title is missing');
  const comment = cleaned(raw.comment, 'comment');
  const summary = raw.summary && cleaned(raw.summary.text, 'summary');
  const organization = cleaned(raw.organization, 'organization');
  const keywords = (raw.keywords ?? [])
    .map((word) => cleaned(word, 'keyword'))
    .filter((word) => word !== '');
  return {
    id: raw.arxivId ?? idFromTitle(title),
    title,
    abstract: cleaned(raw.abstract, 'abstract'),
    authors: (raw.authors ?? [])
      .map((name) => cleaned(name, 'author'))
      .filter((name) => name !== ''),
    categories: pickCategories(raw.categories ?? []),
    ...(raw.publishedAt && { publishedAt: raw.publishedAt }),
    ...(raw.listedOn && { listedOn: raw.listedOn }),
    ...(raw.featuredOn && { featuredOn: raw.featuredOn }),
    ...(comment && { comment }),
    ...(raw.codeUrl && { codeUrl: raw.codeUrl }),
    ...(raw.version && { version: raw.version }),
    ...(raw.textBy && { textBy: raw.textBy }),
    ...(keywords.length > 0 && { keywords }),
    ...(organization && { organization }),
    ...(raw.summary && summary && { summary: { text: summary, by: cleanText(raw.summary.by) } }),
  };
};

const idFromTitle = (title: string): string => {
  const plain = foldText(title);
  if (titleSlug(plain) === '') {
    throw new RowError(`there is no arXiv id, and the title "${excerpt(title)}" has no letters`);
  }
  return titleId(plain);
};
