/**
 * How text stands in the full-text index. TeX is indexed as the Unicode it shows, compatibility
 * forms as plain ones (`CO$_2$` as "CO2").
 */
import { foldText } from '../domain/tex.ts';

/** A token no name contains, so that a phrase cannot reach from one author into the next. */
const between = ' qzq ';

/** `Yann A. LeCun` is found in full, as `Yann LeCun`, and as `Y. LeCun`. */
const spellings = (name: string): string[] => {
  const words = foldText(name).replace(/[.,]/g, ' ').trim().split(/\s+/);
  const [first, last] = [words[0] ?? '', words.at(-1) ?? ''];
  if (words.length < 2) return [first];
  const short = words.length > 2 ? [`${first} ${last}`] : [];
  return [words.join(' '), ...short, `${initialToken(first)} ${last}`];
};

// Spelled so that no real word is the same; also kept apart from the bare letter that stands in
// names whose source gives only initials.
export const initialToken = (first: string): string => `i${first.charAt(0).toLowerCase()}q`;

export const indexedAuthors = (authors: readonly string[]): string =>
  authors.flatMap(spellings).join(between);

/**
 * Categories become single tokens, one for the category and one for its archive, ending in a letter
 * that Porter's stemmer leaves alone: `cs.CL` → `x0cs0clq x0csq`.
 */
export const categoryToken = (code: string): string =>
  `x0${code.toLowerCase().replace(/[^a-z]+/g, '0')}q`;

export const indexedCategories = (codes: readonly string[]): string =>
  [...new Set(codes.flatMap((code) => [code, code.split('.')[0] ?? code]))]
    .map(categoryToken)
    .join(' ');
