/** The terms of a text: its words folded, stemmed, and freed of those that tell nothing. */
import { stem } from './stem.ts';
import { foldText } from './tex.ts';

// Function words, and what nearly every abstract says of itself.
const tellingNothing = new Set(
  `a about above across after all also although am among an and any are as at be because been before
   being between both but by can could did do does doing done due during each either et al etc even
   few first for from further had has have having he hence her here his how however i if in into is
   it its itself just may me might more most much must my near no nor not now of on once one only or
   other our out over own per same second several she should show shown shows since so some still
   such than that the their them then there therefore these they this those three through thus to too
   toward towards two under until up upon us use used uses using very via was we well were what when
   where whether which while who whom whose why will with within without would yet you your
   abstract paper papers propose proposed proposes present presents introduce introduces study
   demonstrate demonstrates result results approach work works existing novel based significantly
   extensive experiments achieve achieves github https http com available`.split(/\s+/),
);

const wordShape = /[\p{L}\p{N}]+/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const ascii = /^[\u0000-\u007f]*$/;
const marks = /\p{M}/gu;
// Longer runs are addresses and formulas.
const longestWord = 32;

/** A word as it enters the vocabulary before stemming: lower case, no accents. */
export const plainWord = (word: string): string =>
  (ascii.test(word) ? word : word.normalize('NFKD').replace(marks, '')).toLowerCase();

// Rendering TeX takes far longer than finding words, and most texts hold none.
const holdsTex = /[\\${}]/;

/** Words in their order, folded but not stemmed; those that tell nothing are left out. */
export const wordsOf = (raw: string): readonly string[] => {
  const words = plainWord(holdsTex.test(raw) ? foldText(raw) : raw).match(wordShape) ?? [];
  return words.filter(tells);
};

const tells = (word: string): boolean =>
  word.length > 1 && word.length <= longestWord && !tellingNothing.has(word) && !/^\d+$/.test(word);

/** Stems of `wordsOf`. */
export const termsOf = (raw: string): readonly string[] => wordsOf(raw).map(stem);
