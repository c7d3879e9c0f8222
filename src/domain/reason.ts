/** Why a paper is here: the parts of its score in words. */
import type { Part, ToldPart } from './trend.ts';
import type { Words } from './words.ts';

export const tellPart = (words: Words, part: Part): ToldPart => ({
  name: part.name,
  value: sayPart(words, part),
  points: part.points,
});

/** One part as a phrase, without a full stop. */
export const sayPart = (words: Words, part: Part): string => {
  if ('value' in part) return part.value;
  switch (part.name) {
    case 'upvotes':
      return words.say('reason.upvotes', { count: part.total, age: sayAge(words, part.days) });
    case 'pace':
      return sayPace(words, part);
    case 'week':
      return words.say('reason.week', { count: part.gained });
    case 'words':
      return sayOutlook(words, part.times);
    case 'comments':
    case 'github-stars':
    case 'points':
    case 'citations':
      return words.say(`reason.${part.name}`, { count: part.total });
    case 'promise': {
      const odds = words.say('reason.odds', oddsOf(part.chance));
      return words.say('reason.promise', { age: sayAge(words, part.days), odds });
    }
    case 'field': {
      const times = words.number(part.times);
      const key = part.noticed ? 'reason.field' : 'reason.field-promise';
      return words.say(key, { field: part.field, times });
    }
    default:
      return part satisfies never;
  }
};

/** In whole days; `null` where no date is known. */
const sayAge = (words: Words, days: number | null): string => {
  if (days === null) return words.say('age.unknown');
  return days === 0 ? words.say('age.fresh') : words.say('age.days', { count: days });
};

const sayPace = (words: Words, part: Extract<Part, { readonly perDay: number }>): string => {
  const key = part.sinceListed ? 'reason.pace-listed' : 'reason.pace';
  const pace = words.say(key, { count: part.perDay });
  return part.ahead === undefined ? pace : words.say('reason.ahead', { pace, share: part.ahead });
};

const sayOutlook = (words: Words, times: number): string => {
  if (times >= 1.25) return words.say('reason.words-more', { times });
  if (times <= 0.8) return words.say('reason.words-less', { times });
  return words.say('reason.words-usual');
};

const oddsOf = (chance: number): { readonly share: number; readonly of: number } => {
  const of100 = Math.round(chance * 100);
  if (of100 >= 1) return { share: of100, of: 100 };
  return { share: Math.max(1, Math.round(chance * 1000)), of: 1000 };
};

/**
 * The weightiest two parts of a score in a line. What its words promise is told only where nothing
 * has happened yet that could be told.
 */
export const whyHere = (parts: readonly ToldPart[]): string => {
  const seen = parts.filter(({ name }) => name !== 'words');
  return [...(seen.length > 0 ? seen : parts)]
    .sort((a, b) => b.points - a.points)
    .slice(0, 2)
    .map((part) => part.value)
    .join(' · ');
};
