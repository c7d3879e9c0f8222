/** Muted words, phrases, authors and categories: what they keep out of a digest. */
import type { Db } from '../db/open.ts';
import { listMembers } from '../db/search.ts';
import { asksForLike, parseQuery, type QueryFault } from '../domain/query.ts';
import { mostMuted } from '../domain/subscription.ts';

export type MutedOutcome =
  | { readonly kind: 'ok'; readonly terms: readonly string[] }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** Checks muted terms: each is a query of its own, and every paper it finds by its words is muted. */
export const checkMuted = (given: readonly string[]): MutedOutcome => {
  const terms = [...new Set(given.map((term) => term.trim()).filter((term) => term !== ''))];
  const problems = terms.flatMap((term) => {
    const fault = mutedFault(term);
    return fault ? [`"${term}" cannot be muted: ${fault.message}`] : [];
  });
  if (terms.length > mostMuted) problems.push(`more than ${mostMuted} terms are muted`);
  return problems.length > 0 ? { kind: 'invalid', problems } : { kind: 'ok', terms };
};

/** What is wrong with a term to mute: it must be a query, and one by words. */
export const mutedFault = (term: string): QueryFault | undefined => {
  const parsed = parseQuery(term);
  if (parsed.kind === 'fault') return parsed.fault;
  return asksForLike(parsed.query) ? { message: 'name words instead', position: 0 } : undefined;
};

export type Muting = (terms: readonly string[]) => { readonly has: (paper: number) => boolean };

/** Papers remembered at most, over all terms; readers may have muted any number of those. */
const mostRemembered = 200_000;

/** Whether papers are muted by any of some terms. Each term is looked up once for all readers. */
export const createMuting = (db: Db): Muting => {
  const known = new Map<string, ReadonlySet<number>>();
  let remembered = 0;
  const membersOf = (term: string): ReadonlySet<number> => {
    const found = known.get(term);
    if (found) return found;
    const members = lookUp(db, term);
    remembered += members.size + 1;
    if (remembered > mostRemembered) {
      known.clear();
      remembered = members.size + 1;
    }
    known.set(term, members);
    return members;
  };
  return (terms) => {
    const sets = terms.map(membersOf);
    return { has: (paper) => sets.some((set) => set.has(paper)) };
  };
};

// By the words themselves, never by meaning: who mutes "crypto" has named what they do not want.
const lookUp = (db: Db, term: string): ReadonlySet<number> => {
  const parsed = parseQuery(term);
  return new Set(parsed.kind === 'ok' ? listMembers(db, parsed.query) : []);
};
