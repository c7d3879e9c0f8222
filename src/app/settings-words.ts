/** A reader's settings in words: when the digest comes, of which topics, and what was changed. */
import type { Day } from '../domain/paper.ts';
import { cutAtWord } from '../domain/sentences.ts';
import { changedSettings, type Settings, type Weekday } from '../domain/subscription.ts';
import type { Words } from '../domain/words.ts';

/** When the digest comes, as a phrase: `every day from 08:00 (America/New York)`. */
export const whenPhrase = ({ frequency, hour, timeZone }: Settings, words: Words): string => {
  const at = { hour: words.hour(hour), zone: timeZone.replaceAll('_', ' ') };
  if (frequency.kind !== 'weekly') return words.say(`when.${frequency.kind}`, at);
  return words.say('when.weekly', { ...at, weekday: words.weekday(someDay[frequency.on]) });
};

/** A day of each name. */
const someDay = {
  mon: '2024-01-01',
  tue: '2024-01-02',
  wed: '2024-01-03',
  thu: '2024-01-04',
  fri: '2024-01-05',
  sat: '2024-01-06',
  sun: '2024-01-07',
} as const satisfies Record<Weekday, Day>;

const shownTopics = 8;

/** The topics of a digest in a line, given by their slugs; many are cut short. */
export const topicsLine = (slugs: readonly string[], words: Words): string => {
  const topics = slugs.slice(0, shownTopics).map(words.topic).join(words.say('list.between'));
  const count = slugs.length - shownTopics;
  return cutAtWord(count > 0 ? words.say('topics.more', { topics, count }) : topics, 200);
};

/** What a reader's settings are now, of those that were changed; a line each. */
export const sayChanges = (before: Settings, after: Settings, words: Words): readonly string[] => {
  const muted = after.muted ?? [];
  const lines: Readonly<Record<keyof Settings, string>> = {
    topics: words.say('notice.topics', { topics: topicsLine(after.topics, words) }),
    frequency: words.say('notice.when', { when: whenPhrase(after, words) }),
    hour: words.say('notice.when', { when: whenPhrase(after, words) }),
    timeZone: words.say('notice.when', { when: whenPhrase(after, words) }),
    papers: words.say('changed.papers', { count: after.papers }),
    language: words.say('changed.language'),
    muted:
      muted.length > 0
        ? words.say('changed.muted', {
            terms: cutAtWord(muted.join(words.say('list.between')), 200),
          })
        : words.say('changed.nothing-muted'),
  };
  return [...new Set(changedSettings(before, after).map((name) => lines[name]))];
};
