/**
 * The query language of topics and of search: plain words, `"exact phrase"`, `cat:cs.CL`,
 * `author:"Yann LeCun"`, `like:2405.12345`, `-word`, `OR`, parentheses. Words side by side must all hold; `OR` binds
 * looser. Parsing is total: any text gives a query or a fault that says where.
 */
import { isTitleId, parseArxivId } from './paper.ts';
import { slipOf } from './query-slips.ts';
import { findCategory, isArchive } from './taxonomy.ts';

export type Query =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'phrase'; readonly text: string }
  | { readonly kind: 'category'; readonly code: string }
  | { readonly kind: 'author'; readonly name: string }
  /** Papers like the one under this id. */
  | { readonly kind: 'like'; readonly id: string }
  | { readonly kind: 'not'; readonly of: Query }
  | { readonly kind: 'all'; readonly of: readonly Query[] }
  | { readonly kind: 'any'; readonly of: readonly Query[] };

/** `position` is the 0-based character in the query at which the fault stands. */
export type QueryFault = { readonly message: string; readonly position: number };

export type QueryOutcome =
  | { readonly kind: 'ok'; readonly query: Query }
  | { readonly kind: 'fault'; readonly fault: QueryFault };

/** Longer queries cost more than they can mean. */
export const longestQuery = 2_000;
export const mostTerms = 200;
// FTS5's parser has a stack of 100, and each parenthesis may take seven places of it.
const deepestNesting = 10;

type Token =
  | { readonly kind: 'open' | 'close' | 'or' | 'minus'; readonly at: number }
  | { readonly kind: 'term'; readonly at: number; readonly query: Query };

class Fault extends Error {
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

const bearing = /[\p{L}\p{N}]/u;

/** Parses a query; see the file's head for the language. */
export const parseQuery = (source: string): QueryOutcome => {
  try {
    return { kind: 'ok', query: parseTokens(tokenize(source), source) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { kind: 'fault', fault: { message: error.message, position: error.position } };
  }
};

const tokenize = (source: string): readonly Token[] => {
  if (source.length > longestQuery)
    throw new Fault(`the query is longer than ${longestQuery} characters`, longestQuery);
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const { token, end } = readToken(source, at);
    if (token) tokens.push(token);
    at = end;
  }
  const terms = tokens.filter((token) => token.kind === 'term');
  const excess = terms[mostTerms];
  if (excess) throw new Fault(`the query has more than ${mostTerms} terms`, excess.at);
  return tokens;
};

const readToken = (source: string, at: number): { token?: Token; end: number } => {
  const char = source.charAt(at);
  if (/[\s,;]/.test(char)) return { end: at + 1 };
  if (char === '(') return { token: { kind: 'open', at }, end: at + 1 };
  if (char === ')') return { token: { kind: 'close', at }, end: at + 1 };
  if (char === '-' && /[^\s)]/.test(source.charAt(at + 1)))
    return { token: { kind: 'minus', at }, end: at + 1 };
  if (isQuote(char)) {
    const { text, end } = readQuoted(source, at);
    return { token: { kind: 'term', at, query: phraseOf(text, at) }, end };
  }
  return readWord(source, at);
};

const isQuote = (char: string): boolean => char === '"' || char === '“' || char === '”';

const readQuoted = (source: string, at: number): { text: string; end: number } => {
  let end = at + 1;
  while (end < source.length && !isQuote(source.charAt(end))) end += 1;
  if (end >= source.length) throw new Fault('this quotation mark is never closed', at);
  return { text: source.slice(at + 1, end), end: end + 1 };
};

const readWord = (source: string, at: number): { token?: Token; end: number } => {
  const field = /^(cat|category|author|au|like):/i.exec(source.slice(at, at + 10));
  if (field) return readField(source, at, field[0]);
  const slip = slipOf(source.slice(at));
  if (slip) throw new Fault(slip, at);
  const word = /^[^\s()"“”,;]+/.exec(source.slice(at))?.[0] ?? source.charAt(at);
  const end = at + word.length;
  if (word === 'OR' || word === '|' || word === '||') return { token: { kind: 'or', at }, end };
  if (word === 'AND' || word === '&&') return { end };
  // Punctuation alone ("–", "&") says nothing and is passed over, as a reader would.
  if (!bearing.test(word)) return { end };
  return { token: { kind: 'term', at, query: { kind: 'word', text: fold(word) } }, end };
};

const readField = (source: string, at: number, prefix: string): { token: Token; end: number } => {
  const from = at + prefix.length;
  const quoted = isQuote(source.charAt(from));
  const bare = /^[^\s()"“”,;]*/.exec(source.slice(from))?.[0] ?? '';
  const { text, end } = quoted ? readQuoted(source, from) : { text: bare, end: from + bare.length };
  const name = fieldNames[prefix.charAt(0).toLowerCase()] ?? 'author';
  if (!bearing.test(text)) throw new Fault(`${name}: needs a value`, at);
  return { token: { kind: 'term', at, query: fieldOf(name, text, from) }, end };
};

const fieldNames: Readonly<Record<string, 'cat' | 'author' | 'like'>> = {
  c: 'cat',
  a: 'author',
  l: 'like',
};

const fieldOf = (name: 'cat' | 'author' | 'like', text: string, at: number): Query => {
  switch (name) {
    case 'cat':
      return categoryOf(text, at);
    case 'like':
      return likeOf(text, at);
    case 'author':
      return { kind: 'author', name: fold(text) };
    default:
      return name satisfies never;
  }
};

const likeOf = (text: string, at: number): Query => {
  const id = parseArxivId(text) ?? (isTitleId(text) ? text : undefined);
  if (!id) throw new Fault(`"${text}" is no arXiv id such as 2405.12345`, at);
  return { kind: 'like', id };
};

const categoryOf = (text: string, at: number): Query => {
  const code = text.trim();
  const known = findCategory(code)?.code ?? (isArchive(code) ? code.toLowerCase() : undefined);
  if (!known) throw new Fault(`arXiv has no category "${code}"`, at);
  return { kind: 'category', code: known };
};

const phraseOf = (text: string, at: number): Query => {
  if (!bearing.test(text)) throw new Fault('this phrase holds no word', at);
  return { kind: 'phrase', text: fold(text) };
};

// As the index folds its text: compatibility forms (CO₂, ﬁ) become plain ones.
const fold = (text: string): string => text.normalize('NFKC').replace(/\s+/g, ' ').trim();

type Cursor = { at: number };

const parseTokens = (tokens: readonly Token[], source: string): Query => {
  const cursor = { at: 0 };
  const query = parseAny(tokens, cursor, 0, source.length);
  const rest = tokens[cursor.at];
  if (rest) throw new Fault('this parenthesis closes nothing', rest.at);
  return query;
};

const parseAny = (tokens: readonly Token[], cursor: Cursor, depth: number, end: number): Query => {
  if (depth > deepestNesting)
    throw new Fault('parentheses are nested too deeply', tokens[cursor.at]?.at ?? end);
  const alternatives = [parseAll(tokens, cursor, depth, end)];
  while (tokens[cursor.at]?.kind === 'or') {
    cursor.at += 1;
    alternatives.push(parseAll(tokens, cursor, depth, end));
  }
  return joined('any', alternatives);
};

const parseAll = (tokens: readonly Token[], cursor: Cursor, depth: number, end: number): Query => {
  const startsAt = tokens[cursor.at]?.at ?? end;
  const factors: Query[] = [];
  for (let token = tokens[cursor.at]; token; token = tokens[cursor.at]) {
    if (token.kind === 'or' || token.kind === 'close') break;
    factors.push(parseFactor(tokens, cursor, depth, end));
  }
  if (factors.length === 0) throw emptyFault(tokens, cursor, startsAt);
  if (factors.every((factor) => factor.kind === 'not'))
    throw new Fault('only exclusions here: say also what to look for', startsAt);
  return joined('all', factors);
};

const emptyFault = (tokens: readonly Token[], cursor: Cursor, at: number): Fault => {
  if (tokens.length === 0) return new Fault('the query holds no word to look for', 0);
  const here = tokens[cursor.at];
  if (here?.kind === 'close' && cursor.at === 0)
    return new Fault('this parenthesis closes nothing', here.at);
  const before = tokens[cursor.at - 1];
  if (here?.kind === 'or' || before?.kind === 'or')
    return new Fault('OR needs something on both sides', before?.kind === 'or' ? before.at : at);
  return new Fault('something to look for is missing here', at);
};

const parseFactor = (
  tokens: readonly Token[],
  cursor: Cursor,
  depth: number,
  end: number,
): Query => {
  const token = tokens[cursor.at] as Token;
  cursor.at += 1;
  if (token.kind === 'term') return token.query;
  if (token.kind === 'minus') return parseNegated(tokens, cursor, depth, end, token.at);
  const query = parseAny(tokens, cursor, depth + 1, end);
  if (tokens[cursor.at]?.kind !== 'close')
    throw new Fault('this parenthesis is never closed', token.at);
  cursor.at += 1;
  return query;
};

const parseNegated = (
  tokens: readonly Token[],
  cursor: Cursor,
  depth: number,
  end: number,
  at: number,
): Query => {
  const next = tokens[cursor.at];
  if (next?.kind !== 'term' && next?.kind !== 'open')
    throw new Fault('this minus excludes nothing', at);
  return { kind: 'not', of: parseFactor(tokens, cursor, depth, end) };
};

/** The parts that must all hold, each on its own. */
export const partsOf = (query: Query): readonly Query[] =>
  query.kind === 'all' ? query.of : [query];

/** Whether a part of the query asks for papers like another. */
export const asksForLike = (query: Query): boolean => {
  switch (query.kind) {
    case 'like':
      return true;
    case 'not':
      return asksForLike(query.of);
    case 'all':
    case 'any':
      return query.of.some(asksForLike);
    default:
      return false;
  }
};

/** Words and phrases the query wants to see, wherever in it they stand. */
export const wantedTexts = (query: Query): readonly string[] => {
  switch (query.kind) {
    case 'word':
    case 'phrase':
      return [query.text];
    case 'all':
    case 'any':
      return query.of.flatMap(wantedTexts);
    default:
      return [];
  }
};

/** A query in the language it was written in. */
export const renderQuery = (query: Query): string => {
  switch (query.kind) {
    case 'word':
      return query.text;
    case 'phrase':
      return `"${query.text}"`;
    case 'category':
      return `cat:${query.code}`;
    case 'author':
      return `author:"${query.name}"`;
    case 'like':
      return query.id.includes(' ') ? `like:"${query.id}"` : `like:${query.id}`;
    case 'not':
      return `-${renderPart(query.of)}`;
    case 'all':
      return query.of.map(renderPart).join(' ');
    case 'any':
      return query.of.map(renderPart).join(' OR ');
    default:
      return query satisfies never;
  }
};

const renderPart = (query: Query): string =>
  query.kind === 'any' || query.kind === 'all' ? `(${renderQuery(query)})` : renderQuery(query);

const joined = (kind: 'all' | 'any', of: readonly Query[]): Query =>
  of.length === 1 && of[0] ? of[0] : { kind, of };
