/** What arXiv's two announcement feeds, Atom and RSS, write alike. */
import type { Day } from '../domain/paper.ts';

// The feeds open each abstract with "arXiv:ID Announce Type: TYPE \nAbstract: ".
const preamble = /^\s*arXiv:\S+\s+Announce Type:\s*(\S+)\s+Abstract:\s*/i;

export const parseAnnouncedAbstract = (
  text: string,
): { readonly abstract: string; readonly announceType?: string } => {
  const [whole = '', announceType] = preamble.exec(text) ?? [];
  const abstract = text.slice(whole.length);
  return announceType === undefined ? { abstract } : { abstract, announceType };
};

/**
 * The day a paper was listed: the announcement's own for new papers and cross-lists. A replacement
 * announces a text, not a paper, so it lists nothing.
 */
export const listingDay = (announceType: string, day: Day | undefined): Day | undefined =>
  /^replace/i.test(announceType.trim()) ? undefined : day;

/** Authors out of one comma-separated text; a "Jr." stays with its name. */
export const splitAuthors = (text: string): readonly string[] => {
  const names: string[] = [];
  for (const part of text.split(/,\s+/)) {
    const last = names.length - 1;
    if (/^(?:Jr|Sr|II|III|IV)\.?$/.test(part.trim()) && last >= 0)
      names[last] += `, ${part.trim()}`;
    else if (part.trim() !== '') names.push(part);
  }
  return names;
};
