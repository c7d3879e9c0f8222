/** Papers like this one: its own telling words, asked of the index, which weighs the rare ones. */
import type { Paper } from './paper.ts';
import type { Query } from './query.ts';
import { foldText } from './tex.ts';

/** More words cost time and add little; the title's come first and count twice. */
const mostWords = 40;

/** A query that BM25 answers with papers like this one; `undefined` when it has no words. */
export const likenessQuery = (paper: Paper): Query | undefined => {
  const title = words(paper.title);
  const counts = new Map<string, number>();
  for (const word of [...title, ...title, ...words(paper.abstract || paper.summary?.text || '')])
    counts.set(word, (counts.get(word) ?? 0) + 1);
  // BM25 knows which words are rare; what is often said here is what the paper is about.
  const telling = [...counts].sort((a, b) => b[1] - a[1]).slice(0, mostWords);
  if (telling.length === 0) return undefined;
  return { kind: 'any', of: telling.map(([text]) => ({ kind: 'word', text })) };
};

const words = (raw: string): readonly string[] =>
  foldText(raw)
    .toLowerCase()
    .match(/\p{L}[\p{L}\p{N}]{3,}/gu) ?? [];
