/** A paper's title short enough for a subject, without losing its point. */
import { cutAtWord } from './sentences.ts';

/** Shorter than this the name before a colon ("DLM: …") says nothing by itself. */
const leastName = 20;

const joint =
  /\s(?:for|via|with|without|by|in|from|through|using|towards?|under|on|across|beyond|as|and)\s/gi;

/**
 * The whole title where it fits in `most` characters; else what stands after its colon, which says
 * what was done; else what stands before it; else as much as makes a phrase of its own.
 */
export const headlineOf = (title: string, most: number): string => {
  if (title.length <= most) return title;
  const colon = /[:：]\s*/.exec(title);
  const name = colon ? title.slice(0, colon.index).trim() : '';
  const point = colon ? title.slice(colon.index + colon[0].length).trim() : title;
  if (point.length <= most && point.length >= leastName) return point;
  if (name.length <= most && name.length >= leastName) return name;
  const whole = point.length >= leastName ? point : title;
  const ends = [...whole.matchAll(joint)].map(({ index }) => index).filter((end) => end <= most);
  const phrase = whole.slice(0, ends.at(-1) ?? 0).replace(/[\s,;–—-]+$/u, '');
  return phrase.length >= most / 2 ? phrase : cutAtWord(whole, most);
};

/**
 * Which paper a subject speaks of: the first, unless an earlier mail to the same reader, which may
 * or may not have come, spoke of it.
 */
export const leadOf = (papers: readonly number[], spokenOf: ReadonlySet<number>): number =>
  Math.max(
    0,
    papers.findIndex((paper) => !spokenOf.has(paper)),
  );
