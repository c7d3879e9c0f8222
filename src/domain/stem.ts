/**
 * Porter's stemmer: inflections of a word become one term (`networks` → `network`). FTS5 uses the
 * same rules, so that both steps of a search agree on what a word is.
 * Source: M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980.
 */
const c = '[^aeiou]';
const v = '[aeiouy]';
const C = `${c}[^aeiouy]*`;
const V = `${v}[aeiou]*`;

// The measure m of a stem, [C](VC)^m[V], asked as three questions.
const measureAbove0 = new RegExp(`^(${C})?${V}${C}`);
const measureIs1 = new RegExp(`^(${C})?${V}${C}(${V})?$`);
const measureAbove1 = new RegExp(`^(${C})?${V}${C}${V}${C}`);
const holdsVowel = new RegExp(`^(${C})?${v}`);
const endsShort = new RegExp(`^${C}${v}[^aeiouwxy]$`);

const step2: readonly (readonly [string, string])[] = [
  ...(
    'ational:ate tional:tion enci:ence anci:ance izer:ize bli:ble alli:al entli:ent eli:e ' +
    'ousli:ous ization:ize ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous ' +
    'aliti:al iviti:ive biliti:ble logi:log'
  )
    .split(' ')
    .map((rule) => rule.split(':') as [string, string]),
];

const step3: readonly (readonly [string, string])[] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];

const step4 = /^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize)$/;

/** The stem of a lower-case ASCII word; whatever holds other characters comes back as it is. */
export const stem = (word: string): string => {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  // A y at the start is a consonant to every rule.
  const upper = word.startsWith('y') ? `Y${word.slice(1)}` : word;
  const bare = withoutPast(withoutPlural(upper));
  const calm = /^(.+?)y$/.test(bare) && holdsVowel.test(bare.slice(0, -1)) ? iFor(bare) : bare;
  const derived = replaced(replaced(calm, step2), step3);
  return tidy(withoutSuffix(derived)).toLowerCase();
};

const iFor = (word: string): string => `${word.slice(0, -1)}i`;

const withoutPlural = (word: string): string => {
  if (/(ss|i)es$/.test(word)) return word.slice(0, -2);
  return /[^s]s$/.test(word) ? word.slice(0, -1) : word;
};

const withoutPast = (word: string): string => {
  if (word.endsWith('eed')) return measureAbove0.test(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const root = /^(.+?)(ed|ing)$/.exec(word)?.[1];
  if (root === undefined || !holdsVowel.test(root)) return word;
  if (/(at|bl|iz)$/.test(root)) return `${root}e`;
  if (/([^aeiouylsz])\1$/.test(root)) return root.slice(0, -1);
  return endsShort.test(root) ? `${root}e` : root;
};

const replaced = (word: string, rules: readonly (readonly [string, string])[]): string => {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (!rule) return word;
  const root = word.slice(0, -rule[0].length);
  return measureAbove0.test(root) ? root + rule[1] : word;
};

const withoutSuffix = (word: string): string => {
  const root = step4.exec(word)?.[1] ?? /^(.+[st])ion$/.exec(word)?.[1];
  return root !== undefined && measureAbove1.test(root) ? root : word;
};

const tidy = (word: string): string => {
  const root = word.endsWith('e') ? word.slice(0, -1) : undefined;
  const shorn =
    root !== undefined &&
    (measureAbove1.test(root) || (measureIs1.test(root) && !endsShort.test(root)))
      ? root
      : word;
  return shorn.endsWith('ll') && measureAbove1.test(shorn) ? shorn.slice(0, -1) : shorn;
};
