/** What a word that nobody uses was probably meant to be. */

export type KnownWord = { readonly word: string; readonly frequency: number };

/** A rarer word is as likely a slip itself. */
const leastFrequency = 5;

/**
 * The nearest known word: one slip (a letter missing, added, changed, or two swapped) in a short
 * word, two in a long one; of equally near words the most used. `undefined` when none is near.
 */
export const suggestWord = (given: string, known: Iterable<KnownWord>): string | undefined => {
  const most = given.length <= 4 ? 1 : 2;
  let best: (KnownWord & { readonly slips: number }) | undefined;
  for (const { word, frequency } of known) {
    if (frequency < leastFrequency || Math.abs(word.length - given.length) > most) continue;
    const slips = countSlips(given, word, best ? Math.min(most, best.slips) : most);
    if (slips === undefined || (slips > 1 && word.charAt(0) !== given.charAt(0))) continue;
    if (!best || slips < best.slips || (slips === best.slips && frequency > best.frequency))
      best = { word, frequency, slips };
  }
  return best?.word;
};

/** Optimal string alignment distance (Damerau 1964), `undefined` when above `most`. */
const countSlips = (a: string, b: string, most: number): number | undefined => {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = a.charAt(i - 1) === b.charAt(j - 1) ? 0 : 1;
      const swapped =
        i > 1 &&
        j > 1 &&
        a.charAt(i - 1) === b.charAt(j - 2) &&
        a.charAt(i - 2) === b.charAt(j - 1);
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + change,
        swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    if (Math.min(...row) > most) return undefined;
    before = last;
    last = row;
  }
  const slips = last[b.length] ?? 0;
  return slips <= most ? slips : undefined;
};
