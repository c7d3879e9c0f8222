/** The first sentences of an abstract, whole ones, as far as they fit. */

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

// The segmenter ends a sentence after these; the authors did not.
const abbreviation = /(?:\b(?:al|e\.g|i\.e|cf|vs|resp|approx|Fig|Eq|Sec|Ref|no)|\b[A-Z])\.\s*$/;

/** The sentences of a text, in order. */
export const sentences = (text: string): readonly string[] => {
  const found: string[] = [];
  let open = '';
  for (const { segment } of segmenter.segment(text)) {
    open += segment;
    if (abbreviation.test(open)) continue;
    found.push(open.trim());
    open = '';
  }
  return open.trim() === '' ? found : [...found, open.trim()];
};

/** Whole sentences up to `most` characters; the first is cut at a word when it alone is longer. */
export const firstSentences = (text: string, most: number): string => {
  let extract = '';
  for (const sentence of sentences(text)) {
    const longer = extract === '' ? sentence : `${extract} ${sentence}`;
    if (longer.length > most) break;
    extract = longer;
  }
  return extract || cutAtWord(text, most);
};

/** Text of at most `most` characters, cut between words, with an ellipsis when it was cut. */
export const cutAtWord = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > most / 2 ? cut.slice(0, space) : cut).replace(/[\s,;:.–—-]+$/u, '')}…`;
};
