/** The parts of a query that select exactly: phrases, categories, authors, exclusions, OR. */
import { listInUse } from '../db/meanings.ts';
import type { Db } from '../db/open.ts';
import { listMembers } from '../db/search.ts';
import { asksForLike, type Query } from '../domain/query.ts';
import { likeMembers } from './alike.ts';

/** The numbers of the papers that all parts select together; `undefined` when there is no part. */
export const selectExactly = (db: Db, parts: readonly Query[]): ReadonlySet<number> | undefined => {
  if (parts.length === 0) return undefined;
  // What the full-text index can answer it answers at once: it intersects faster than we do.
  const plain = parts.filter((part) => !asksForLike(part));
  const atOnce = plain.some((part) => part.kind !== 'not');
  const others = atOnce ? parts.filter(asksForLike) : parts;
  const wanted = [
    ...(atOnce ? [new Set(listMembers(db, { kind: 'all', of: plain }))] : []),
    ...others.filter((part) => part.kind !== 'not').map((part) => exactMembers(db, part)),
  ];
  const barred = others.flatMap((part) => (part.kind === 'not' ? [exactMembers(db, part.of)] : []));
  const [start, ...more] = wanted.sort((a, b) => a.size - b.size);
  return new Set(
    [...(start ?? listInUse(db))].filter(
      (number) => more.every((set) => set.has(number)) && !barred.some((set) => set.has(number)),
    ),
  );
};

/** The papers one part selects. */
export const exactMembers = (db: Db, query: Query): ReadonlySet<number> => {
  if (query.kind === 'like') return likeMembers(db, query.id);
  if (!asksForLike(query)) return new Set(listMembers(db, query));
  if (query.kind === 'any') return new Set(query.of.flatMap((part) => [...exactMembers(db, part)]));
  if (query.kind === 'all') return selectExactly(db, query.of) ?? new Set();
  return new Set();
};
