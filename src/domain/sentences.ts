/** Where sentences end, in the abstracts of papers. */

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

// The segmenter ends a sentence after these; the authors did not.
const neverLast =
  /(?:\b(?:e\.\s?g|i\.\s?e|cf|vs|resp|approx|viz|ca|Figs?|Eqs?|Secs?|Refs?|Tabs?|Thm|Lem|Prop|Dr|Prof|St|Mr|Ms|w\.r\.t|i\.i\.d|a\.k\.a))\.\s*$/;

// These may end one: then the next begins with a word that begins sentences.
const maybeLast = /\b(?:al|etc|no|Inc|Ltd|Co|Jr|U\.S|[A-Z])\.\s*$/;
const beginning =
  /^(?:We|Our|The|This|These|Those|That|It|In|On|To|For|By|With|From|As|At|An?|Here|However|Moreover|Furthermore|Additionally|Experiments|Results|Code|While|Although|When|Then|Thus|Finally|Using|Both|Such|Most|Many|Existing|Recent)\b/;

/** The sentences of a text, in order, each on one line. */
export const sentences = (text: string): readonly string[] => {
  const found: string[] = [];
  let open = '';
  const segments = [...segmenter.segment(spaced(text))].map(({ segment }) => segment);
  for (const [index, segment] of segments.entries()) {
    open += segment;
    if (isOpen(open, segments[index + 1] ?? '')) continue;
    found.push(open.trim());
    open = '';
  }
  return [...found, open.trim()].filter((sentence) => sentence !== '');
};

// "…a paradigm.Phase 1 established…": a space that was lost.
const spaced = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/(?<=[a-z]{3}[.?!])(?=[A-Z][a-z]* )/g, ' ');

const isOpen = (open: string, next: string): boolean => {
  if (neverLast.test(open)) return true;
  if (maybeLast.test(open)) return !beginning.test(next);
  // "Yahoo! answers", "(really?) and": no sentence begins with a small letter.
  if (/^\p{Ll}/u.test(next)) return /[!?)\]"”]\s*$/.test(open);
  return hasOpenBracket(open);
};

// A full stop in brackets ends nothing, unless the bracket was never meant to close.
const hasOpenBracket = (text: string): boolean => {
  const last = text.lastIndexOf('(');
  return last >= 0 && text.length - last < 160 && text.indexOf(')', last) < 0;
};

/** Text of at most `most` characters, cut between words, with an ellipsis when it was cut. */
export const cutAtWord = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '');
  const space = cut.lastIndexOf(' ');
  return `${(space > most / 2 ? cut.slice(0, space) : cut).replace(/[\s,;:.–—-]+$/u, '')}…`;
};

/** Whole sentences up to `most` characters; the first is cut at a word when it alone is longer. */
export const firstSentences = (text: string, most: number): string => {
  let taken = '';
  for (const sentence of sentences(text)) {
    const longer =
      taken === '' ? sentence : `${taken}${/[。！？]$/.test(taken) ? '' : ' '}${sentence}`;
    if (longer.length > most) break;
    taken = longer;
  }
  return taken || cutAtWord(text, most);
};
