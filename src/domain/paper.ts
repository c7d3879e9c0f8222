/**
 * A paper is a work, not a version: `2405.12345v3` and `2405.12345` are one paper. A work whose
 * arXiv id nobody has told us yet is known by its title, under a `title:` key, until a source
 * gives the real one.
 */

/** Sources' own short text about a paper; `by` says whose words they are. */
export type Summary = { readonly text: string; readonly by: string };

/** A day without a time or zone, `YYYY-MM-DD`. */
export type Day = string;

export type Paper = {
  /** arXiv id (`2405.12345`, `cs/0112017`) or `title:` and a slug. */
  readonly id: string;
  /** Raw as the source gave it, TeX included. */
  readonly title: string;
  /** Raw; empty when the source gave none. */
  readonly abstract: string;
  readonly authors: readonly string[];
  /** arXiv categories, primary first. */
  readonly categories: readonly string[];
  /** When the authors submitted the first version. */
  readonly publishedAt?: Date;
  /** The day a daily listing first announced it. */
  readonly listedOn?: Day;
  /** The day human curators featured it. */
  readonly featuredOn?: Day;
  /** The authors' own note, such as "12 pages, accepted at …". */
  readonly comment?: string;
  readonly codeUrl?: string;
  readonly summary?: Summary;
  /** What the paper is about, in a source's words. */
  readonly keywords?: readonly string[];
  /** The institution a source files the paper under. */
  readonly organization?: string;
  /** The newest arXiv version told of, from 1. */
  readonly version?: number;
  /** Set when title, abstract, authors and categories are arXiv's own. */
  readonly textBy?: 'arxiv';
  /** When we learnt that the paper was withdrawn or deleted. */
  readonly withdrawnAt?: Date;
};

// arXiv identifier schemes: YYMM.NNNN (2007-04 to 2014-12), YYMM.NNNNN since, archive/YYMMNNN
// before. https://info.arxiv.org/help/arxiv_identifier.html
const modernId = /^\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}$/;
const oldId = /^[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?\/\d{2}(?:0[1-9]|1[0-2])\d{3}$/;

/**
 * The arXiv id inside an id, versioned id, OAI identifier or arXiv URL; `undefined` when there is
 * none. The version is dropped, and so is the subject class of an old id (`math.GT/0309136` is
 * `math/0309136`).
 */
export const parseArxivId = (text: string): string | undefined => {
  const bare = text
    .trim()
    .replace(/^https?:\/\/(?:[a-z-]+\.)?arxiv\.org\/(?:abs|pdf|html|format)\//i, '')
    .replace(/^(?:oai:arXiv\.org:|arxiv:)/i, '')
    .replace(/(?:\.pdf)?[?#].*$/, '')
    .replace(/\.pdf$/, '')
    .replace(/v\d{1,3}$/, '');
  if (modernId.test(bare)) return bare;
  return oldId.test(bare) ? bare.replace(/\.[A-Z]{2}\//, '/') : undefined;
};

/** The version in a versioned id (`2405.12345v3` → 3); `undefined` when there is none. */
export const parseArxivVersion = (text: string): number | undefined => {
  const digits = /\dv([1-9]\d{0,2})(?:\.pdf)?$/.exec(text.trim())?.[1];
  return digits === undefined ? undefined : Number(digits);
};

// The sentence arXiv and authors put into the comment of a version that takes the paper back. "From"
// and "to" after it speak of a conference, or of a place the paper went to.
const withdrawal =
  /^\W*(?:this|the) (?:\w+ ){0,2}(?:paper|article|submission|manuscript|work|preprint|version) (?:has been|is|was|have been) withdrawn(?! (?:from|to)\b)/i;

/** Whether an author's comment says that the paper is withdrawn. */
export const isWithdrawalNote = (comment: string): boolean =>
  withdrawal.test(comment) || /^\W*withdrawn\W*$/i.test(comment);

const titlePrefix = 'title:';

export const isTitleId = (id: string): boolean => id.startsWith(titlePrefix);

export const arxivIdOf = (paper: { readonly id: string }): string | undefined =>
  isTitleId(paper.id) ? undefined : paper.id;

/**
 * A title reduced to what two sources agree on: letters and digits, lower case, no accents,
 * joined by hyphens. Expects text already free of TeX.
 */
export const titleSlug = (plainTitle: string): string =>
  plainTitle
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 200);

export const titleId = (plainTitle: string): string => titlePrefix + titleSlug(plainTitle);

export const absUrl = (arxivId: string): string => `https://arxiv.org/abs/${arxivId}`;
export const htmlUrl = (arxivId: string): string => `https://arxiv.org/html/${arxivId}`;
export const pdfUrl = (arxivId: string): string => `https://arxiv.org/pdf/${arxivId}`;

// XML 1.0 §2.2 Char: what is not in it would make every feed holding the title ill-formed.
// Bidirectional overrides and isolates could reorder the text around a title, so they go too.
const illegal =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u0084\u0086-\u009F\uFFFE\uFFFF\u202A-\u202E\u2066-\u2069]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Text as it may enter the corpus: no XML-illegal characters, white space folded, ends trimmed. */
export const cleanText = (text: string): string =>
  text.replace(illegal, '').replace(/\s+/g, ' ').trim();

/** The same, but no-break spaces stay: for lines of our own, where they are meant. */
export const cleanLine = (text: string): string =>
  text
    .replace(illegal, '')
    .replace(/[^\S\u00A0]+/g, ' ')
    .trim();

/**
 * Two sources' views of one paper made one; `docs/sources.md` has the table. An arXiv id wins over
 * a title id. Title, abstract, authors and categories: arXiv's own words win over others', of two
 * of a kind the newcomer's (a later version corrects the earlier), but an older version never over
 * a newer one. Everything else: the newcomer's. What the winner leaves out stays; the earliest
 * listing, feature and submission stay, and so does the highest version.
 */
export const mergePapers = (known: Paper, incoming: Paper): Paper => {
  const wins = isTextBetter(known, incoming);
  const [first, second] = wins ? [incoming, known] : [known, incoming];
  return {
    ...known,
    ...definedOnly(incoming),
    id: isTitleId(incoming.id) ? known.id : incoming.id,
    title: first.title,
    abstract: first.abstract || second.abstract,
    authors: first.authors.length > 0 ? first.authors : second.authors,
    categories: first.categories.length > 0 ? first.categories : second.categories,
    ...(wins ? {} : pick('comment', known.comment ?? incoming.comment)),
    ...pick('textBy', known.textBy ?? incoming.textBy),
    ...pick('version', highest(known.version, incoming.version)),
    ...earliest('publishedAt', known, incoming),
    ...earliest('listedOn', known, incoming),
    ...earliest('featuredOn', known, incoming),
  };
};

const isTextBetter = (known: Paper, incoming: Paper): boolean => {
  if (known.textBy === 'arxiv' && incoming.textBy !== 'arxiv') return false;
  const older =
    known.version !== undefined &&
    incoming.version !== undefined &&
    incoming.version < known.version;
  return incoming.textBy !== known.textBy || !older;
};

const pick = <K extends keyof Paper>(key: K, value: Paper[K]): Partial<Pick<Paper, K>> =>
  value === undefined ? {} : ({ [key]: value } as Partial<Pick<Paper, K>>);

const highest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;

const definedOnly = (paper: Paper): Partial<Paper> =>
  Object.fromEntries(Object.entries(paper).filter(([, value]) => value !== undefined));

const earliest = <K extends 'publishedAt' | 'listedOn' | 'featuredOn'>(
  key: K,
  a: Paper,
  b: Paper,
): Partial<Pick<Paper, K>> => {
  const [x, y] = [a[key], b[key]];
  const value = x === undefined ? y : y === undefined || x <= y ? x : y;
  return value === undefined ? {} : ({ [key]: value } as Partial<Pick<Paper, K>>);
};
